#pragma once

#include "pos/base/time.hpp"

#include <string_view>

namespace tillrig::sync {

// When all tills of a chain are back in one second, each begins to send at a moment of its own in a
// cycle of the cloud's clock: evenly one after the other where they are numbered ("till-1" to
// "till-200"), whatever their own clocks and lines do.

// How long this till waits from now, by the cloud's clock, for its moment: less than a cycle.
base::Duration until_own_moment(std::string_view till, base::WallTime cloud, base::Duration cycle);

}  // namespace tillrig::sync
