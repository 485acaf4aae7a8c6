#pragma once

#include "pos/till/cart.hpp"
#include "pos/till/catalogue.hpp"

#include <string>

namespace tillrig::till {

inline Item item(std::string sku, std::int64_t minor, std::int64_t tax = 1900,
                 std::string code = {}) {
  Item made;
  made.name = "The " + sku;
  made.sku = std::move(sku);
  made.code = std::move(code);
  made.price = Money{minor};
  made.tax = Rate{tax};
  return made;
}

// The item digits of a scale's label.
inline Item weighed(std::string sku, std::string digits) {
  Item made = item(std::move(sku), 1999, 700, "20" + digits);
  made.price_embedded = true;
  return made;
}

// A sale as the store would hand it back.
inline wire::Event sale_of(wire::Document document) {
  wire::Event event;
  event.id = {"till-1", 3, 42};
  event.kind = wire::EventKind::sale;
  event.aggregate = event.id.text();
  document.number = 42;
  event.body = std::move(document);
  return event;
}

}  // namespace tillrig::till
