#pragma once

#include "pos/ports/clock.hpp"
#include "pos/ports/entropy.hpp"
#include "sim/kernel/kernel.hpp"

#include <memory>

namespace tillrig::kernel {

// The stack's view of virtual time, for one lane. A clock of one's own because tills' wall clocks
// differ: wall time = start + virtual time + skew.
class LaneClock final : public ports::Clock {
 public:
  LaneClock(const Kernel& kernel, base::WallTime start) : kernel_(kernel), start_(start) {}
  [[nodiscard]] base::Instant now() const override { return kernel_.now(); }
  [[nodiscard]] base::WallTime wall() const override;
  [[nodiscard]] ports::Uptime uptime() const override {
    return {0, base::Duration{kernel_.now().ns}};
  }
  void set_skew(base::Duration skew) { skew_ = skew; }

 private:
  const Kernel& kernel_;
  base::WallTime start_;
  base::Duration skew_{};
};

// Sleeping on a lane. When the lane is closed the sleepers unwind.
class LaneTimer final : public ports::Timer {
 public:
  LaneTimer(Kernel& kernel, Lane lane) : kernel_(kernel), lane_(lane) {}
  ports::Awaitable<void> sleep_until(base::Instant when) override;

 private:
  Kernel& kernel_;
  Lane lane_;
};

std::unique_ptr<ports::Alarm> make_alarm(Kernel& kernel, Lane lane);

// Counter-based streams by name: draw n of stream s is a hash of (seed, scope, s, n) and of nothing
// else. `scope` is who draws ("till-1"), so that two tills differ.
class NamedStreams final : public ports::Entropy {
 public:
  NamedStreams(std::uint64_t seed, std::string scope);
  ~NamedStreams() override;
  std::uint64_t draw(std::string_view stream) override;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tillrig::kernel
