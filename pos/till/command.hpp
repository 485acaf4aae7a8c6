#pragma once

#include "pos/base/money.hpp"
#include "pos/base/result.hpp"
#include "pos/till/screen.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tillrig::till {

using base::Result;

// What a cashier does at the till, other than scanning, which comes in through the scanner.
struct Command {
  enum class Verb {
    enter,      // text: a code typed in by hand, or a SKU
    quantity,   // line, quantity
    void_line,  // line
    discount,   // line (0: the whole cart), rate or amount
    tender,     // text: kind ("cash"), amount
    complete,   // finishes the sale: checkout, commit, receipt
    cancel,     // empties the cart
    refund,     // text: sale id; lines (empty: all)
    press,      // text: prompt id; button
    sales,      // Register Sales
    state,      // what the till is at
    close,      // closes the app in an orderly way
  };

  Verb verb = Verb::state;
  std::size_t line = 0;
  std::vector<std::size_t> lines;
  base::Quantity quantity;
  std::optional<base::Rate> rate;
  base::Money amount;
  std::string text;
  std::string button;
};

std::string_view name(Command::Verb verb);

// What the till is at, for whoever asks.
struct State {
  Stage stage = Stage::starting;
  sync::Link link = sync::Link::starting;
  sync::Cause cause = sync::Cause::none;
  std::vector<Prompt> prompts;
  std::vector<std::string> cart;  // one text a line: "2 x milk 2.58"
  base::Money total;
  base::Money due;
  store::Counters counters;
  store::Health health = store::Health::sound;
  std::uint32_t epoch = 0;
};

// The answer to a command: an Error means that it definitely did not happen.
struct Answer {
  std::string sale;    // complete, refund: the event's id
  std::string number;  // complete, refund: the receipt's number
  base::Money total;
  base::Money change;
  std::optional<State> state;         // state
  std::vector<store::SaleRow> sales;  // sales
};

}  // namespace tillrig::till
