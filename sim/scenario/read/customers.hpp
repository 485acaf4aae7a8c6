#pragma once

#include "sim/scenario/read/source.hpp"
#include "sim/world/shop.hpp"

namespace tillrig::scenario {

// Puts the customers of a file of [[customer]] tables into the shop.
void read_customers(const Node& root, world::Shop& shop, Problems& problems);

}  // namespace tillrig::scenario
