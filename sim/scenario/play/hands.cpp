#include "sim/scenario/play/hands.hpp"

namespace tillrig::scenario {

base::Awaitable<void> Hands::take(std::string till) {
  constexpr base::Duration kGlance = std::chrono::milliseconds(5);
  while (taken_.contains(till)) {
    const base::Instant soon = player_.clock.now() + kGlance;
    co_await player_.timer.sleep_until(soon);
  }
  taken_.insert(till);
}

}  // namespace tillrig::scenario
