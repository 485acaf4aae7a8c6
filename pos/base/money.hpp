#pragma once

#include "pos/base/result.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tillrig::base {

// A currency by its ISO 4217 code, with how many digits its minor unit has: JPY 0, EUR 2, KWD 3.
struct Currency {
  std::string_view code;
  int exponent = 2;

  bool operator==(const Currency&) const = default;
};

// The currencies a till of ours may be set to. Errors: not_found, naming the nearest known code.
Result<Currency> find_currency(std::string_view code);

// An amount in minor units (cents, fils, yen). Never a float (INV-22).
struct Money {
  std::int64_t minor = 0;

  constexpr auto operator<=>(const Money&) const = default;
  constexpr Money operator-() const { return Money{-minor}; }
  constexpr Money& operator+=(Money other) {
    minor += other.minor;
    return *this;
  }
  constexpr Money& operator-=(Money other) {
    minor -= other.minor;
    return *this;
  }
};

constexpr Money operator+(Money a, Money b) {
  return Money{a.minor + b.minor};
}
constexpr Money operator-(Money a, Money b) {
  return Money{a.minor - b.minor};
}

// "12.34" -> 1234 for exponent 2. A leading '-' is allowed; more digits after the point than the
// currency has, signs elsewhere, spaces and exponents are not. Errors: bad_input, too_large.
Result<Money> parse_money(std::string_view text, const Currency& currency);

// 1234 -> "12.34"; always as many digits after the point as the currency has.
std::string format_money(Money amount, const Currency& currency);

// A quantity in thousandths: 1 piece = 1000, 0.250 kg = 250.
struct Quantity {
  std::int64_t thousandths = 1000;

  constexpr auto operator<=>(const Quantity&) const = default;
};

// Written like money, with at most three digits after the point; a return's quantity is negative.
Result<Quantity> parse_quantity(std::string_view text);  // "3", "0.250"
std::string format_quantity(Quantity quantity);          // "3", "0.25"

// A share in hundredths of a percent: 19 % = 1900.
struct Rate {
  std::int64_t basis_points = 0;

  constexpr auto operator<=>(const Rate&) const = default;
};

// A percentage from 0 to 100 without its sign: "19", "7.5". Errors: bad_input, too_large.
Result<Rate> parse_rate(std::string_view text);

// price x quantity, rounded half away from zero to the minor unit. 128-bit inside. Errors:
// too_large.
Result<Money> extend(Money unit_price, Quantity quantity);

// The share of an amount, rounded half away from zero. The share must fit, as any up to 100 % does.
Money share(Money amount, Rate rate);

// What falls on `part` of `of` when the whole is spread evenly: whole x part / of, rounded half
// away from zero. `of` is not zero, `part` not more than it.
Money part_of(Money whole, Quantity part, Quantity of);

// The tax inside a gross amount: gross x rate / (100 % + rate), rounded half away from zero.
// The rate is not negative.
Money tax_inside(Money gross, Rate rate);

// Splits an amount over weights by largest remainder, the first of equals: the parts sum to the
// amount exactly. Weights are >= 0 and not all zero unless the amount is zero.
std::vector<Money> split(Money amount, std::span<const std::int64_t> weights);

}  // namespace tillrig::base
