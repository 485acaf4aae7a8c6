#pragma once

#include "pos/till/cart.hpp"
#include "pos/till/command.hpp"
#include "pos/till/opening.hpp"
#include "pos/till/parts.hpp"
#include "pos/till/patron.hpp"
#include "pos/till/sync_manager.hpp"

namespace tillrig::till {

// What an opened till is at, put together from its parts.
State state_of(const Parts& parts, const Opening& opening, const Patron& patron, const Cart& cart,
               SyncManager& manager);

}  // namespace tillrig::till
