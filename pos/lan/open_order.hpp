#pragma once

#include "pos/base/money.hpp"
#include "pos/base/names.hpp"

#include <cstdint>
#include <string>

namespace tillrig::lan {

inline constexpr std::size_t kCartBytes = 64 * 1024;  // of the cart in an order
inline constexpr std::size_t kLabelBytes = 64;
inline constexpr std::size_t kMostOpen = 200;     // orders of a shop that wait at a time
inline constexpr std::size_t kClosedKept = 500;   // that are remembered, so that none comes back
inline constexpr std::size_t kMostOrders = 2000;  // in a message

enum class OrderState : std::uint8_t { parked, in_hand, sold, cancelled };
constexpr auto names_of(OrderState) {
  return base::named<OrderState>({
      {OrderState::parked, "parked"},
      {OrderState::in_hand, "in_hand"},
      {OrderState::sold, "sold"},
      {OrderState::cancelled, "cancelled"},
  });
}
using base::name;

constexpr bool is_open(OrderState state) {
  return state <= OrderState::in_hand;
}

// An order that waits for somebody to go on with it. One till holds it at a time: nobody else
// changes it, and only by that one's word it becomes another's. So its version says which of two
// tellings is the newer one, however they came, and in whichever order.
struct OpenOrder {
  std::string id;
  std::uint64_t version = 0;  // one more with each change
  std::string holder;         // the till
  OrderState state = OrderState::parked;
  std::string label;  // what the cashier calls it: "table 4"
  base::Money total;
  std::int64_t since_ms = 0;  // when it was parked first, or closed; since 1970
  std::string cart;           // what is in it, for the tills alone; closed: nothing

  bool operator==(const OpenOrder&) const = default;
  static void describe(auto& self, auto& fields) {
    fields("id", self.id, {.bytes = kLabelBytes})("v", self.version, {.least = 1})(
        "holder", self.holder)("state", self.state);
    fields.maybe("label", self.label, {.bytes = kLabelBytes}).maybe("total", self.total);
    fields.maybe("since_ms", self.since_ms).maybe("cart", self.cart, {.bytes = kCartBytes});
  }
};

}  // namespace tillrig::lan
