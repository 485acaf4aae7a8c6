#pragma once

#include "pos/till/cart.hpp"
#include "pos/till/parts.hpp"
#include "pos/till/screen.hpp"

#include <bitset>
#include <string_view>

namespace tillrig::till {

// A rehearsal of local mode (article S4: try it before it is needed, outside busy hours): the
// cashier works as on any day, and nothing of it reaches the books. No document is made, no number
// used, no drawer opened; the paper says that it is none. It ends with the process at the latest.
class Rehearsal {
 public:
  // What article S4 names to be tried.
  enum class Act { local_mode, find_items, find_customers, scan, sell, receipt };

  explicit Rehearsal(const Parts& parts) : parts_(parts) {}

  [[nodiscard]] bool on() const { return on_; }
  // It is on, or there was one in this process.
  [[nodiscard]] bool any() const { return on_ || tried_.any(); }
  // Errors: not_allowed: it is on already, or it is not.
  Result<void> begin();
  Result<void> end();
  // What was tried until now, and what was not.
  [[nodiscard]] RehearsalShown shown() const;
  // Something was done and went well; counts while it is on.
  void tried(Act act);
  // Paper of this document came out. True: it was the rehearsal's.
  bool printed(std::string_view document);
  // What only real documents can be: a refund, points, anything that the cloud keeps. Errors:
  // not_allowed, while it is on.
  [[nodiscard]] Result<void> may_be_real() const;
  // Finishes the sale in hand; the cart is empty then. Errors: as Checkout::sell.
  Result<void> sell(Cart& cart);

 private:
  void print(const wire::Document& document);

  const Parts& parts_;
  bool on_ = false;
  std::bitset<6> tried_;
};

}  // namespace tillrig::till
