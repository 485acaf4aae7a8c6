#pragma once

#include "pos/till/card_desk.hpp"
#include "pos/till/cart.hpp"
#include "pos/till/checkout.hpp"
#include "pos/till/command.hpp"
#include "pos/till/opening.hpp"
#include "pos/till/outage_desk.hpp"
#include "pos/till/park_desk.hpp"
#include "pos/till/parts.hpp"
#include "pos/till/patron.hpp"
#include "pos/till/purse_desk.hpp"
#include "pos/till/rehearsal.hpp"
#include "pos/till/scans.hpp"

#include <string_view>

namespace tillrig::till {

// The sale in hand, and all that the cashier does about it, from the first label to the receipt;
// and goods that come back. Everything referred to outlives it.
class SaleDesk {
 public:
  SaleDesk(const Parts& parts, const Catalogue& catalogue, Cart& cart, Patron& patron,
           PurseDesk& purses, CardDesk& cards, ParkDesk& orders, Checkout& checkout,
           OutageDesk& outages, Opening& opening, Rehearsal& rehearsal);

  // Whether a sale may be changed, or another document begun. Errors: not_allowed, saying what is
  // in its way.
  [[nodiscard]] Result<void> may_sell() const;
  // The same for what is no part of a sale: there is none in hand, and all of it is real.
  [[nodiscard]] Result<void> may_book() const;
  void scanned(std::string_view code);
  void unreadable(std::string_view why) { scans_.unreadable(why); }
  // The till is being closed: what is waited for changes nothing any more.
  void close() { closed_ = true; }

  // Each says to the cashier why it was not done; changes of the cart are shown.
  base::Awaitable<Result<Answer>> carry_out(Enter enter);
  base::Awaitable<Result<Answer>> carry_out(SetQuantity set);
  base::Awaitable<Result<Answer>> carry_out(VoidLine gone);
  base::Awaitable<Result<Answer>> carry_out(Discount discount);
  base::Awaitable<Result<Answer>> carry_out(Tender tender);
  base::Awaitable<Result<Answer>> carry_out(LoadPurse load);
  base::Awaitable<Result<Answer>> carry_out(SelectCustomer select);
  base::Awaitable<Result<Answer>> carry_out(TakeReward reward);
  base::Awaitable<Result<Answer>> carry_out(Complete complete);
  base::Awaitable<Result<Answer>> carry_out(Cancel cancel);
  base::Awaitable<Result<Answer>> carry_out(Refund refund);
  base::Awaitable<Result<Answer>> carry_out(Park park);
  base::Awaitable<Result<Answer>> carry_out(Resume resume);

 private:
  Result<void> add_scanned(std::string_view code);
  Result<void> add_code(std::string_view code);
  Result<void> add_item(const Item& item, Money price);
  void show_cart();
  // Something is being asked that the cashier waits for.
  [[nodiscard]] bool waiting() const;

  // Changes of the cart.
  Result<void> apply(const Enter& enter);
  Result<void> apply(const SetQuantity& set);
  Result<void> apply(const VoidLine& gone);
  Result<void> apply(const Discount& discount);
  Result<void> apply(const Tender& tender);
  Result<void> apply(const Cancel& cancel);
  template <class Change>
  base::Awaitable<Result<Answer>> change(Change change);
  base::Awaitable<Result<void>> load_purse(LoadPurse load);
  Result<std::string> park(Park park);
  base::Awaitable<Result<void>> resume(std::string which);
  base::Awaitable<Result<void>> keep_purses();
  // Before a document is made: an outage that is over is closed first.
  base::Awaitable<Result<void>> close_outage();
  // What the cashier waited for has come; codes that were scanned meanwhile are taken.
  base::Awaitable<Result<Answer>> after_asking(base::Awaitable<Result<void>> asking);

  const Parts& parts_;
  const Catalogue& catalogue_;
  Cart& cart_;
  Patron& patron_;
  PurseDesk& purses_;
  CardDesk& cards_;
  ParkDesk& orders_;
  Checkout& checkout_;
  OutageDesk& outages_;
  Opening& opening_;
  Rehearsal& rehearsal_;
  Scans scans_;
  bool closed_ = false;
};

}  // namespace tillrig::till
