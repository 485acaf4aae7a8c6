#include "sim/oracle/account/points.hpp"

#include "sim/oracle/account/arithmetic.hpp"

#include <algorithm>

namespace tillrig::oracle {
namespace {

__extension__ using WideShare = __int128;

std::int64_t rounded_down(std::int64_t whole, std::int64_t part, std::int64_t of) {
  if (of <= 0) return 0;
  return static_cast<std::int64_t>(static_cast<WideShare>(whole) * part / of);
}

std::string only_digits(std::string_view text) {
  std::string digits;
  for (const char c : text) {
    if (c >= '0' && c <= '9') digits += c;
  }
  return digits;
}

}  // namespace

std::int64_t points_of_sale(std::int64_t total, int exponent, std::int64_t per_unit) {
  std::int64_t unit = 1;
  while (exponent-- > 0) unit *= 10;
  return total > 0 ? rounded_down(per_unit, total, unit) : 0;
}

std::int64_t gone_before(const Bill& sale, const std::vector<std::int64_t>& before,
                         const Shop& shop) {
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < sale.lines.size() && i < before.size(); ++i) {
    const BillLine& line = sale.lines[i];
    sum += fraction(line.total, before[i], line.quantity);
    if (!shop.prices_include_tax) sum += fraction(line.tax, before[i], line.quantity);
  }
  return sum;
}

std::int64_t points_of_refund(std::int64_t earned, const Bill& sale, std::int64_t before,
                              const Bill& refund) {
  const std::int64_t goods = sale.total - sale.loaded;
  const std::int64_t had = std::max<std::int64_t>(goods - before, 0);
  const std::int64_t left = std::max<std::int64_t>(had + refund.total, 0);
  return rounded_down(earned, left, goods) - rounded_down(earned, had, goods);
}

std::string customer_called(const Shop& shop, const OrderEntry& order) {
  const std::string_view text = order.fields.text("customer").value_or("");
  const std::string digits = only_digits(text);
  for (const ShopCustomer& each : shop.customers) {
    const bool phone = digits.size() > 5 && only_digits(each.phone) == digits;
    if (each.id == text || (!each.card.empty() && each.card == text) || phone) return each.id;
  }
  return {};
}

}  // namespace tillrig::oracle
