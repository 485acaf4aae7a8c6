#include "sim/oracle/account/arithmetic.hpp"

#include <cstddef>

namespace tillrig::oracle {
namespace {

__extension__ using Wide = __int128;

std::int64_t nearest(Wide numerator, Wide denominator) {
  if (denominator == 0) return 0;
  const bool below = numerator < 0;
  const Wide size = below ? -numerator : numerator;
  const Wide twice = (2 * size + denominator) / (2 * denominator);
  return static_cast<std::int64_t>(below ? -twice : twice);
}

}  // namespace

std::int64_t times(std::int64_t price, std::int64_t quantity) {
  return nearest(Wide{price} * quantity, 1000);
}

std::int64_t share_of(std::int64_t amount, std::int64_t rate) {
  return nearest(Wide{amount} * rate, 10'000);
}

std::int64_t tax_within(std::int64_t gross, std::int64_t rate) {
  return nearest(Wide{gross} * rate, Wide{10'000} + rate);
}

std::int64_t fraction(std::int64_t whole, std::int64_t part, std::int64_t of) {
  return nearest(Wide{whole} * part, of);
}

std::int64_t to_coins(std::int64_t amount, std::int64_t smallest_coin) {
  if (smallest_coin <= 1) return 0;
  return nearest(amount, smallest_coin) * smallest_coin - amount;
}

std::vector<std::int64_t> apportion(std::int64_t amount, const std::vector<std::int64_t>& weights) {
  std::vector<std::int64_t> parts(weights.size(), 0);
  Wide all = 0;
  for (const std::int64_t weight : weights) all += weight;
  if (all <= 0) return parts;
  std::int64_t left = amount;
  std::vector<Wide> rest(weights.size());
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const Wide exact = Wide{amount} * weights[i];
    parts[i] = static_cast<std::int64_t>(exact / all);
    rest[i] = exact % all;
    left -= parts[i];
  }
  for (; left > 0; --left) {
    std::size_t largest = 0;
    for (std::size_t i = 1; i < rest.size(); ++i) {
      if (rest[i] > rest[largest]) largest = i;
    }
    ++parts[largest];
    rest[largest] = -1;
  }
  return parts;
}

}  // namespace tillrig::oracle
