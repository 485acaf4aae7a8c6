#include "sim/oracle/receipt_text.hpp"

#include "sim/oracle/amount.hpp"
#include "sim/oracle/names.hpp"

namespace tillrig::oracle {
namespace {

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

// A line of paper: its words on the left and the amount on the right, if the last word is one.
struct PaperLine {
  std::string_view left;
  std::optional<std::int64_t> amount;
};

PaperLine split_line(std::string_view line, int exponent) {
  const std::size_t space = line.find_last_of(" \t");
  if (space == std::string_view::npos) return {line, std::nullopt};
  const auto amount = read_amount(line.substr(space + 1), exponent);
  if (!amount) return {line, std::nullopt};
  return {trimmed(line.substr(0, space)), amount};
}

// "2 x Milk", "-0.25 x Cheese".
bool is_item(std::string_view left) {
  const std::size_t end = left.find(' ');
  if (end == std::string_view::npos || left.substr(end, 3) != " x ") return false;
  return left.substr(0, end).find_first_not_of("0123456789.-") == std::string_view::npos;
}

class Reader {
 public:
  explicit Reader(int exponent) : exponent_(exponent) {}

  void line(std::string_view line) {
    if (line == "COPY") {
      copy_ = true;
    } else if (line.starts_with("Receipt ") && read_number(trimmed(line.substr(8)))) {
      begin(trimmed(line.substr(8)));
    } else if (begun_) {
      inside(line);
    }
  }

  [[nodiscard]] std::optional<ReceiptText> take() const {
    if (!begun_ || out_.sale.empty()) return std::nullopt;
    return out_;
  }

 private:
  void begin(std::string_view number) {
    out_ = ReceiptText{};
    out_.number = number;
    out_.copy = copy_;
    copy_ = false;
    begun_ = true;
    paying_ = false;
  }

  void inside(std::string_view line) {
    if (out_.sale.empty()) return identity(line);
    if (out_.kind == "refund" && out_.of.empty() && line.starts_with("of ")) {
      out_.of = trimmed(line.substr(3));
      return;
    }
    if (line.empty()) {
      if (paying_ && out_.payments > 0) paying_ = false;
      return;
    }
    const PaperLine seen = split_line(line, exponent_);
    if (!seen.amount) return;
    if (!out_.total) {
      before_total(seen);
    } else if (paying_) {
      after_total(seen);
    }
  }

  void identity(std::string_view line) {
    const bool refund = line.starts_with("Refund ");
    if (!refund && !line.starts_with("Sale ")) return;
    out_.kind = refund ? "refund" : "sale";
    out_.sale = trimmed(line.substr(refund ? 7 : 5));
  }

  void before_total(const PaperLine& seen) {
    if (seen.left == "TOTAL") {
      out_.total = seen.amount;
      paying_ = true;
    } else if (is_item(seen.left)) {
      out_.lines_total += *seen.amount;
      ++out_.lines;
    }
  }

  void after_total(const PaperLine& seen) {
    if (seen.left.starts_with("Tax")) return;
    if (seen.left == "Change") {
      out_.change += *seen.amount;
      return;
    }
    out_.given += *seen.amount;
    ++out_.payments;
  }

  int exponent_;
  bool begun_ = false;
  bool copy_ = false;
  bool paying_ = false;  // between TOTAL and the blank line after the payments
  ReceiptText out_;
};

}  // namespace

std::optional<ReceiptText> read_receipt(std::string_view text, int exponent) {
  Reader reader(exponent);
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    reader.line(trimmed(text.substr(0, end)));
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return reader.take();
}

}  // namespace tillrig::oracle
