#include "pos/base/money.hpp"
#include "pos/base/nearest.hpp"

#include <algorithm>
#include <array>

namespace tillrig::base {
namespace {

// ISO 4217, list one: code and digits of the minor unit. By code.
constexpr Currency kCurrencies[] = {
    {"AED", 2}, {"AUD", 2}, {"BHD", 3}, {"BRL", 2}, {"CAD", 2}, {"CHF", 2}, {"CLP", 0}, {"CNY", 2},
    {"CZK", 2}, {"DKK", 2}, {"EUR", 2}, {"GBP", 2}, {"HKD", 2}, {"HUF", 2}, {"IDR", 2}, {"ILS", 2},
    {"INR", 2}, {"IQD", 3}, {"ISK", 0}, {"JOD", 3}, {"JPY", 0}, {"KRW", 0}, {"KWD", 3}, {"LYD", 3},
    {"MXN", 2}, {"NOK", 2}, {"NZD", 2}, {"OMR", 3}, {"PLN", 2}, {"RON", 2}, {"SAR", 2}, {"SEK", 2},
    {"SGD", 2}, {"THB", 2}, {"TND", 3}, {"TRY", 2}, {"USD", 2}, {"VND", 0}, {"ZAR", 2}};

constexpr auto kCodes = [] {
  std::array<std::string_view, std::size(kCurrencies)> codes;
  for (std::size_t i = 0; i < codes.size(); ++i) codes[i] = kCurrencies[i].code;
  return codes;
}();

}  // namespace

Result<Currency> find_currency(std::string_view code) {
  for (const Currency& currency : kCurrencies) {
    if (currency.code == code) return currency;
  }
  std::string upper(code.substr(0, 16));
  for (char& c : upper) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  const auto near = nearest(upper, kCodes);
  if (near.empty()) {
    return fail(Code::not_found,
                "'{}' is not a currency that a till may be set to; expected one of {}",
                code.substr(0, 16), fmt::join(kCodes, ", "));
  }
  return fail(
      Code::not_found,
      "'{}' is not a currency that a till may be set to; the nearest is {} (ISO 4217, three "
      "capital letters)",
      code.substr(0, 16), near);
}

}  // namespace tillrig::base
