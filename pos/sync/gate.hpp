#pragma once

#include "pos/ports/ports.hpp"

#include <memory>

namespace tillrig::sync {

// Where something long waits while somebody has paused it. One waits at a time.
class Gate {
 public:
  explicit Gate(const ports::Ports& ports) : alarm_(ports.make_alarm()) {}

  void shut() { shut_ = true; }
  void open() {
    shut_ = false;
    alarm_->ring();
  }
  [[nodiscard]] bool is_shut() const { return shut_; }

  // Returns when it is open.
  base::Awaitable<void> pass() {
    while (shut_) co_await alarm_->sleep_until(base::Instant::never());
  }

 private:
  std::unique_ptr<ports::Alarm> alarm_;
  bool shut_ = false;
};

}  // namespace tillrig::sync
