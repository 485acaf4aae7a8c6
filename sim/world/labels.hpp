#pragma once

#include "pos/base/money.hpp"
#include "pos/base/result.hpp"
#include "sim/world/shop.hpp"

#include <string>
#include <string_view>

namespace tillrig::world {

// What the label of an item carries. A scale's label holds `price`, or what a unit costs if that is
// zero. Errors: too_large, a price that a label has no room for.
base::Result<std::string> label_of(const Item& item, base::Money price);

// Whether a code as the fixture has it can stand on a label: an EAN-13 or UPC-A with its check
// digit, or the five digits of a scale's item.
bool is_label_code(std::string_view code, bool price_embedded);

// One form for codes that a scanner reads as the same.
std::string scanned_form(std::string_view code);

}  // namespace tillrig::world
