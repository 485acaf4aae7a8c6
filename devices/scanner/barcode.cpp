#include "devices/scanner/barcode.hpp"

#include "pos/base/assert.hpp"

#include <algorithm>
#include <array>

namespace tillrig::scanner {
namespace {

constexpr std::size_t kEan13Digits = 13;
constexpr std::size_t kEan8Digits = 8;
constexpr std::size_t kUpcaDigits = 12;

// The weighted products of GS1 General Specifications 7.9.2: "2-" doubles and takes the tens from
// the units, "5+" multiplies by five and adds the tens, "5-" takes them away.
constexpr std::array<int, 10> kTwoMinus = {0, 2, 4, 6, 8, 9, 1, 3, 5, 7};
constexpr std::array<int, 10> kThree = {0, 3, 6, 9, 2, 5, 8, 1, 4, 7};
constexpr std::array<int, 10> kFivePlus = {0, 5, 1, 6, 2, 7, 3, 8, 4, 9};
constexpr std::array<int, 10> kFiveMinus = {0, 5, 9, 4, 8, 3, 7, 2, 6, 1};

std::size_t value_of(char digit) {
  return static_cast<std::size_t>(digit - '0');
}

char digit_of(int value) {
  return static_cast<char>('0' + value);
}

std::string padded(std::int64_t value, std::size_t digits) {
  std::string text = std::to_string(value);
  return text.size() < digits ? std::string(digits - text.size(), '0') + text : text;
}

}  // namespace

std::string_view name(Symbology symbology) {
  switch (symbology) {
    case Symbology::ean13:
      return "EAN-13";
    case Symbology::ean8:
      return "EAN-8";
    case Symbology::upca:
      return "UPC-A";
    case Symbology::other:
      return "other";
  }
  return "other";
}

bool all_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(),
                                      [](char each) { return each >= '0' && each <= '9'; });
}

Symbology guess(std::string_view code) {
  if (!all_digits(code)) return Symbology::other;
  if (code.size() == kEan13Digits) return Symbology::ean13;
  if (code.size() == kEan8Digits) return Symbology::ean8;
  if (code.size() == kUpcaDigits) return Symbology::upca;
  return Symbology::other;
}

char check_digit(std::string_view digits) {
  TILLRIG_ASSERT(all_digits(digits), "a check digit is computed over digits only");
  std::size_t sum = 0;
  std::size_t weight = 3;
  for (std::size_t i = digits.size(); i-- > 0;) {
    sum += weight * value_of(digits[i]);
    weight = 4 - weight;
  }
  return digit_of(static_cast<int>((10 - sum % 10) % 10));
}

bool is_valid(std::string_view code) {
  if (guess(code) == Symbology::other) return false;
  if (check_digit(code.substr(0, code.size() - 1)) == code.back()) return true;
  return !expand_upc_e(code).empty();
}

std::string to_ean13(std::string_view code) {
  std::string text(code);
  return guess(code) == Symbology::upca ? "0" + text : text;
}

std::string expand_upc_e(std::string_view code) {
  const bool may_be = code.size() == kEan8Digits && all_digits(code) && code[0] <= '1';
  if (!may_be) return {};
  const std::string_view six = code.substr(1, 6);
  const char last = six[5];
  std::string number;
  if (last <= '2') {
    number = std::string(six.substr(0, 2)) + last + "0000" + std::string(six.substr(2, 3));
  } else if (last == '3') {
    number = std::string(six.substr(0, 3)) + "00000" + std::string(six.substr(3, 2));
  } else if (last == '4') {
    number = std::string(six.substr(0, 4)) + "00000" + six[4];
  } else {
    number = std::string(six.substr(0, 5)) + "0000" + last;
  }
  number.insert(number.begin(), code[0]);
  if (check_digit(number) != code.back()) return {};
  return number + code.back();
}

std::vector<std::string> forms_of(std::string_view code) {
  std::vector<std::string> forms = {to_ean13(code)};
  if (const std::string upc_a = expand_upc_e(code); !upc_a.empty()) {
    forms.push_back(to_ean13(upc_a));
  }
  return forms;
}

