#include "pos/till/pricing.hpp"

#include "pos/wire/purse.hpp"

#include <algorithm>
#include <map>

namespace tillrig::till {
namespace {

using base::Code;
using base::fail;
using base::Mutant;

const Mutant kTaxForgotten{"tax_forgotten", "INV-42", "a fault planted by a reviewer",
                           "no tax is taken of anything"};
const Mutant kTaxOnWrongBase{"tax_on_wrong_base", "INV-42", "Odoo and ERPNext threads on discounts",
                             "tax is taken of what a line cost before its discount"};
const Mutant kTaxFirstRateOnly{"tax_first_rate_only", "INV-42", "a fault planted by a reviewer",
                               "only goods of the first line's rate are taxed"};
const Mutant kDiscountTwice{"discount_twice", "INV-41", "discounts taken by two rules at once",
                            "a line's own discount is taken off twice"};
const Mutant kWeightRoundedFirst{"weight_rounded_first", "INV-41", "scales with two decimals",
                                 "a weight is rounded to ten grams before it is priced"};
const Mutant kRoundingForgotten{"rounding_forgotten", "INV-43", "Swiss and Dutch cash",
                                "cash is not rounded to the smallest coin"};

// Minor units. As many lines as a sale may have still add up to what the wire carries.
constexpr Money kDearestLine{100'000'000'000};

Result<Money> gross_of(const wire::Line& line) {
  auto gross = base::extend(line.unit_price, line.quantity);
  if (!gross) return gross;
  if (*gross > kDearestLine) {
    return fail(Code::too_large, "{} x {} is more than a line may cost",
                base::format_quantity(line.quantity), line.name);
  }
  return gross;
}

Money taken_off(Money from, const Reduction& off) {
  return std::min(base::share(from, off.rate) + off.amount, from);
}

void spread_sale_discount(std::vector<wire::Line>& lines, const Reduction& off) {
  Money sum;
  std::vector<std::int64_t> weights;
  for (const wire::Line& line : lines) {  // nothing is taken off money that is put in
    weights.push_back(wire::is_purse_sku(line.sku) ? 0 : line.total.minor);
    sum += Money{weights.back()};
  }
  const std::vector<Money> parts = base::split(taken_off(sum, off), weights);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    lines[i].discount += parts[i];
    lines[i].total -= parts[i];
  }
}

void spread_tax(std::vector<wire::Line>& lines, const PriceRules& rules,
                const base::Mutants& mutants) {
  std::map<std::int64_t, std::vector<std::size_t>> by_rate;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    by_rate[lines[i].tax_rate.basis_points].push_back(i);
  }
  if (kTaxForgotten.on(mutants)) by_rate.clear();
  for (const auto& [points, members] : by_rate) {
    if (kTaxFirstRateOnly.on(mutants) && points != lines.front().tax_rate.basis_points) continue;
    Money goods;
    std::vector<std::int64_t> weights;
    for (const std::size_t i : members) {
      const bool undiscounted = kTaxOnWrongBase.on(mutants);
      goods += undiscounted ? lines[i].total + lines[i].discount : lines[i].total;
      weights.push_back(undiscounted ? (lines[i].total + lines[i].discount).minor
                                     : lines[i].total.minor);
    }
    const Rate rate{points};
    const Money tax = rules.tax_on_top ? base::share(goods, rate) : base::tax_inside(goods, rate);
    const std::vector<Money> parts = base::split(tax, weights);
    for (std::size_t i = 0; i < members.size(); ++i) lines[members[i]].tax = parts[i];
  }
}

}  // namespace

Money cash_rounding(Money total, Money smallest_coin) {
  if (smallest_coin <= Money{1}) return {};
  const std::int64_t coin = smallest_coin.minor;
  const std::int64_t rest = total.minor % coin;  // has the sign of the total
  const bool away = 2 * (rest < 0 ? -rest : rest) >= coin;
  const std::int64_t next = total.minor < 0 ? -coin : coin;
  return Money{away ? next - rest : -rest};
}

Result<Priced> price(const std::vector<CartLine>& cart, const Reduction& off_sale,
                     const PriceRules& rules, const base::Mutants& mutants, Money reward) {
  Priced priced;
  priced.lines.reserve(cart.size());
  for (const CartLine& each : cart) {
    wire::Line line = each.line;
    if (kWeightRoundedFirst.on(mutants)) {
      line.quantity.thousandths = std::max<std::int64_t>(1, line.quantity.thousandths / 10 * 10);
    }
    const auto gross = gross_of(line);
    if (!gross) return base::Failure(gross.error());
    line.discount = taken_off(*gross, each.off);
    if (kDiscountTwice.on(mutants)) line.discount = std::min(line.discount + line.discount, *gross);
    line.total = *gross - line.discount;
    line.tax = {};
    priced.lines.push_back(std::move(line));
  }
  if (!off_sale.none()) spread_sale_discount(priced.lines, off_sale);
  if (reward != Money{}) spread_sale_discount(priced.lines, Reduction{{}, reward});
  spread_tax(priced.lines, rules, mutants);
  for (const wire::Line& line : priced.lines) {
    priced.total += line.total;
    priced.tax += line.tax;
  }
  if (rules.tax_on_top) priced.total += priced.tax;
  if (!kRoundingForgotten.on(mutants)) {
    priced.rounding = cash_rounding(priced.total, rules.smallest_coin);
  }
  return priced;
}

}  // namespace tillrig::till
