#pragma once

#include "sim/oracle/tapes.hpp"

#include <cstdint>
#include <map>
#include <string>

namespace tillrig::oracle {

// What an attempt is charged when the run is over.
struct StandingCharge {
  const SettlementEntry* row = nullptr;  // the last charge
  std::int64_t amount = 0;               // of all that stands
  int charges = 0;
  bool captured = false;
};

// By attempt, those that stand; of the acquirer's settlement file.
std::map<std::string, StandingCharge> standing_charges(const Tapes& tapes);

// Whether a till says that it knows how an attempt ended, and that nothing is to be done about it
// any more.
bool is_settled(std::string_view state);

}  // namespace tillrig::oracle
