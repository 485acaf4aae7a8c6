#pragma once

#include "pos/wire/api.hpp"
#include "pos/wire/feed.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace tillrig::wire {

inline constexpr std::string_view kStockLedger = "stock";  // thousandths, by SKU

// GET /v1/stock/{sku}: how much of it is there, by what was delivered, sold and given back as far
// as the cloud has it.
struct Stock {
  std::string sku;
  Quantity quantity;

  static void describe(auto& self, auto& fields) {
    fields("sku", self.sku, {.bytes = kTextBytes})("quantity", self.quantity, kAmounts);
  }
};

// POST /v1/deliveries, by the office: goods that have come, once for an id however often it is
// sent.
struct Delivery {
  std::string id;  // of A-Z, a-z, 0-9, - and _
  std::vector<Stock> goods;

  static void describe(auto& self, auto& fields) {
    fields("id", self.id, {.bytes = 64})("goods", self.goods, {.entries = kFeedRows});
  }
};

// Errors: bad_input, naming the field.
Bytes write_json(const Stock& stock);
Bytes write_json(const Delivery& delivery);
Result<Stock> read_stock(ByteView body);
Result<Delivery> read_delivery(ByteView body);

}  // namespace tillrig::wire
