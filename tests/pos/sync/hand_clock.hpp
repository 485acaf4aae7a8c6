#pragma once

#include "pos/ports/clock.hpp"

namespace tillrig::sync {

// A machine's clock that is moved by hand.
class HandClock final : public ports::Clock {
 public:
  [[nodiscard]] base::Instant now() const override { return base::Instant{} + ran; }
  [[nodiscard]] base::WallTime wall() const override { return wall_time; }
  [[nodiscard]] ports::Uptime uptime() const override { return {boot, ran}; }

  void pass(base::Duration time) {
    ran += time;
    wall_time.ms += std::chrono::duration_cast<std::chrono::milliseconds>(time).count();
  }
  // The machine is off for so long, and started again.
  void restart(base::Duration off) {
    ++boot;
    pass(off);
    ran = {};
  }

  std::uint64_t boot = 7;
  base::Duration ran = std::chrono::hours(5);
  base::WallTime wall_time{1'772'438'400'000};
};

}  // namespace tillrig::sync
