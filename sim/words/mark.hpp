#pragma once

#include "sim/words/word.hpp"

#include <cstdint>

namespace tillrig::words {

// What a mark of a till says about the cart that is being rung up there.
enum class Cart : std::uint8_t {
  none,
  opens,    // it is about the cart; there is one from here on, if there was none
  shows,    // as opens, if what is shown is about the cart
  numbers,  // the cart has become the sale that the note names
  ends,     // what was in the cart is gone
};

// A named moment that the stack or the world notes on the timeline, and that a scenario can hang a
// trigger on: mark = "ledger.synced#40@till-1" is the 40th on that till.
struct Mark : Word {
  std::string_view who;  // "till", "cloud" or "world"
  // The row of the timeline: "store" below whose it is ("till-1/store"), "/faults" a row of its
  // own; "{role}" below whose it is by that argument of the note; empty: whose it is.
  std::string_view lane;
  Cart cart = Cart::none;
};

}  // namespace tillrig::words
