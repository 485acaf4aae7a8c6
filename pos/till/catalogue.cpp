#include "pos/till/catalogue.hpp"

#include "pos/till/customers.hpp"

namespace tillrig::till {

bool Catalogue::add_code(std::size_t at) {
  const Item& item = items_[at];
  if (item.code.empty()) return true;  // sold by SKU alone
  if (!by_code_.emplace(scanner::to_ean13(item.code), at).second) return false;
  if (item.price_embedded) return true;
  // Eight digits on a label may be read as the twelve that they stand for.
  if (const std::string upc_a = scanner::expand_upc_e(item.code); !upc_a.empty()) {
    by_code_.emplace(scanner::to_ean13(upc_a), at);
  }
  return true;
}

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
    if (catalogue.add_code(i)) continue;
    const std::size_t other = catalogue.by_code_.at(scanner::to_ean13(item.code));
    return base::fail(base::Code::exists, "\"{}\" and \"{}\" have the same code {}", item.sku,
                      catalogue.items_[other].sku, item.code);
  }
  return catalogue;
}

Catalogue Catalogue::changed(const std::vector<Change>& changes) const {
  std::map<std::string_view, const Change*> by_sku;
  for (const Change& change : changes) by_sku[change.sku] = &change;
  Catalogue made;
  made.layouts_ = layouts_;
  for (const Item& item : items_) {
    const auto at = by_sku.find(item.sku);
    if (at == by_sku.end()) {
      made.items_.push_back(item);
    } else {
      if (at->second->item) made.items_.push_back(*at->second->item);
      by_sku.erase(at);
    }
  }
  for (const auto& [sku, change] : by_sku) {
    if (change->item) made.items_.push_back(*change->item);
  }
  for (std::size_t i = 0; i < made.items_.size(); ++i) {
    made.by_sku_.emplace(made.items_[i].sku, i);
    static_cast<void>(made.add_code(i));
  }
  return made;
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

std::vector<Item> Catalogue::find(std::string_view text, std::size_t most) const {
  std::vector<Item> found;
  const Item* called = by_sku(text);
  if (called == nullptr && !text.empty()) {
    if (const auto scanned = by_code(text)) called = scanned->item;
  }
  if (called != nullptr && most > 0) found.push_back(*called);
  for (const Item& item : items_) {
    if (found.size() >= most) break;
    if (&item != called && has_part(item.name, text)) found.push_back(item);
  }
  return found;
}

}  // namespace tillrig::till
