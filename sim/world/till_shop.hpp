#pragma once

#include "pos/till/till.hpp"
#include "sim/world/shop.hpp"

namespace tillrig::world {

// Puts the shop into a till's configuration. Errors: exists, naming two items that share a code.
base::Result<void> furnish(till::Config& config, const Shop& shop);

}  // namespace tillrig::world
