#pragma once

#include "sim/world/bed.hpp"

#include <string>

namespace tillrig::world {

// What a running till lists of orders that wait; it goes on the tapes. Errors: as Bed::command().
Awaitable<Result<OrdersSeen>> orders_at(Bed& bed, std::string till);
// The same at each, in a run in which somebody may see something of it.
Awaitable<void> put_orders_on_tapes(Bed& bed);
// Whether all tills of a LAN list the same.
Awaitable<bool> orders_have_come(Bed& bed);

}  // namespace tillrig::world
