#pragma once

#include "sim/oracle/tapes.hpp"
#include "sim/world/shop.hpp"
#include "sim/world/sight.hpp"

#include <string>

namespace tillrig::world {

// The rig's own words in those of the tapes, which the oracle reads.

// What the oracle knows of a shop beforehand.
oracle::Shop shop_of(const Shop& shop);
// What a till says of its documents, and of how many of them wait.
oracle::RegisterLook register_look(base::Instant at, const std::string& till, const Reply& sales,
                                   const Counters& counters);

}  // namespace tillrig::world
