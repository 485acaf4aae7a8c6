#pragma once

#include "pos/base/money.hpp"
#include "pos/base/result.hpp"
#include "sim/world/shop.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace tillrig::world {

// What the label of an item carries. A scale's label holds `price`, or what a unit costs if none is
// given. Errors: too_large, a price that a label has no room for.
base::Result<std::string> label_of(const Shop& shop, const Item& item,
                                   std::optional<base::Money> price);

// Whether a code can stand on a label: an EAN-13, EAN-8, UPC-A or UPC-E with its check digit.
bool is_label_code(std::string_view code);

// One form for codes that a scanner reads as the same.
std::string scanned_form(std::string_view code);

// Errors: bad_input, saying what is wrong with a layout.
base::Result<void> check_layout(const PriceLayout& layout);

}  // namespace tillrig::world
