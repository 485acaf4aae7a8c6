#include "sim/oracle/amount.hpp"

#include "pos/base/assert.hpp"

namespace tillrig::oracle {

std::optional<std::int64_t> read_amount(std::string_view text, int exponent) {
  const bool negative = !text.empty() && text.front() == '-';
  if (negative) text.remove_prefix(1);
  const std::size_t places = static_cast<std::size_t>(exponent);
  const std::size_t tail = places == 0 ? 0 : places + 1;
  if (text.size() <= tail) return std::nullopt;
  const std::size_t point = text.size() - tail;
  std::int64_t minor = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (i == point) {
      if (text[i] != '.') return std::nullopt;
      continue;
    }
    if (text[i] < '0' || text[i] > '9') return std::nullopt;
    const std::int64_t digit = text[i] - '0';
    if (minor > (INT64_MAX - digit) / 10) return std::nullopt;
    minor = minor * 10 + digit;
  }
  return negative ? -minor : minor;
}

std::string amount_text(std::int64_t minor, int exponent) {
  TILLRIG_ASSERT(exponent >= 0 && exponent <= 4, "a currency has 0 to 4 decimals");
  const bool negative = minor < 0;
  const auto bits = static_cast<std::uint64_t>(minor);
  std::string digits = std::to_string(negative ? 0 - bits : bits);
  const std::size_t places = static_cast<std::size_t>(exponent);
  if (digits.size() <= places) digits.insert(0, places + 1 - digits.size(), '0');
  if (places > 0) digits.insert(digits.size() - places, 1, '.');
  return negative ? "-" + digits : digits;
}

}  // namespace tillrig::oracle
