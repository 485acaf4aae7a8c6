#include "sim/world/labels.hpp"

#include "devices/scanner/barcode.hpp"

namespace tillrig::world {
namespace {

scanner::PriceLayout for_scanner(const PriceLayout& layout) {
  return {layout.prefix, static_cast<std::size_t>(layout.item_digits),
          static_cast<std::size_t>(layout.price_digits), layout.verifier};
}

}  // namespace

base::Result<std::string> label_of(const Shop& shop, const Item& item,
                                   std::optional<base::Money> price) {
  if (!item.price_embedded) return item.code;
  for (const PriceLayout& layout : shop.layouts) {
    const std::size_t digits = layout.prefix.size() + static_cast<std::size_t>(layout.item_digits);
    if (!item.code.starts_with(layout.prefix) || item.code.size() != digits) continue;
    scanner::EmbeddedPrice inside;
    inside.item = item.code.substr(layout.prefix.size());
    inside.price_minor = price.value_or(item.price).minor;
    return scanner::encode_price(for_scanner(layout), inside);
  }
  return base::fail(base::Code::not_found, "no price layout of the shop fits {}", item.sku);
}

bool is_label_code(std::string_view code) {
  return scanner::is_valid(code);
}

std::string scanned_form(std::string_view code) {
  return scanner::to_ean13(code);
}

base::Result<void> check_layout(const PriceLayout& layout) {
  return scanner::check_layout(for_scanner(layout));
}

}  // namespace tillrig::world
