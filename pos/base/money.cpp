#include "pos/base/money.hpp"

#include "pos/base/assert.hpp"
#include "pos/base/decimal.hpp"

#include <algorithm>
#include <numeric>

namespace tillrig::base {
namespace {

__extension__ using Wide = __int128;
__extension__ using UnsignedWide = unsigned __int128;

constexpr Wide kMost = INT64_MAX;

// by > 0; |value| + by / 2 fits.
Wide divide_rounded(Wide value, Wide by) {
  const Wide half = by / 2;  // an odd divisor has no half to round
  return (value < 0 ? value - half : value + half) / by;
}

bool fits(Wide value) {
  return value >= -kMost && value <= kMost;
}

}  // namespace

Result<Money> parse_money(std::string_view text, const Currency& currency) {
  const auto minor = parse_decimal(text, currency.exponent, "amount");
  if (!minor) return Failure(minor.error());
  return Money{*minor};
}

std::string format_money(Money amount, const Currency& currency) {
  return format_decimal(amount.minor, currency.exponent);
}

Result<Quantity> parse_quantity(std::string_view text) {
  const auto thousandths = parse_decimal(text, 3, "quantity");
  if (!thousandths) return Failure(thousandths.error());
  return Quantity{*thousandths};
}

std::string format_quantity(Quantity quantity) {
  std::string text = format_decimal(quantity.thousandths, 3);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text;
}

Result<Rate> parse_rate(std::string_view text) {
  const auto basis_points = parse_decimal(text, 2, "percentage");
  if (!basis_points) return Failure(basis_points.error());
  if (*basis_points < 0 || *basis_points > 10'000) {
    return fail(Code::bad_input, "the percentage '{}' is not within 0 to 100", text);
  }
  return Rate{*basis_points};
}

Result<Money> extend(Money unit_price, Quantity quantity) {
  const Wide exact = static_cast<Wide>(unit_price.minor) * quantity.thousandths;
  const Wide rounded = divide_rounded(exact, 1000);
  if (!fits(rounded)) {
    return fail(Code::too_large, "{} times a price of {} minor units is more than can be kept",
                format_quantity(quantity), unit_price.minor);
  }
  return Money{static_cast<std::int64_t>(rounded)};
}

Money share(Money amount, Rate rate) {
  const Wide part = divide_rounded(static_cast<Wide>(amount.minor) * rate.basis_points, 10'000);
  TILLRIG_ASSERT(fits(part), "a share of an amount fits into 64 bits");
  return Money{static_cast<std::int64_t>(part)};
}

Money part_of(Money whole, Quantity part, Quantity of) {
  TILLRIG_ASSERT(of.thousandths > 0 && part.thousandths >= 0 && part <= of,
                 "a part is of something and not more than it");
  const Wide exact = static_cast<Wide>(whole.minor) * part.thousandths;
  return Money{static_cast<std::int64_t>(divide_rounded(exact, of.thousandths))};
}

Money tax_inside(Money gross, Rate rate) {
  TILLRIG_ASSERT(rate.basis_points >= 0, "a tax rate is not negative");
  const Wide exact = static_cast<Wide>(gross.minor) * rate.basis_points;
  const Wide tax = divide_rounded(exact, static_cast<Wide>(rate.basis_points) + 10'000);
  return Money{static_cast<std::int64_t>(tax)};
}

std::vector<Money> split(Money amount, std::span<const std::int64_t> weights) {
  UnsignedWide total = 0;
  for (const std::int64_t weight : weights) {
    TILLRIG_ASSERT(weight >= 0, "a weight is not negative");
    total += static_cast<UnsignedWide>(weight);
  }
  std::vector<Money> parts(weights.size());
  if (amount.minor == 0) return parts;
  TILLRIG_ASSERT(total > 0, "an amount is split over something");

  const bool negative = amount.minor < 0;
  const auto bits = static_cast<std::uint64_t>(amount.minor);
  const std::uint64_t whole = negative ? 0 - bits : bits;
  std::uint64_t left = whole;
  std::vector<UnsignedWide> remainders(weights.size());
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const UnsignedWide exact =
        static_cast<UnsignedWide>(whole) * static_cast<std::uint64_t>(weights[i]);
    const auto part = static_cast<std::uint64_t>(exact / total);
    parts[i].minor = static_cast<std::int64_t>(part);
    remainders[i] = exact % total;
    left -= part;
  }
  std::vector<std::size_t> order(weights.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return remainders[a] > remainders[b]; });
  for (std::size_t i = 0; i < left; ++i) ++parts[order[i]].minor;
  if (negative) {
    for (Money& part : parts) part = -part;
  }
  return parts;
}

}  // namespace tillrig::base
