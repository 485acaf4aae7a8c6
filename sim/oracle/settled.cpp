#include "sim/oracle/settled.hpp"

#include <algorithm>
#include <iterator>
#include <string_view>

namespace tillrig::oracle {

std::map<std::string, StandingCharge> standing_charges(const Tapes& tapes) {
  std::map<std::string, StandingCharge> all;
  for (const SettlementEntry& row : tapes.settlement) {
    StandingCharge& charge = all[row.attempt];
    if (row.kind == "charge") {
      charge.row = &row;
      charge.amount += row.amount;
      ++charge.charges;
    } else if (row.kind == "reversal") {
      charge.amount -= row.amount;
      --charge.charges;
    } else {
      charge.captured = true;
    }
  }
  std::erase_if(all, [](const auto& each) { return each.second.charges <= 0; });
  return all;
}

bool is_settled(std::string_view state) {
  constexpr std::string_view kSettled[] = {"approved", "declined", "cancelled", "fenced",
                                           "reversed"};
  return std::find(std::begin(kSettled), std::end(kSettled), state) != std::end(kSettled);
}

}  // namespace tillrig::oracle
