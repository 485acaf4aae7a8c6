#pragma once

#include "pos/base/money.hpp"

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace tillrig::world {

// One thing that the shop sells.
struct Item {
  std::string sku;
  std::string name;
  std::string code;   // EAN-13 or UPC-A, empty for none; of a scale's item "20" and five digits
  base::Money price;  // a piece or a kilogram
  base::Rate tax;
  bool price_embedded = false;  // its labels carry the price
};

// The shop that a scenario plays in, as its fixture has it.
struct Shop {
  std::string name = "corner-shop";
  std::string file;  // of the fixture; empty when it stands in none
  std::string currency = "EUR";
  std::vector<Item> items;          // no two share a SKU or a code
  std::vector<std::string> header;  // of receipts
  std::vector<std::string> footer;
  // The names of its things by their kind, as scenarios say them: "item" has the SKUs.
  std::map<std::string, std::vector<std::string>, std::less<>> named;

  // Null when the shop does not sell it.
  [[nodiscard]] const Item* by_sku(std::string_view sku) const {
    for (const Item& item : items) {
      if (item.sku == sku) return &item;
    }
    return nullptr;
  }
};

}  // namespace tillrig::world
