#pragma once

#include "pos/base/result.hpp"
#include "pos/till/config.hpp"
#include "sim/world/shop.hpp"

namespace tillrig::world {

// Puts the shop into a till's configuration. Errors: exists, naming two items that share a code.
base::Result<void> furnish(till::Config& config, const Shop& shop);

}  // namespace tillrig::world
