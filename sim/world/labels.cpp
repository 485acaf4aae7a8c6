#include "sim/world/labels.hpp"

#include "devices/scanner/barcode.hpp"

namespace tillrig::world {

base::Result<std::string> label_of(const Item& item, base::Money price) {
  if (!item.price_embedded) return item.code;
  const scanner::PriceLayout layout;
  scanner::EmbeddedPrice inside;
  inside.item = item.code.substr(layout.prefix.size());
  inside.price_minor = price.minor != 0 ? price.minor : item.price.minor;
  return scanner::encode_price(layout, inside);
}

bool is_label_code(std::string_view code, bool price_embedded) {
  if (!price_embedded) return scanner::is_valid(code);
  return code.size() == scanner::PriceLayout().item_digits && scanner::all_digits(code);
}

std::string scanned_form(std::string_view code) {
  return scanner::to_ean13(code);
}

}  // namespace tillrig::world
