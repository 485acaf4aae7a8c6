#pragma once

#include "pos/base/money.hpp"
#include "sim/scenario/read/source.hpp"
#include "sim/world/shop.hpp"

namespace tillrig::scenario {

// Reads the [[item]]s of a catalogue into the shop, whose taxes and price layouts are known. What
// is wrong goes to `problems`, which names the catalogue's file.
void read_catalogue(const Node& root, const base::Currency& currency, world::Shop& shop,
                    Problems& problems);

}  // namespace tillrig::scenario
