#pragma once

#include <cstdint>
#include <functional>

namespace tillrig::world {

// Counts the calls that a till makes through its ports while a sale is being completed: from its
// `complete` until the cloud has it. A sweep kills the till before the n-th of them takes effect.
class PortCalls {
 public:
  // The cashier pressed complete: count from zero.
  void begin() {
    counting_ = true;
    count_ = 0;
  }
  void end() { counting_ = false; }

  void kill_at(std::uint64_t n) { kill_at_ = n; }
  // One more call is about to take effect; true: this is the one to die before.
  bool met() {
    if (!counting_) return false;
    ++count_;
    if (kill_at_ == 0 || count_ != kill_at_) return false;
    kill_at_ = 0;
    return true;
  }
  [[nodiscard]] std::uint64_t count() const { return count_; }

 private:
  bool counting_ = false;
  std::uint64_t count_ = 0;
  std::uint64_t kill_at_ = 0;
};

}  // namespace tillrig::world
