#pragma once

#include "sim/world/bed.hpp"

#include <cstddef>
#include <string>

namespace tillrig::world {

// What the shop's office and the shop's own sales changed at the cloud, and what the tills know of
// it: looked at, and put on the tapes.

// What each running till sells the goods for that were changed.
Awaitable<void> put_goods_on_tapes(Bed& bed);
// At one till, of `most` of them.
Awaitable<void> put_goods_on_tapes(Bed& bed, std::string till, std::size_t most);
// What each running till knows of the customers who were changed; at one till, of `most` of them.
Awaitable<void> put_customers_on_tapes(Bed& bed);
Awaitable<void> put_customers_on_tapes(Bed& bed, std::string till, std::size_t most);
// What each running till knows of the money of those whose money was moved.
Awaitable<void> put_balances_on_tapes(Bed& bed);
// Whether every running till has them as they are now.
Awaitable<bool> goods_have_come(Bed& bed);
Awaitable<bool> customers_have_come(Bed& bed);

}  // namespace tillrig::world
