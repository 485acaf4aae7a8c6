#pragma once

#include "pos/base/money.hpp"
#include "pos/base/result.hpp"
#include "pos/till/catalogue.hpp"
#include "pos/wire/event.hpp"

#include <string>
#include <vector>

namespace tillrig::till {

using base::Money;
using base::Quantity;
using base::Rate;
using base::Result;

// The sale in hand: lines, discounts, payments. Lines count from 1, as on the screen. Sans-I/O;
// every refusal says why in a sentence for the cashier.
class Cart {
 public:
  // Adds one piece; scanning the same item again raises the last line's quantity when nothing else
  // was done to it. Errors: not_allowed once a payment is in, bad_input (a price below zero),
  // too_large
  // (a line more, or a longer name, than can be sent to the cloud; a price beyond any shop's).
  Result<void> add(const Item& item, Money price);
  // Errors: not_found (no such line), bad_input (quantity not in 0.001..9999), not_allowed
  // (price-embedded).
  Result<void> set_quantity(std::size_t line, Quantity quantity);
  Result<void> void_line(std::size_t line);
  // A discount on one line, or on the whole cart with line 0 (spread over the lines by largest
  // remainder). A line's rate or amount takes the place of what it had; a rate stays a rate when
  // the quantity changes. The whole cart's comes on top and is an amount: so much off what there is
  // to pay now. Errors: bad_input (not in 0..100 %; amount more than what it is off).
  Result<void> discount_rate(std::size_t line, Rate rate);
  Result<void> discount_amount(std::size_t line, Money amount);

  // Cash handed over; may be more than is due. Errors: bad_input (not positive), not_allowed
  // (nothing is due), too_large (the last payment that there is room for does not pay the rest).
  Result<void> tender_cash(Money given);

  // What the sale in hand says beside its lines and payments: whose it is, why.
  [[nodiscard]] wire::Tail& tail() { return tail_; }

  [[nodiscard]] bool empty() const { return lines_.empty(); }
  [[nodiscard]] std::size_t size() const { return lines_.size(); }
  [[nodiscard]] Money total() const;
  [[nodiscard]] Money paid() const;
  [[nodiscard]] Money due() const;  // never below zero
  [[nodiscard]] Money change() const;
  [[nodiscard]] const std::vector<wire::Line>& lines() const { return lines_; }

  // The document that the sale in hand becomes: recomputed from the lines and checked (CE-07).
  // Errors: not_allowed (nothing in it, or not paid in full).
  [[nodiscard]] Result<wire::Document> document(std::string_view currency,
                                                std::string_view day) const;
  void clear();

 private:
  // What a line is priced by and the document does not say.
  struct Terms {
    bool embedded = false;  // the scale printed its price
    Rate rate;              // off its gross
    Money off;              // beside the rate
  };

  Result<void> check_open(std::size_t line) const;
  static Result<void> price(wire::Line& line, const Terms& terms);
  Result<void> take(std::size_t line, wire::Line changed, const Terms& terms);

  std::vector<wire::Line> lines_;
  std::vector<Terms> terms_;  // of each line
  std::vector<wire::Payment> payments_;
  wire::Tail tail_;
};

}  // namespace tillrig::till
