#pragma once

#include "pos/base/money.hpp"
#include "pos/lan/open_order.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tillrig::till {

// What is done about sales that wait, here or at another till of the shop (MP-24 to MP-26), as the
// commands of command.hpp.

struct Park {  // the sale in hand waits
  static constexpr std::string_view kName = "park";
  std::string label;  // what the cashier calls it: "table 4"
  static void describe(auto& self, auto& fields) {
    fields.maybe("label", self.label, {.bytes = lan::kLabelBytes});
  }
};

struct Resume {  // one that waits is gone on with, wherever it was parked
  static constexpr std::string_view kName = "resume";
  std::string order;  // id, or label where only one is called so
  static void describe(auto& self, auto& fields) { fields("order", self.order); }
};

struct AskOrders {  // those that wait
  static constexpr std::string_view kName = "orders";
  static void describe(auto&, auto&) {}
};

// An order that waits, or is in hand somewhere. `at`: "lan" when another till knows of it as it is
// now, else "local".
struct OrderRow {
  std::string order;
  std::string label;
  base::Money total;
  lan::OrderState state = lan::OrderState::parked;
  std::string till;           // that holds it
  std::int64_t since_ms = 0;  // 1970
  std::string at;

  static void describe(auto& self, auto& fields) {
    fields("order", self.order)
        .maybe("label", self.label)("total", self.total)("state", self.state)("till", self.till)(
            "since_ms", self.since_ms)("at", self.at);
  }
};

// The open orders of the shop, oldest first, and the LAN as this till sees it.
struct OrdersShown {
  std::vector<OrderRow> open;
  std::string hub;  // empty: none is known
  std::uint64_t hub_epoch = 0;
  std::vector<std::string> there;  // the other tills that are heard

  static void describe(auto& self, auto& fields) {
    fields("open", self.open).maybe("hub", self.hub).maybe("hub_epoch", self.hub_epoch);
    fields.maybe("there", self.there);
  }
};

}  // namespace tillrig::till
