#pragma once

#include "sim/oracle/evidence.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tillrig::oracle {

// A customer who was put on a sale, and what came of the question for the points.
struct Selection {
  const OrderEntry* order = nullptr;
  std::string member;
  bool realtime = true;              // nobody had disabled it in this run of the app
  bool whole = true;                 // the app lived on until the answer had to be there
  bool calm = true;                  // nothing was wrong on the way to the cloud, nor barred it
  const WireEntry* asked = nullptr;  // the question, if it was seen
  std::optional<std::int64_t> told;  // the points that the cloud's answer had
};

// The selections of one till, in their order, with the questions that belong to them.
struct Selections {
  std::vector<Selection> all;
  std::vector<const WireEntry*> strays;  // questions that belong to none

  // The one that an entry of this order comes after; null: none.
  [[nodiscard]] const Selection* before(std::uint64_t order) const;
};

Selections selections_of(const Evidence& evidence, std::string_view till);

}  // namespace tillrig::oracle
