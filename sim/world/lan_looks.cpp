#include "sim/world/lan_looks.hpp"

#include <algorithm>

namespace tillrig::world {

Awaitable<Result<OrdersSeen>> orders_at(Bed& bed, std::string till) {
  Order order("orders");
  auto asking = bed.command(till, std::move(order));
  auto reply = co_await std::move(asking);
  if (!reply) co_return base::Failure(reply.error());
  if (!reply->orders) {
    co_return base::fail(base::Code::protocol, "{} said nothing of its open orders", till);
  }
  oracle::LanLook look;
  look.at = bed.recording().now();
  look.till = till;
  look.hub = reply->orders->hub;
  look.epoch = reply->orders->hub_epoch;
  look.there = reply->orders->there;
  for (const OrderSeen& each : reply->orders->open) {
    look.open.push_back({each.order, each.state, each.till});
  }
  bed.recording().tapes().lan_looks.push_back(std::move(look));
  co_return *std::move(reply->orders);
}

Awaitable<void> put_orders_on_tapes(Bed& bed) {
  const auto parks = [](const oracle::OrderEntry& order) {
    return order.what == "park" || order.what == "resume";
  };
  const auto& orders = bed.recording().tapes().orders;
  const bool any = bed.setup().shop.lan.enabled || std::any_of(orders.begin(), orders.end(), parks);
  if (!any) co_return;
  for (const std::string& till : bed.setup().tills) {
    if (!bed.running(till)) continue;
    std::string which = till;
    auto asking = orders_at(bed, std::move(which));
    const auto seen = co_await std::move(asking);
    if (!seen) continue;  // it died meanwhile
  }
}

Awaitable<bool> orders_have_come(Bed& bed) {
  if (!bed.setup().shop.lan.enabled) co_return true;
  std::optional<OrdersSeen> first;
  std::size_t tills = 0;
  for (const std::string& till : bed.setup().tills) tills += bed.running(till) ? 1 : 0;
  for (const std::string& till : bed.setup().tills) {
    if (!bed.running(till)) continue;
    std::string which = till;
    auto asking = orders_at(bed, std::move(which));
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
