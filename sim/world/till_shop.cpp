#include "sim/world/till_shop.hpp"

namespace tillrig::world {

base::Result<void> furnish(till::Config& config, const Shop& shop) {
  std::vector<till::Item> items;
  items.reserve(shop.items.size());
  for (const Item& item : shop.items) {
    items.push_back({item.sku, item.name, item.code, item.price, item.tax, item.price_embedded});
  }
  auto catalogue = till::Catalogue::of(std::move(items));
  if (!catalogue) return base::Failure(catalogue.error());
  config.currency = shop.currency;
  config.catalogue = *std::move(catalogue);
  config.shop = {shop.header, shop.footer};
  return {};
}

}  // namespace tillrig::world
