#pragma once

#include "pos/ports/ports.hpp"

#include <memory>

namespace tillrig::world {

// Whether the rig keeps up with real time: it wakes ten times a second and sees how late it is. A
// machine that has no time for the rig has none for the tills either, so what was not seen in time
// says nothing of them.
class Heartbeat {
 public:
  // Later than this and it is noted as `rig.late`.
  static constexpr base::Duration kLate = std::chrono::milliseconds(500);

  // `ports` and the heartbeat live as long as the executor runs.
  explicit Heartbeat(const ports::Ports& ports) : ports_(ports) {}

  base::Awaitable<void> beat();
  void stop() { stopped_ = true; }
  [[nodiscard]] base::Duration latest() const { return latest_; }
  // After waking so much too late; tests call it themselves.
  void woke(base::Duration late);

 private:
  const ports::Ports& ports_;
  bool stopped_ = false;
  base::Duration latest_{0};
};

}  // namespace tillrig::world
