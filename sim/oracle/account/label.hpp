#pragma once

#include "sim/oracle/shop.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace tillrig::oracle {

// What a code names, and what it costs by its label.
struct Label {
  const ShopItem* item = nullptr;
  std::int64_t price = 0;
  bool embedded = false;  // the label says the price
};

// Reads codes by the shop's catalogue: EAN-13, EAN-8, UPC-A, UPC-E (GS1 General Specifications 5.2
// and 7.9), what a scale prints, and anything else that stands in the catalogue as it is.
class Labels {
 public:
  explicit Labels(const Shop& shop);

  // Nothing: no item has it, or its check digit is wrong.
  [[nodiscard]] std::optional<Label> read(std::string_view code) const;
  // Null when the shop does not sell it.
  [[nodiscard]] const ShopItem* by_sku(std::string_view sku) const;

 private:
  [[nodiscard]] std::optional<Label> read_scale(std::string_view ean) const;

  const Shop& shop_;
  std::unordered_map<std::string, const ShopItem*> by_form_;
  std::unordered_map<std::string_view, const ShopItem*> by_sku_;
};

// Mod 10, weights 3 and 1 from the right; digits only.
char mod10(std::string_view digits);
// The UPC-A that an UPC-E of eight digits stands for; nothing if it stands for none.
std::optional<std::string> expand_upc_e(std::string_view code);

}  // namespace tillrig::oracle
