#pragma once

#include "sim/oracle/days.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tillrig::oracle {

// What a close says of its day, wherever it says so.
struct ToldClose {
  std::string id;  // of its event, where that stands there
  std::string day;
  std::uint64_t number = 0;
  std::uint64_t missing = 0;  // that the till has not any more
  std::int64_t expected = 0;
  std::int64_t counted = 0;
  std::optional<std::int64_t> difference;  // on paper: counted above what was expected
  std::int64_t cash = 0;                   // of the tender
  std::int64_t from_purse = 0;             // of all others
  DaySums sums;                            // its own cash left out
};

// A Z report as it stands on paper; the rates by the shop's names for them. Nothing for any other
// paper.
std::optional<ToldClose> read_z_report(std::string_view text, int exponent, const Shop& shop);

// The body of a day_closed event; nothing if it is not whole.
std::optional<ToldClose> read_close(std::string_view body);

}  // namespace tillrig::oracle
