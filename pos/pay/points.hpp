#pragma once

#include "pos/base/money.hpp"
#include "pos/base/time.hpp"

#include <cstdint>

namespace tillrig::pay {

// How the shop gives points.
struct LoyaltyRules {
  std::int64_t points_per_unit = 0;  // of the currency, of what a sale comes to; 0: it gives none
  base::Duration patience = std::chrono::seconds(3);  // with the cloud, when it is asked
  bool blocking = true;  // the cashier waits for the answer; else it comes when it comes

  std::int64_t reward_points = 0;  // that a reward costs; 0: there are none
  base::Money reward_amount = {};  // off the sale

  [[nodiscard]] bool on() const { return points_per_unit > 0; }
};

// What a sale over so much earns: whole points, rounded down. `exponent`: of the currency.
std::int64_t points_for(base::Money total, int exponent, const LoyaltyRules& rules);

// What a refund takes back of what its sale earned: so many that what is left of the sale keeps its
// part, rounded down, whatever is given back first. Amounts are not negative: of the sale, of what
// was given back of it before, and of what is now.
std::int64_t points_back(std::int64_t earned, base::Money sale, base::Money before,
                         base::Money now);

}  // namespace tillrig::pay
