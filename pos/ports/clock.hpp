#pragma once

#include "pos/base/channel.hpp"
#include "pos/base/time.hpp"

#include <cstdint>

namespace tillrig::ports {

using base::Awaitable;
using base::Duration;
using base::Instant;
using base::WallTime;

// How long the machine has run since it was started, its sleep included, and which start that was.
// What a process notes for the next one is measured by it: no change of the wall clock moves it.
struct Uptime {
  std::uint64_t boot = 0;
  Duration ran{};
};

// What time it is. now() never goes back; wall() may jump.
class Clock {
 public:
  virtual ~Clock() = default;
  [[nodiscard]] virtual Instant now() const = 0;
  [[nodiscard]] virtual WallTime wall() const = 0;
  [[nodiscard]] virtual Uptime uptime() const = 0;
};

// Waiting. Any number of sleepers at a time.
class Timer {
 public:
  virtual ~Timer() = default;

  // Returns at `when`, or at once if that has passed.
  virtual Awaitable<void> sleep_until(Instant when) = 0;
};

// A sleeper that others can wake: sleep until the deadline or until ring(), whichever is first.
// One sleeper at a time. A ring with nobody asleep is kept for the next sleep.
class Alarm {
 public:
  virtual ~Alarm() = default;

  // True: rung. False: the deadline passed.
  virtual Awaitable<bool> sleep_until(Instant deadline) = 0;
  virtual void ring() = 0;
};

}  // namespace tillrig::ports
