#include "sim/scenario/play/hands.hpp"

namespace tillrig::scenario {

base::Awaitable<void> Hands::take(std::string till) {
  constexpr base::Duration kGlance = std::chrono::milliseconds(5);
  while (taken_.contains(till)) {
    const base::Instant soon = bed_.player().clock.now() + kGlance;
    co_await bed_.player().timer.sleep_until(soon);
  }
  taken_.insert(till);
}

}  // namespace tillrig::scenario
