#pragma once

#include "sim/words/word.hpp"

namespace tillrig::words {

// A named moment that the stack or the world notes on the timeline, and that a scenario can hang a
// trigger on: mark = "ledger.synced#40@till-1" is the 40th on that till.
struct Mark : Word {
  std::string_view who;  // "till", "cloud" or "world"
};

}  // namespace tillrig::words
