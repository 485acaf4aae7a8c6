#pragma once

#include "sim/scenario/read/document.hpp"
#include "sim/scenario/read/source.hpp"
#include "sim/scenario/read/values.hpp"

#include <optional>

namespace tillrig::scenario {

// What [store] says: the shop, its tills, how good its lines and disks are.
struct StoreTable {
  world::Setup setup;
  Calendar calendar;
  bool start = true;  // the tills are started before the first phase
  // Where lines or disks are given a quality of their own, which only simulated ones can have.
  std::optional<Where> simulated;
};

// Without a table: the corner shop with one till.
StoreTable read_store_table(const Entry* store, const Document& document, Problems& problems);

}  // namespace tillrig::scenario
