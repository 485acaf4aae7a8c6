#pragma once

#include "pos/base/result.hpp"

#include <string>
#include <string_view>

namespace tillrig::terminal {

// What a customer presents.
struct Card {
  std::string pan;  // masked
  std::string name;
  bool inserted = true;  // else it was held to the reader
  bool needs_pin = true;
  bool readable = true;
  std::string number;  // all of it
};

// "girocard", "credit", "contactless" or "unreadable"; empty: the first, which the automatic
// customer has. Errors: not_found.
base::Result<Card> find_card(std::string_view kind);

}  // namespace tillrig::terminal
