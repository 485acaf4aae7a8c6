#include "sim/oracle/account/label.hpp"

#include <algorithm>

namespace tillrig::oracle {
namespace {

bool digits_only(std::string_view code) {
  return !code.empty() && code.find_first_not_of("0123456789") == std::string_view::npos;
}

bool checks(std::string_view code) {
  return digits_only(code) && code.size() > 1 &&
         mod10(code.substr(0, code.size() - 1)) == code.back();
}

// The forms by which a code is known, the likelier first; the code itself when it is none of ours.
std::vector<std::string> forms(std::string_view code) {
  std::vector<std::string> all;
  if (code.size() == 13 && checks(code)) all.emplace_back(code);
  if (code.size() == 12 && checks(code)) all.push_back("0" + std::string(code));
  if (code.size() == 8 && checks(code)) all.push_back("ean8:" + std::string(code));
  if (code.size() == 8) {
    if (auto upc_a = expand_upc_e(code)) all.push_back("0" + *upc_a);
  }
  const bool of_ours = digits_only(code) && (code.size() == 8 || code.size() >= 12);
  if (all.empty() && !of_ours) all.emplace_back(code);
  return all;
}

// GS1 General Specifications 7.9.2 to 7.9.4, as weights on the digit d: 2- is 2d less its tens, 5+
// is 5d and its tens, 5- is 5d less its tens; only the last digit counts.
int weighted(char digit, std::string_view weight) {
  const int d = digit - '0';
  if (weight == "3") return 3 * d % 10;
  const int product = (weight[0] == '2' ? 2 : 5) * d;
  const int tens = product / 10;
  const int value = weight[1] == '+' ? product + tens : product - tens;
  return ((value % 10) + 10) % 10;
}

char price_check(std::string_view price) {
  static constexpr std::string_view kFour[] = {"2-", "2-", "3", "5-"};
  static constexpr std::string_view kFive[] = {"5+", "2-", "5-", "5+", "2-"};
  int sum = 0;
  if (price.size() == 4) {
    for (std::size_t i = 0; i < 4; ++i) sum += weighted(price[i], kFour[i]);
    return static_cast<char>('0' + sum * 3 % 10);
  }
  for (std::size_t i = 0; i < 5; ++i) sum += weighted(price[i], kFive[i]);
  const int rest = (10 - sum % 10) % 10;
  for (char check = '0'; check <= '9'; ++check) {
    if (weighted(check, "5-") == rest) return check;
  }
  return '?';
}

}  // namespace

char mod10(std::string_view digits) {
  int sum = 0;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    const bool odd_from_right = (digits.size() - i) % 2 == 1;
    sum += (digits[i] - '0') * (odd_from_right ? 3 : 1);
  }
  return static_cast<char>('0' + (10 - sum % 10) % 10);
}

std::optional<std::string> expand_upc_e(std::string_view code) {
  if (code.size() != 8 || !digits_only(code) || code[0] > '1') return std::nullopt;
  const std::string_view d = code.substr(1, 6);
  std::string body(1, code[0]);
  if (d[5] <= '2') {
    body.append(d.substr(0, 2)).append(1, d[5]).append("0000").append(d.substr(2, 3));
  } else if (d[5] == '3') {
    body.append(d.substr(0, 3)).append("00000").append(d.substr(3, 2));
  } else if (d[5] == '4') {
    body.append(d.substr(0, 4)).append("00000").append(d.substr(4, 1));
  } else {
    body.append(d.substr(0, 5)).append("0000").append(1, d[5]);
  }
  if (mod10(body) != code[7]) return std::nullopt;
  return body + code[7];
}

Labels::Labels(const Shop& shop) : shop_(shop) {
  for (const ShopItem& item : shop.items) {
    by_sku_.emplace(item.sku, &item);
    if (item.code.empty()) continue;
    if (item.embedded) {
      by_form_.emplace("scale:" + item.code, &item);
    } else {
      for (std::string& form : forms(item.code)) by_form_.emplace(std::move(form), &item);
    }
  }
}

const ShopItem* Labels::by_sku(std::string_view sku) const {
  const auto at = by_sku_.find(sku);
  return at == by_sku_.end() ? nullptr : at->second;
}

std::optional<Label> Labels::read(std::string_view code) const {
  const std::vector<std::string> all = forms(code);
  for (const std::string& form : all) {
    const auto at = by_form_.find(form);
    if (at != by_form_.end()) return Label{at->second, at->second->price, false};
  }
  for (const std::string& form : all) {
    if (auto label = read_scale(form)) return label;
  }
  // The scale's own number, keyed in: at the price of a unit.
  const auto scale = by_form_.find("scale:" + std::string(code));
  if (scale != by_form_.end()) return Label{scale->second, scale->second->price, false};
  return std::nullopt;
}

std::optional<Label> Labels::read_scale(std::string_view ean) const {
  if (ean.size() != 13 || !checks(ean)) return std::nullopt;
  for (const ShopLayout& layout : shop_.layouts) {
    if (!ean.starts_with(layout.prefix)) continue;
    const std::size_t item_end = layout.prefix.size() + layout.item_digits;
    const std::size_t price_at = item_end + (layout.verifier ? 1 : 0);
    if (price_at + layout.price_digits + 1 != ean.size()) continue;
    const std::string_view price = ean.substr(price_at, layout.price_digits);
    if (layout.verifier && ean[item_end] != price_check(price)) continue;
    const auto at = by_form_.find("scale:" + std::string(ean.substr(0, item_end)));
    if (at == by_form_.end()) continue;
    Label label{at->second, 0, true};
    for (const char digit : price) label.price = label.price * 10 + (digit - '0');
    return label;
  }
  return std::nullopt;
}

}  // namespace tillrig::oracle
