#pragma once

#include "pos/till/parts.hpp"

namespace tillrig::till {

using base::Result;

// A till leaves its shop only when nothing is on it that the cloud does not have: that would be
// lost with it, or come under another's name. Once it has left it opens again no sooner than
// the cloud has let it in, as a till that was never connected.
class Leaving {
 public:
  explicit Leaving(const Parts& parts) : parts_(parts) {}

  // The till is not set up any more, whatever it still has in its store; for just before it closes.
  // Errors: not_allowed, saying how much waits, what it is worth and since when; the store's.
  Result<void> sign_out();
  [[nodiscard]] bool has_left() const;
  // The cloud has let it in again.
  void back();
  // All that waits counts as sent: for mutants.
  void forget_queue();

 private:
  [[nodiscard]] Result<void> allowed() const;

  const Parts& parts_;
};

}  // namespace tillrig::till
