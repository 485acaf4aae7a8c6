#pragma once

#include "pos/till/catalogue.hpp"
#include "pos/till/parked_cart.hpp"
#include "pos/till/pricing.hpp"
#include "pos/wire/event.hpp"

#include <string>
#include <vector>

namespace tillrig::till {

// The sale in hand: lines, discounts, payments. Lines count from 1, as on the screen. Sans-I/O;
// every refusal says why in a sentence for the cashier.
class Cart {
 public:
  explicit Cart(PriceRules rules = {}, base::Mutants mutants = {})
      : rules_(rules), mutants_(std::move(mutants)) {}

  // Adds one piece; scanning the same item again raises the last line's quantity when nothing else
  // was done to it. Errors: not_allowed once a payment is in, bad_input (a price below zero),
  // too_large
  // (a line more, or a longer name, than can be sent to the cloud; a price beyond any shop's).
  Result<void> add(const Item& item, Money price);
  // Errors: not_found (no such line), bad_input (quantity not in 0.001..9999), not_allowed
  // (price-embedded).
  Result<void> set_quantity(std::size_t line, Quantity quantity);
  Result<void> void_line(std::size_t line);
  // A discount on one line, or on the whole sale with line 0 (off what the lines come to after
  // their own, spread over them by largest remainder). A rate or amount takes the place of the one
  // before; it stays what it is when quantities or lines change. Errors: bad_input (not in
  // 0..100 %; amount more than what it is off).
  Result<void> discount_rate(std::size_t line, Rate rate);
  Result<void> discount_amount(std::size_t line, Money amount);

  // So much off what the sale comes to after all discounts, for points. Errors: not_allowed (a
  // payment is in), bad_input (more than the sale).
  Result<void> take_reward(Money amount);
  // Payments stay: more is due now.
  void drop_reward();
  [[nodiscard]] Money reward() const { return reward_; }

  // Cash handed over; may be more than is due. Errors: bad_input (not positive), not_allowed
  // (nothing is due), too_large (the last payment that there is room for does not pay the rest).
  Result<void> tender_cash(Money given);

  // A line that fills a purse: no discount and no reward is taken off it. Errors: bad_input
  // (nothing, or more than a card takes), not_allowed (a payment is in), too_large.
  [[nodiscard]] Result<void> check_load(Money amount) const;
  Result<void> load(const std::string& sku, const std::string& name, Money amount);
  // A payment out of a purse, which gives no change. Errors: bad_input (not positive, more than is
  // due), not_allowed (nothing is due; the sale fills a purse, which is paid for in cash),
  // too_large.
  [[nodiscard]] Result<void> check_tender(Money amount) const;
  Result<void> tender_purse(const std::string& kind, Money amount);

  // The card pays all that is due. Errors: bad_input (another amount), and as check_tender().
  Result<void> tender_card(Money amount);

  // As it can wait. Errors: not_allowed (nothing in it; it is paid in part, or has a reward or
  // money that is put in).
  [[nodiscard]] Result<ParkedCart> parked() const;
  // What waited comes into the cart, which is empty. Errors: too_large, bad_input.
  Result<void> take_parked(const ParkedCart& parked);

  // What the sale in hand says beside its lines and payments: whose it is, why.
  [[nodiscard]] wire::Tail& tail() { return tail_; }

  [[nodiscard]] bool empty() const { return cart_.empty(); }
  [[nodiscard]] std::size_t size() const { return cart_.size(); }
  [[nodiscard]] Money total() const { return priced_.total; }
  [[nodiscard]] Money tax() const { return priced_.tax; }
  [[nodiscard]] Money rounding() const { return priced_.rounding; }
  [[nodiscard]] Money paid() const;
  [[nodiscard]] Money due() const;  // in cash, never below zero
  [[nodiscard]] Money change() const;
  [[nodiscard]] const std::vector<wire::Line>& lines() const { return priced_.lines; }

  // The document that the sale in hand becomes: priced anew and checked (CE-07). Errors:
  // not_allowed (nothing in it, or not paid in full).
  [[nodiscard]] Result<wire::Document> document(std::string_view currency,
                                                std::string_view day) const;
  void clear();

 private:
  Result<void> check_open(std::size_t line) const;
  Result<void> check_due(Money given) const;
  Result<void> take(std::vector<CartLine> cart, const Reduction& off_sale);
  Result<void> take_line(std::size_t number, CartLine changed);

  PriceRules rules_;
  base::Mutants mutants_;
  std::vector<CartLine> cart_;
  Reduction off_sale_;
  Money reward_;
  Priced priced_;  // what cart_ and off_sale_ come to
  std::vector<wire::Payment> payments_;
  wire::Tail tail_;
};

}  // namespace tillrig::till
