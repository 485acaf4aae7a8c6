#include "sim/oracle/z_text.hpp"

#include "sim/oracle/amount.hpp"
#include "sim/oracle/json_scan.hpp"

#include <charconv>

namespace tillrig::oracle {
namespace {

std::string_view without_ends(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

std::uint64_t count_in(std::string_view text) {
  std::uint64_t count = 0;
  std::from_chars(text.data(), text.data() + text.size(), count);
  return count;
}

class ZReader {
 public:
  ZReader(int exponent, const Shop& shop) : exponent_(exponent), shop_(shop) {}

  void line(std::string_view line) {
    if (line.starts_with("Z report ")) {
      begun_ = true;
      out_.number = count_in(line.substr(9));
    }
    if (!begun_) return;
    if (line.starts_with("Closed ")) out_.id = without_ends(line.substr(7));
    if (line.starts_with("Day ")) out_.day = without_ends(line.substr(4));
    if (line.starts_with("Missing ")) out_.missing = count_in(line.substr(8));
    const std::size_t blank = line.find_last_of(' ');
    if (blank == std::string_view::npos) return;
    const auto amount = read_amount(line.substr(blank + 1), exponent_);
    if (amount) summed(without_ends(line.substr(0, blank)), *amount);
  }

  [[nodiscard]] std::optional<ToldClose> take() {
    if (!begun_ || out_.id.empty()) return std::nullopt;
    return std::move(out_);
  }

 private:
  void summed(std::string_view words, std::int64_t amount) {
    DaySums& sums = out_.sums;
    if (words.starts_with("Sales ")) {
      sums.sales = count_in(words.substr(6));
      sums.sold = amount;
    } else if (words.starts_with("Refunds ")) {
      sums.refunds = count_in(words.substr(8));
      sums.given_back = amount;
    } else if (words.starts_with("Goods ")) {
      sums.rates[rate_of(words.substr(6))].goods = amount;
    } else if (words.starts_with("Tax ")) {
      sums.rates[rate_of(words.substr(4))].tax = amount;
    }
    if (words == "Tender cash") {
      out_.cash = amount;
    } else if (words.starts_with("Tender ")) {
      out_.from_purse += amount;
    }
    if (words == "Float") sums.cash_float = amount;
    if (words == "Paid in") sums.paid_in = amount;
    if (words == "Paid out") sums.paid_out = amount;
    if (words == "Cash expected") out_.expected = amount;
    if (words == "Cash counted") out_.counted = amount;
    if (words == "Difference") out_.difference = amount;
  }

  // By its code, "A"; -1: the shop has none of that.
  [[nodiscard]] std::int64_t rate_of(std::string_view words) const {
    const std::string_view code = words.substr(0, words.find(' '));
    for (const ShopTax& tax : shop_.taxes) {
      if (tax.code == code) return tax.rate;
    }
    return -1;
  }

  int exponent_;
  const Shop& shop_;
  bool begun_ = false;
  ToldClose out_;
};

}  // namespace

std::optional<ToldClose> read_z_report(std::string_view text, int exponent, const Shop& shop) {
  ZReader reader(exponent, shop);
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    reader.line(without_ends(text.substr(0, end)));
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return reader.take();
}

std::optional<ToldClose> read_close(std::string_view body) {
  ToldClose told;
  bool spans = false;
  DaySums& sums = told.sums;
  JsonScan scan(body);
  const auto rate = [&] {
    std::int64_t points = 0;
    ReportSum sum;
    scan.object([&](std::string_view key) {
      const std::int64_t number = scan.number();
      if (key == "rate") points = number;
      if (key == "goods") sum.goods = number;
      if (key == "tax") sum.tax = number;
    });
    sums.rates[points] = sum;
  };
  const auto tender = [&] {
    bool cash = false;
    scan.object([&](std::string_view key) {
      if (key == "kind") {
        cash = scan.text() == "cash";
      } else if (key == "amount") {
        const std::int64_t amount = scan.number();
        (cash ? told.cash : told.from_purse) += amount;
      } else {
        scan.skip();
      }
    });
  };
  scan.object([&](std::string_view key) {
    if (key == "day") {
      told.day = scan.text();
    } else if (key == "rates") {
      scan.array(rate);
    } else if (key == "tenders") {
      scan.array(tender);
    } else if (key == "hlc" || key == "spans") {
      spans = spans || key == "spans";
      scan.skip();
    } else if (key == "number") {
      told.number = scan.count();
    } else if (key == "missing") {
      told.missing = scan.count();
    } else if (key == "sales") {
      sums.sales = scan.count();
    } else if (key == "refunds") {
      sums.refunds = scan.count();
    } else if (key == "sold") {
      sums.sold = scan.number();
    } else if (key == "given_back") {
      sums.given_back = scan.number();
    } else if (key == "cash_float") {
      sums.cash_float = scan.number();
    } else if (key == "paid_in") {
      sums.paid_in = scan.number();
    } else if (key == "paid_out") {
      sums.paid_out = scan.number();
    } else if (key == "expected") {
      told.expected = scan.number();
    } else if (key == "counted") {
      told.counted = scan.number();
    } else {
      scan.skip();
    }
  });
  return scan.finished() && spans ? std::optional(told) : std::nullopt;
}

}  // namespace tillrig::oracle
