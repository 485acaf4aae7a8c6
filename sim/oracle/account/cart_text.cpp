#include "sim/oracle/account/cart_text.hpp"

#include "sim/oracle/amount.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace tillrig::oracle {
namespace {

std::string quantity_text(std::int64_t thousandths) {
  std::string text = amount_text(thousandths, 3);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text;
}

// "2 x Milk 2.58" as the till has it on its screen.
std::string cart_line(const BillLine& line, int exponent) {
  return fmt::format("{} x {} {}", quantity_text(line.quantity), line.item->name,
                     amount_text(line.total, exponent));
}

}  // namespace

std::string cart_text(const Bill& bill, int exponent) {
  std::string text;
  for (const BillLine& line : bill.lines) {
    if (!text.empty()) text += '\n';
    text += cart_line(line, exponent);
  }
  return text;
}

std::pair<std::string, std::string> first_difference(std::string_view a, std::string_view b) {
  for (std::size_t number = 1;; ++number) {
    const std::string_view of_a = a.substr(0, a.find('\n'));
    const std::string_view of_b = b.substr(0, b.find('\n'));
    if (of_a != of_b || a.empty() || b.empty()) {
      const auto say = [&](std::string_view line) {
        return line.empty() ? fmt::format("no line {}", number)
                            : fmt::format("line {}: {}", number, line);
      };
      return {say(of_a), say(of_b)};
    }
    a.remove_prefix(std::min(of_a.size() + 1, a.size()));
    b.remove_prefix(std::min(of_b.size() + 1, b.size()));
  }
}

}  // namespace tillrig::oracle
