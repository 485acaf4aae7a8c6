#pragma once

#include "pos/base/mutant.hpp"
#include "pos/base/result.hpp"

#include <string>
#include <vector>

namespace tillrig::app {

// The mutants of these names, switched on. Errors: bad_input, with the nearest that there is.
base::Result<base::Mutants> read_mutants(const std::vector<std::string>& names);

}  // namespace tillrig::app
