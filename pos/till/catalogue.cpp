#include "pos/till/catalogue.hpp"

namespace tillrig::till {
namespace {

const scanner::PriceLayout kScaleLayout;  // 20 IIIII PPPPP C

}  // namespace

base::Result<Catalogue> Catalogue::of(std::vector<Item> items) {
  Catalogue catalogue;
  catalogue.items_ = std::move(items);
  for (std::size_t i = 0; i < catalogue.items_.size(); ++i) {
    const Item& item = catalogue.items_[i];
    if (!catalogue.by_sku_.emplace(item.sku, i).second) {
      return base::fail(base::Code::exists, "two items have the SKU \"{}\"", item.sku);
    }
    if (item.code.empty()) continue;  // sold by SKU alone
    const auto [at, fresh] = catalogue.by_code_.emplace(scanner::to_ean13(item.code), i);
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

base::Result<Catalogue::Found> Catalogue::by_code(std::string_view code) const {
  const std::string ean = scanner::to_ean13(code);
  if (const auto at = by_code_.find(ean); at != by_code_.end()) {
    const Item& item = items_[at->second];
    return Found{&item, item.price, false};
  }
  if (scanner::has_layout(kScaleLayout, ean)) {
    const auto inside = scanner::decode_price(kScaleLayout, ean);
    if (!inside) return base::Failure(inside.error());
    const auto at = by_code_.find(kScaleLayout.prefix + inside->item);
    if (at != by_code_.end() && items_[at->second].price_embedded) {
      return Found{&items_[at->second], base::Money{inside->price_minor}, true};
    }
  }
  if (scanner::guess(code) != scanner::Symbology::other && !scanner::is_valid(code)) {
    return base::fail(base::Code::bad_input,
                      "{} has a wrong check digit: scan it again or key it in anew", code);
  }
  return base::fail(base::Code::not_found, "no item has the code {}", code);
}

}  // namespace tillrig::till
