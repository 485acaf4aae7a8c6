#include "pos/till/catalogue.hpp"

namespace tillrig::till {
base::Result<Catalogue> Catalogue::of(std::vector<Item> items,
                                      std::vector<scanner::PriceLayout> layouts) {
  Catalogue catalogue;
  catalogue.items_ = std::move(items);
  catalogue.layouts_ = std::move(layouts);
  for (std::size_t i = 0; i < catalogue.items_.size(); ++i) {
    const Item& item = catalogue.items_[i];
    if (!catalogue.by_sku_.emplace(item.sku, i).second) {
      return base::fail(base::Code::exists, "two items have the SKU \"{}\"", item.sku);
    }
    if (item.code.empty()) continue;  // sold by SKU alone
    const auto [at, fresh] = catalogue.by_code_.emplace(scanner::to_ean13(item.code), i);
    // Eight digits on a label may be read as the twelve that they stand for.
    if (item.price_embedded || !fresh) {
    } else if (const std::string upc_a = scanner::expand_upc_e(item.code); !upc_a.empty()) {
      catalogue.by_code_.emplace(scanner::to_ean13(upc_a), i);
    }
    if (!fresh) {
      return base::fail(base::Code::exists, "\"{}\" and \"{}\" have the same code {}", item.sku,
                        catalogue.items_[at->second].sku, item.code);
    }
  }
  return catalogue;
}

const Item* Catalogue::by_sku(std::string_view sku) const {
  const auto at = by_sku_.find(sku);
  return at == by_sku_.end() ? nullptr : &items_[at->second];
}

base::Result<std::optional<Catalogue::Found>> Catalogue::by_scale(const std::string& ean) const {
  for (const scanner::PriceLayout& layout : layouts_) {
    if (!scanner::has_layout(layout, ean)) continue;
    const auto inside = scanner::decode_price(layout, ean);
    if (!inside) return base::Failure(inside.error());
    const auto at = by_code_.find(layout.prefix + inside->item);
    if (at == by_code_.end() || !items_[at->second].price_embedded) continue;
    return Found{&items_[at->second], base::Money{inside->price_minor}, true};
  }
  return std::nullopt;
}

base::Result<Catalogue::Found> Catalogue::by_code(std::string_view code) const {
  for (const std::string& form : scanner::forms_of(code)) {
    const auto at = by_code_.find(form);
    if (at == by_code_.end()) continue;
    return Found{&items_[at->second], items_[at->second].price, false};
  }
  const auto scale = by_scale(scanner::to_ean13(code));
  if (!scale) return base::Failure(scale.error());
  if (*scale) return **scale;
  if (scanner::guess(code) != scanner::Symbology::other && !scanner::is_valid(code)) {
    return base::fail(base::Code::bad_input,
                      "{} has a wrong check digit: scan it again or key it in anew", code);
  }
  return base::fail(base::Code::not_found, "no item has the code {}", code);
}

}  // namespace tillrig::till
