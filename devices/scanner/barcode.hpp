#pragma once

#include "pos/base/result.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tillrig::scanner {

// What a code looks like by its length and digits; `other` is anything that is not one of the three
// (Code 128, a 5-digit item code, a gift card).
enum class Symbology { ean13, ean8, upca, other };

std::string_view name(Symbology symbology);  // "EAN-13", "EAN-8", "UPC-A", "other"

// By form alone (13, 8 or 12 digits); says nothing about the check digit.
Symbology guess(std::string_view code);

// True for a non-empty run of '0'..'9'.
bool all_digits(std::string_view text);

// The digit that belongs behind `digits`: mod 10, weights 3 and 1 from the right (GS1 General
// Specifications 7.9.1). Takes digits only.
char check_digit(std::string_view digits);

// True for an EAN-13, EAN-8, UPC-A or UPC-E whose last digit is its check digit.
bool is_valid(std::string_view code);

// UPC-A as the EAN-13 that it is (a 0 in front), anything else as it came. Catalogues are asked by
// this form.
std::string to_ean13(std::string_view code);

// The UPC-A that eight digits stand for when they are an UPC-E with its check digit (GS1 General
// Specifications 5.2.2.4); empty if they are none. The same digits may be an EAN-8, too.
std::string expand_upc_e(std::string_view code);

// The forms under which a catalogue may know a scanned code, the likelier first.
std::vector<std::string> forms_of(std::string_view code);

// How a shop's scale writes a price into an EAN-13 of restricted circulation:
// prefix, item, [price verifier], price, check digit. `20 IIIII PPPPP C` is the default; GS1 UK's
// `20 XXXRR V PPPP C` is {"20", 5, 4, true}. The four parts are 12 digits together.
struct PriceLayout {
  std::string prefix = "20";
  std::size_t item_digits = 5;
  std::size_t price_digits = 5;
  bool verifier = false;
};

struct EmbeddedPrice {
  std::string item;              // the scale's item code, leading zeros kept
  std::int64_t price_minor = 0;  // minor units of the shop's currency
};

// Errors: bad_input, saying what is wrong: a prefix that is not digits, parts that are not 12
// digits together, no item digits, a verifier over a price that is not 4 or 5 digits.
base::Result<void> check_layout(const PriceLayout& layout);

// True if the code is an EAN-13 that begins with the layout's prefix.
bool has_layout(const PriceLayout& layout, std::string_view code);

// The item and price inside a code. A wrong verifier is an error although the check digit is right:
// a price read wrongly must not be charged. Errors: bad_input.
base::Result<EmbeddedPrice> decode_price(const PriceLayout& layout, std::string_view code);

// What a scale prints. Errors: bad_input (item not of item_digits), too_large (price).
base::Result<std::string> encode_price(const PriceLayout& layout, const EmbeddedPrice& price);

// The verifier of a price of 4 or 5 digits (GS1 General Specifications 7.9.2 to 7.9.4).
char price_verifier(std::string_view price_digits);

}  // namespace tillrig::scanner
