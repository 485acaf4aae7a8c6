// What stands on the tapes of orders that wait, and of who hears whom.
#include "sim/world/bed.hpp"

#include <algorithm>

namespace tillrig::world {

Awaitable<Result<OrdersSeen>> Bed::orders_at(std::string till) {
  Order order("orders");
  auto asking = command(till, std::move(order));
  auto reply = co_await std::move(asking);
  if (!reply) co_return base::Failure(reply.error());
  if (!reply->orders) {
    co_return base::fail(base::Code::protocol, "{} said nothing of its open orders", till);
  }
  oracle::LanLook look;
  look.at = recording_.now();
  look.till = till;
  look.hub = reply->orders->hub;
  look.epoch = reply->orders->hub_epoch;
  look.there = reply->orders->there;
  for (const OrderSeen& each : reply->orders->open) {
    look.open.push_back({each.order, each.state, each.till});
  }
  recording_.tapes().lan_looks.push_back(std::move(look));
  co_return *std::move(reply->orders);
}

// Only where somebody may see something of it.
Awaitable<void> Bed::put_orders_on_tapes() {
  const auto parks = [](const oracle::OrderEntry& order) {
    return order.what == "park" || order.what == "resume";
  };
  const auto& orders = recording_.tapes().orders;
  const bool any = setup_.shop.lan.enabled || std::any_of(orders.begin(), orders.end(), parks);
  if (!any) co_return;
  for (const std::string& till : setup_.tills) {
    if (!running(till)) continue;
    std::string which = till;
    auto asking = orders_at(std::move(which));
    const auto seen = co_await std::move(asking);
    if (!seen) continue;  // it died meanwhile
  }
}

// Whether all tills of a LAN list the same.
Awaitable<bool> Bed::orders_have_come() {
  if (!setup_.shop.lan.enabled) co_return true;
  std::optional<OrdersSeen> first;
  std::size_t tills = 0;
  for (const std::string& till : setup_.tills) tills += running(till) ? 1 : 0;
  for (const std::string& till : setup_.tills) {
    if (!running(till)) continue;
    std::string which = till;
    auto asking = orders_at(std::move(which));
    auto seen = co_await std::move(asking);
    if (!seen) continue;
    if (seen->there.size() + 1 != tills) co_return false;
    if (!first) {
      first = *std::move(seen);
      continue;
    }
    const bool same =
        first->hub == seen->hub && first->hub_epoch == seen->hub_epoch &&
        std::equal(first->open.begin(), first->open.end(), seen->open.begin(), seen->open.end(),
                   [](const OrderSeen& a, const OrderSeen& b) {
                     return a.order == b.order && a.till == b.till && a.state == b.state;
                   });
    if (!same) co_return false;
  }
  co_return true;
}

}  // namespace tillrig::world
