#include "sim/world/heartbeat.hpp"

#include <algorithm>

namespace tillrig::world {

base::Awaitable<void> Heartbeat::beat() {
  constexpr base::Duration kEvery = std::chrono::milliseconds(100);
  while (!stopped_) {
    const base::Instant then = ports_.clock.now() + kEvery;
    co_await ports_.timer.sleep_until(then);
    woke(ports_.clock.now() - then);
  }
}

void Heartbeat::woke(base::Duration late) {
  latest_ = std::max(latest_, late);
  if (late <= kLate) return;
  ports_.recorder.note({.mark = "rig.late", .severity = ports::Severity::warn},
                       {{"ms", late.count() / 1'000'000}});
}

}  // namespace tillrig::world
