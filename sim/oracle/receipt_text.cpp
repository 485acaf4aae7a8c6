#include "sim/oracle/receipt_text.hpp"

#include "sim/oracle/account/purse.hpp"
#include "sim/oracle/amount.hpp"
#include "sim/oracle/names.hpp"

#include <utility>

namespace tillrig::oracle {
namespace {

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

// What a till has put into one line, however many lines of paper it takes: its words on the left,
// the amount on the right, and what stands behind that.
struct PaperLine {
  std::string left;
  std::optional<std::int64_t> amount;
  std::string code;
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

// `alone`: an amount may stand without words, as where there was no room beside them.
PaperLine split_line(std::string_view line, int exponent, bool alone = false) {
  const PaperLine plain{std::string(line), std::nullopt, {}};
  const LastWord last = last_word(line);
  if (last.before.empty() && !alone) return plain;
  if (const auto amount = read_amount(last.word, exponent)) {
    return {std::string(last.before), amount, {}};
  }
  constexpr std::size_t kLongestCode = 3;
  const LastWord second = last_word(last.before);
  const auto amount = read_amount(second.word, exponent);
  if (!amount || last.word.size() > kLongestCode) return plain;
  return {std::string(second.before), amount, std::string(last.word)};
}

// What a line of paper that goes on with the one above has to say.
void append_line(PaperLine& above, std::string_view below, int exponent) {
  const auto join = [&above](std::string_view words) {
    if (!above.left.empty() && !words.empty()) above.left += ' ';
    above.left += words;
  };
  if (above.amount) return join(below);
  PaperLine more = split_line(below, exponent, true);
  join(more.left);
  above.amount = more.amount;
  above.code = std::move(more.code);
}

std::string without_blanks(std::string_view text) {
  std::string rest;
  for (const char c : text) {
    if (c != ' ') rest += c;
  }
  return rest;
}

// "2 x Milk", "-0.25 x Cheese".
std::optional<ReceiptText::Item> read_item(const PaperLine& line) {
  if (!line.amount) return std::nullopt;
  const std::size_t end = line.left.find(' ');
  if (end == std::string::npos || line.left.compare(end, 3, " x ") != 0) return std::nullopt;
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

  // A line of paper with the blanks before it.
  void line(std::string_view whole) {
    const std::string_view line = trimmed(whole);
    if (line == form_.copy_mark) {
      copy_ = true;
    } else if (line.starts_with("Receipt ") && read_number(trimmed(line.substr(8)))) {
      begin(trimmed(line.substr(8)));
    } else if (begun_ && line.starts_with("Offline receipt")) {
      out_.offline = true;
    } else if (begun_ && !over_) {
      inside(whole, line);
    }
  }

  [[nodiscard]] std::optional<ReceiptText> take() {
    said();
    if (!begun_ || out_.sale.empty()) return std::nullopt;
    return std::move(out_);
  }

 private:
  void begin(std::string_view number) {
    out_ = ReceiptText{};
    out_.number = number;
    out_.copy = copy_;
    copy_ = false;
    begun_ = true;
    over_ = false;
    line_.reset();
  }

  // What is wrapped goes on four blanks further to the right, where a discount begins too.
  void inside(std::string_view whole, std::string_view line) {
    if (line.empty()) {
      said();
      over_ = out_.total.has_value();
      return;
    }
    PaperLine seen = split_line(line, form_.exponent);
    const bool discount = line.starts_with("discount") && seen.amount;
    if (line_ && whole.starts_with("    ") && !discount) {
      return append_line(*line_, line, form_.exponent);
    }
    said();
    line_ = std::move(seen);
  }

  // The line is whole.
  void said() {
    const std::optional<PaperLine> seen = std::exchange(line_, std::nullopt);
    if (!seen) return;
    if (!seen->amount) {
      identity(seen->left);
    } else if (out_.total) {
      after_total(*seen);
    } else {
      before_total(*seen);
    }
  }

  // Whose paper it is, of what and when; a long id is broken anywhere.
  void identity(std::string_view line) {
    const bool refund = line.starts_with("Refund ");
    if (out_.sale.empty() && (refund || line.starts_with("Sale "))) {
      out_.kind = refund ? "refund" : "sale";
      out_.sale = without_blanks(line.substr(refund ? 7 : 5));
    } else if (out_.kind == "refund" && out_.of.empty() && line.starts_with("of ")) {
      out_.of = without_blanks(line.substr(3));
    } else if (out_.day.empty() && out_.items.empty() && line.starts_with("Day ")) {
      out_.day = trimmed(line.substr(4));
    }
  }

  // "Tax A VAT 19 %", whatever the rate is called.
  bool tax(const PaperLine& seen) {
    const std::string_view left = seen.left;
    if (!left.starts_with("Tax ")) return false;
    const std::string_view code = left.substr(4);
    const std::string_view letter = code.substr(0, code.find(' '));
    out_.taxes[std::string(letter)] += *seen.amount;
    out_.tax_names[std::string(letter)] = trimmed(code.substr(letter.size()));
    return true;
  }

  void before_total(const PaperLine& seen) {
    if (seen.left == "TOTAL") {
      out_.total = seen.amount;
    } else if (seen.left == "Subtotal") {
      out_.subtotal = seen.amount;
    } else if (seen.left == "discount inside" && !out_.items.empty()) {
      out_.items.back().discount += *seen.amount;
    } else if (out_.subtotal && tax(seen)) {
      return;
    } else if (auto item = read_item(seen)) {
      out_.items.push_back(*std::move(item));
    }
  }

  void after_total(const PaperLine& seen) {
    if (tax(seen)) return;
    if (seen.left == "Rounding") {
      out_.rounding += *seen.amount;
    } else if (seen.left == "Change") {
      out_.change += *seen.amount;
    } else if (is_purse_label(seen.left)) {
      out_.from_purse += *seen.amount;
      ++out_.payments;
    } else {
      out_.given += *seen.amount;
      ++out_.payments;
    }
  }

  const ReceiptForm& form_;
  bool begun_ = false;
  bool copy_ = false;
  bool over_ = false;              // the blank line below the payments was there
  std::optional<PaperLine> line_;  // may go on in the next one
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
    reader.line(text.substr(0, end));
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return reader.take();
}

}  // namespace tillrig::oracle
