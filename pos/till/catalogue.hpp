#pragma once

#include "devices/scanner/barcode.hpp"
#include "pos/base/money.hpp"
#include "pos/base/result.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tillrig::till {

// One thing the shop sells.
struct Item {
  std::string sku;
  std::string name;
  std::string code;   // EAN-13, EAN-8, UPC-A or UPC-E, empty for none; for price-embedded items
                      // the layout's prefix and the item digits ("20" + 5 digits)
  base::Money price;  // per piece or per kilogram; of a price-embedded item when it is keyed in
  base::Rate tax;
  bool price_embedded = false;  // its labels carry the price
};

// What is on sale, by SKU and by what a scanner reads.
class Catalogue {
 public:
  Catalogue() = default;
  // Errors: exists, naming the two items that share a SKU or a code.
  // `layouts`: how the shop's scales write prices into labels.
  static base::Result<Catalogue> of(std::vector<Item> items,
                                    std::vector<scanner::PriceLayout> layouts = {{}});

  // This one with changes made to it: items that are new or others now, or, without an item, that
  // are not sold any more. Where two items have one code now, that of the earlier one counts, and
  // the other is sold by its SKU.
  struct Change {
    std::string sku;
    std::optional<Item> item;
  };
  [[nodiscard]] Catalogue changed(const std::vector<Change>& changes) const;

  [[nodiscard]] const Item* by_sku(std::string_view sku) const;

  // The item that a scanned code names, and the price where the code carries it. Errors: bad_input
  // (check digit), not_found.
  struct Found {
    const Item* item = nullptr;
    base::Money price;
    bool price_inside = false;  // the code carried it: it is for what the label is on
  };
  [[nodiscard]] base::Result<Found> by_code(std::string_view code) const;
  // The item with that SKU or code, then those whose name has the text as a part; in the order of
  // the catalogue, at most so many.
  [[nodiscard]] std::vector<Item> find(std::string_view text, std::size_t most) const;

 private:
  // False: another item has its code.
  bool add_code(std::size_t at);
  [[nodiscard]] base::Result<std::optional<Found>> by_scale(const std::string& ean) const;

  std::vector<Item> items_;
  std::vector<scanner::PriceLayout> layouts_;
  std::map<std::string, std::size_t, std::less<>> by_sku_;
  std::map<std::string, std::size_t, std::less<>> by_code_;
};

}  // namespace tillrig::till
