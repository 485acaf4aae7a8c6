#pragma once

#include "sim/scenario/read/plan.hpp"
#include "sim/scenario/read/problem.hpp"

namespace tillrig::scenario {

// A sale that is called by a name somewhere was given it somewhere, by `as`.
void check_sale_names(const Plan& plan, Problems& problems);

}  // namespace tillrig::scenario
