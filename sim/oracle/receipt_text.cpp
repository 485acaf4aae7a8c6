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

// A line of paper: its words on the left, the amount on the right, and what stands behind that.
struct PaperLine {
  std::string_view left;
  std::optional<std::int64_t> amount;
  std::string_view code;
};

struct LastWord {
  std::string_view before;
  std::string_view word;
};

LastWord last_word(std::string_view line) {
  const std::size_t space = line.find_last_of(" \t");
  if (space == std::string_view::npos) return {{}, line};
  return {trimmed(line.substr(0, space)), line.substr(space + 1)};
}

PaperLine split_line(std::string_view line, int exponent) {
  const LastWord last = last_word(line);
  if (last.before.empty()) return {line, std::nullopt, {}};
  if (const auto amount = read_amount(last.word, exponent)) return {last.before, amount, {}};
  constexpr std::size_t kLongestCode = 3;
  const LastWord second = last_word(last.before);
  const auto amount = read_amount(second.word, exponent);
  if (!amount || last.word.size() > kLongestCode) return {line, std::nullopt, {}};
  return {second.before, amount, last.word};
}

// "2 x Milk", "-0.25 x Cheese".
std::optional<ReceiptText::Item> read_item(const PaperLine& line) {
  const std::size_t end = line.left.find(' ');
  if (end == std::string_view::npos || line.left.substr(end, 3) != " x ") return std::nullopt;
  std::string quantity(line.left.substr(0, end));
  const std::size_t point = quantity.find('.');
  if (point == std::string::npos) quantity += '.';
  const std::size_t digits = quantity.size() - quantity.find('.') - 1;
  if (digits > 3) return std::nullopt;
  quantity.append(3 - digits, '0');
  const auto thousandths = read_amount(quantity, 3);
  if (!thousandths) return std::nullopt;
  ReceiptText::Item item;
  item.quantity = *thousandths;
  item.name = line.left.substr(end + 3);
  item.total = *line.amount;
  item.tax = line.code;
  return item;
}

class Reader {
 public:
  explicit Reader(const ReceiptForm& form) : form_(form) {}

  void line(std::string_view line) {
    if (line == form_.copy_mark) {
      copy_ = true;
    } else if (line.starts_with("Receipt ") && read_number(trimmed(line.substr(8)))) {
      begin(trimmed(line.substr(8)));
    } else if (begun_ && !over_) {
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
    over_ = false;
  }

  void inside(std::string_view line) {
    if (out_.sale.empty()) return identity(line);
    if (out_.kind == "refund" && out_.of.empty() && line.starts_with("of ")) {
      out_.of = trimmed(line.substr(3));
      return;
    }
    if (out_.day.empty() && out_.items.empty() && line.starts_with("Day ")) {
      out_.day = trimmed(line.substr(4));
      return;
    }
    if (line.empty()) {
      naming_ = false;
      over_ = out_.total.has_value();
      return;
    }
    const PaperLine seen = split_line(line, form_.exponent);
    if (!seen.amount) return more_of_name(line);
    if (out_.total) {
      after_total(seen);
    } else {
      before_total(line, seen);
    }
  }

  void identity(std::string_view line) {
    const bool refund = line.starts_with("Refund ");
    if (!refund && !line.starts_with("Sale ")) return;
    out_.kind = refund ? "refund" : "sale";
    out_.sale = trimmed(line.substr(refund ? 7 : 5));
  }

  // "Tax A VAT 19 %", whatever the rate is called.
  bool tax(const PaperLine& seen) {
    if (!seen.left.starts_with("Tax ")) return false;
    const std::string_view code = seen.left.substr(4);
    const std::string_view letter = code.substr(0, code.find(' '));
    out_.taxes[std::string(letter)] += *seen.amount;
    out_.tax_names[std::string(letter)] = trimmed(code.substr(letter.size()));
    return true;
  }

  void before_total(std::string_view whole, const PaperLine& seen) {
    if (seen.left == "TOTAL") {
      out_.total = seen.amount;
    } else if (seen.left == "Subtotal") {
      out_.subtotal = seen.amount;
    } else if (seen.left == "discount inside" && !out_.items.empty()) {
      naming_ = false;
      out_.items.back().discount += *seen.amount;
    } else if (out_.subtotal && tax(seen)) {
      return;
    } else if (auto item = read_item(seen)) {
      out_.items.push_back(*std::move(item));
      naming_ = true;
    } else {
      more_of_name(whole);
    }
  }

  // A long name goes on in the lines below its first.
  void more_of_name(std::string_view line) {
    if (naming_ && !out_.subtotal && !out_.total) out_.items.back().name.append(" ").append(line);
  }

  void after_total(const PaperLine& seen) {
    if (tax(seen)) return;
    if (seen.left == "Rounding") {
      out_.rounding += *seen.amount;
    } else if (seen.left == "Change") {
      out_.change += *seen.amount;
    } else {
      out_.given += *seen.amount;
      ++out_.payments;
    }
  }

  const ReceiptForm& form_;
  bool begun_ = false;
  bool copy_ = false;
  bool naming_ = false;  // the last item's name may go on
  bool over_ = false;    // the blank line below the payments was there
  ReceiptText out_;
};

}  // namespace

std::int64_t ReceiptText::lines_total() const {
  std::int64_t sum = 0;
  for (const Item& item : items) sum += item.total;
  if (!subtotal) return sum;
  for (const auto& [code, amount] : taxes) sum += amount;
  return sum;
}

std::optional<ReceiptText> read_receipt(std::string_view text, const ReceiptForm& form) {
  Reader reader(form);
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    reader.line(trimmed(text.substr(0, end)));
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return reader.take();
}

}  // namespace tillrig::oracle
