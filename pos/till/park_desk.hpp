#pragma once

#include "pos/lan/lan.hpp"
#include "pos/till/cart.hpp"
#include "pos/till/order_commands.hpp"
#include "pos/till/parts.hpp"
#include "pos/till/patron.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace tillrig::till {

// Sales that wait: parked here or at another till of the shop, and gone on with at exactly one. A
// parked sale is in the store before the cashier is told so, and outlives the app; one that was in
// hand when the app ended lies there again, unless its sale was made. Everything referred to
// outlives it.
class ParkDesk {
 public:
  ParkDesk(const Parts& parts, Cart& cart, Patron& patron);

  // Takes up what the last run left, and steps onto the LAN.
  void open(std::function<void(const lan::News&)> also);
  void stop();

  // Another till is being asked: the cashier waits.
  [[nodiscard]] bool asking() const { return !wanted_.empty(); }
  // The sale in hand is parked; the cart is empty then. Gives the order's id. Errors: not_allowed
  // (what it may not have on it), too_large, the store's.
  Result<std::string> park(std::string label);
  // An order comes into the empty cart. Gives its id. Errors: not_found, not_allowed (in hand
  // somewhere), needs_connection (its till cannot be reached), timeout, the store's.
  base::Awaitable<Result<std::string>> resume(std::string which);
  // Whether the sale in hand may be finished: an order that is another till's by now may not.
  // Errors: not_allowed.
  [[nodiscard]] Result<void> may_finish() const;
  // The sale in hand is over, if it is an order: after each change.
  void look();
  void cancelled() { cancelled_ = true; }

  [[nodiscard]] OrdersShown shown();
  // Who knows of an event of this till: "oms" once the cloud has acknowledged it, "lan" when
  // another till knows that it was made, else "local" (MP-24).
  [[nodiscard]] std::string where(const base::EventId& event);
  // The order in hand; empty: none.
  [[nodiscard]] const std::string& in_hand() const { return in_hand_; }
  lan::Lan& lan() { return *lan_; }
  [[nodiscard]] bool on_lan() const { return lan_ && lan_->on(); }

 private:
  void heard(const lan::News& news);
  void show();
  void note(std::string_view mark, const std::string& id);
  void tidy();
  [[nodiscard]] bool sold_already(const std::string& id) const;
  [[nodiscard]] Result<std::string> find(std::string_view which) const;
  Result<void> fill_cart(const lan::OpenOrder& order);
  lan::Member& member() { return lan_->member(); }
  [[nodiscard]] const lan::Board& board() const { return lan_->member().board(); }

  const Parts& parts_;
  Cart& cart_;
  Patron& patron_;
  std::unique_ptr<lan::Lan> lan_;
  std::unique_ptr<ports::Alarm> came_;
  std::function<void(const lan::News&)> also_;
  LanShown last_shown_;
  std::string in_hand_;
  bool cancelled_ = false;  // it is over because the cashier said so
  std::string wanted_;      // is being asked for
  std::optional<std::string> refused_;
  std::set<std::string, std::less<>> mine_;  // orders that are known not to be sold yet
  bool stopped_ = false;
};

}  // namespace tillrig::till