char price_verifier(std::string_view price_digits) {
  TILLRIG_ASSERT(all_digits(price_digits) && (price_digits.size() == 4 || price_digits.size() == 5),
                 "a price verifier is defined for prices of 4 and 5 digits");
  const auto at = [&](std::size_t i) { return value_of(price_digits[i]); };
  if (price_digits.size() == 4) {
    const int sum = kTwoMinus[at(0)] + kTwoMinus[at(1)] + kThree[at(2)] + kFiveMinus[at(3)];
    return digit_of(sum * 3 % 10);
  }
  const int sum =
      kFivePlus[at(0)] + kTwoMinus[at(1)] + kFiveMinus[at(2)] + kFivePlus[at(3)] + kTwoMinus[at(4)];
  const int rest = (10 - sum % 10) % 10;
  const auto found = std::find(kFiveMinus.begin(), kFiveMinus.end(), rest);
  return digit_of(static_cast<int>(found - kFiveMinus.begin()));
}

base::Result<void> check_layout(const PriceLayout& layout) {
  if (!all_digits(layout.prefix)) {
    return base::fail(base::Code::bad_input,
                      "a price layout's prefix is \"{}\"; it must be digits, such as \"20\"",
                      layout.prefix);
  }
  const std::size_t verifier = layout.verifier ? 1 : 0;
  const std::size_t most = kEan13Digits - 1;
  const bool fits =
      layout.item_digits >= 1 && layout.item_digits <= most && layout.price_digits >= 1 &&
      layout.price_digits <= most &&
      layout.prefix.size() + layout.item_digits + verifier + layout.price_digits == most;
  if (!fits) {
    return base::fail(base::Code::bad_input,
                      "the price layout with prefix {} has {} item digits, {} verifier digits and "
                      "{} price digits; with the prefix they must make 12",
                      layout.prefix, layout.item_digits, verifier, layout.price_digits);
  }
  if (layout.verifier && layout.price_digits != 4 && layout.price_digits != 5) {
    return base::fail(base::Code::bad_input,
                      "the price layout with prefix {} verifies a price of {} digits; a verifier "
                      "exists for 4 and 5 digits only",
                      layout.prefix, layout.price_digits);
  }
  return {};
}

bool has_layout(const PriceLayout& layout, std::string_view code) {
  return guess(code) == Symbology::ean13 && code.starts_with(layout.prefix);
}

base::Result<EmbeddedPrice> decode_price(const PriceLayout& layout, std::string_view code) {
  if (auto fine = check_layout(layout); !fine) return tl::unexpected(fine.error());
  if (!has_layout(layout, code)) {
    return base::fail(base::Code::bad_input,
                      "code {} holds no price: expected an EAN-13 that begins with {}", code,
                      layout.prefix);
  }
  if (!is_valid(code)) {
    return base::fail(base::Code::bad_input,
                      "code {} ends with check digit {}, expected {}; scan the label again", code,
                      code.back(), check_digit(code.substr(0, kEan13Digits - 1)));
  }
  std::string_view rest = code.substr(layout.prefix.size());
  const std::string_view item = rest.substr(0, layout.item_digits);
  rest.remove_prefix(layout.item_digits);
  const char verifier = rest.front();
  if (layout.verifier) rest.remove_prefix(1);
  const std::string_view price = rest.substr(0, layout.price_digits);
  if (layout.verifier && verifier != price_verifier(price)) {
    return base::fail(base::Code::bad_input,
                      "code {} gives the price {} with verifier {}, expected {}; scan the label "
                      "again or key the price in",
                      code, price, verifier, price_verifier(price));
  }
  EmbeddedPrice out;
  out.item = std::string(item);
  for (char digit : price) {
    out.price_minor = out.price_minor * 10 + static_cast<std::int64_t>(value_of(digit));
  }
  return out;
}

base::Result<std::string> encode_price(const PriceLayout& layout, const EmbeddedPrice& price) {
  if (auto fine = check_layout(layout); !fine) return tl::unexpected(fine.error());
  if (!all_digits(price.item) || price.item.size() != layout.item_digits) {
    return base::fail(base::Code::bad_input, "item code \"{}\" is not {} digits", price.item,
                      layout.item_digits);
  }
  const std::string digits = padded(price.price_minor, layout.price_digits);
  if (price.price_minor < 0 || digits.size() > layout.price_digits) {
    return base::fail(base::Code::too_large,
                      "the price {} of item {} does not fit the {} digits of its label",
                      price.price_minor, price.item, layout.price_digits);
  }
  std::string code = layout.prefix + price.item;
  if (layout.verifier) code += price_verifier(digits);
  code += digits;
  code += check_digit(code);
  return code;
}

}  // namespace tillrig::scanner
