#pragma once

#include "pos/base/money.hpp"
#include "pos/base/mutant.hpp"
#include "pos/base/result.hpp"
#include "pos/wire/event.hpp"

#include <vector>

namespace tillrig::till {

using base::Money;
using base::Quantity;
using base::Rate;
using base::Result;

// What a shop asks of every sale.
struct PriceRules {
  bool tax_on_top = false;  // else the shop's prices have it inside
  Money smallest_coin;      // cash is rounded to it; 0: it is not
};

// So much off: a rate stays a rate, and an amount an amount, whatever happens to what it is off.
struct Reduction {
  Rate rate;
  Money amount;

  [[nodiscard]] bool none() const { return rate == Rate{} && amount == Money{}; }
};

// A line of the sale in hand, before it is priced.
struct CartLine {
  wire::Line line;        // SKU, name, quantity, unit price and tax rate count
  Reduction off;          // its own
  bool embedded = false;  // a scale printed its price
};

// What the lines come to.
struct Priced {
  std::vector<wire::Line> lines;
  Money total;  // with the tax, wherever that stands
  Money tax;
  Money rounding;  // total + rounding can be paid in coins
};

// Each line is price x quantity less its own discount; the sale's discount is spread over the lines
// by largest remainder, and then the reward; tax is taken of what all lines of a rate come to (EN
// 16931, BR-CO-17) and spread likewise; cash is rounded last. Errors: too_large.
Result<Priced> price(const std::vector<CartLine>& cart, const Reduction& off_sale,
                     const PriceRules& rules, const base::Mutants& mutants = {}, Money reward = {});

// To the nearest coin, half away from zero; 0 where there is no smallest coin.
Money cash_rounding(Money total, Money smallest_coin);

}  // namespace tillrig::till
