#include "pos/sync/own_moment.hpp"

#include "pos/base/hash.hpp"

#include <charconv>
#include <cstdint>

namespace tillrig::sync {
namespace {

// Steps of the golden ratio: however many are taken, they lie evenly in the circle (Weyl).
constexpr std::uint64_t kGolden = 0x9e3779b97f4a7c15ULL;

// Where the till lies in the circle of 2^64. Shops whose tills have the same numbers lie apart.
std::uint64_t place_of(std::string_view till) {
  const std::size_t end = till.find_last_not_of("0123456789");
  const std::string_view number = till.substr(end == std::string_view::npos ? 0 : end + 1);
  std::uint64_t n = 0;
  std::from_chars(number.data(), number.data() + number.size(), n);
  return base::fnv1a(till.substr(0, till.size() - number.size())) + n * kGolden;
}

}  // namespace

base::Duration until_own_moment(std::string_view till, base::WallTime cloud, base::Duration cycle) {
  const auto round = static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::milliseconds>(cycle).count());
  const std::uint64_t now = static_cast<std::uint64_t>(cloud.ms) % round;
  // The upper half of the place is enough of it, and has room for the product.
  const std::uint64_t own = (place_of(till) >> 32U) * round >> 32U;
  return std::chrono::milliseconds((own + round - now) % round);
}

}  // namespace tillrig::sync
