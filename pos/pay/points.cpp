#include "pos/pay/points.hpp"

#include <algorithm>

namespace tillrig::pay {
namespace {

__extension__ using WidePoints = __int128;

// whole * part / of, rounded down; 0 <= part <= of.
std::int64_t share_down(std::int64_t whole, base::Money part, base::Money of) {
  if (of.minor <= 0) return 0;
  return static_cast<std::int64_t>(static_cast<WidePoints>(whole) * part.minor / of.minor);
}

}  // namespace

std::int64_t points_for(base::Money total, int exponent, const LoyaltyRules& rules) {
  if (!rules.on() || total.minor <= 0) return 0;
  std::int64_t unit = 1;
  for (int i = 0; i < exponent; ++i) unit *= 10;
  const WidePoints points = static_cast<WidePoints>(total.minor) * rules.points_per_unit / unit;
  return static_cast<std::int64_t>(std::min<WidePoints>(points, INT64_MAX));
}

std::int64_t points_back(std::int64_t earned, base::Money sale, base::Money before,
                         base::Money now) {
  const base::Money none;
  const base::Money had = std::clamp(sale - before, none, std::max(sale, none));
  const base::Money left = std::clamp(had - now, none, had);
  return share_down(earned, had, sale) - share_down(earned, left, sale);
}

}  // namespace tillrig::pay
