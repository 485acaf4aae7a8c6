#pragma once

#include "pos/base/result.hpp"
#include "sim/world/setup.hpp"

#include <string>

namespace tillrig::app {

// The shop of a fixture file, for a till that is a process of its own. Errors: bad_input, with
// every problem of the file on a line.
base::Result<world::Shop> read_shop(const std::string& file);

}  // namespace tillrig::app
