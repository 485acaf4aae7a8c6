#include "pos/base/decimal.hpp"

namespace tillrig::base {
namespace {

constexpr std::size_t kQuoted = 48;  // how much of a bad text an Error repeats

bool all_digits(std::string_view text) {
  for (const char c : text) {
    if (c < '0' || c > '9') return false;
  }
  return !text.empty();
}

}  // namespace

Result<std::int64_t> parse_decimal(std::string_view text, int places, std::string_view what) {
  const bool negative = !text.empty() && text.front() == '-';
  const std::string_view bare = text.substr(negative ? 1 : 0);
  const auto point = bare.find('.');
  const std::string_view whole = bare.substr(0, point);
  const std::string_view rest = point == bare.npos ? "" : bare.substr(point + 1);
  if (!all_digits(whole) || (point != bare.npos && !all_digits(rest))) {
    return fail(Code::bad_input,
                "the {} '{}' is not a number; expected digits, and a point only between digits",
                what, text.substr(0, kQuoted));
  }
  if (rest.size() > static_cast<std::size_t>(places)) {
    return fail(Code::bad_input, "the {} '{}' has {} digits after the point; at most {} make sense",
                what, text.substr(0, kQuoted), rest.size(), places);
  }
  std::int64_t value = 0;
  bool fits = true;
  const auto take = [&](char c) {
    fits = fits && !__builtin_mul_overflow(value, 10, &value) &&
           !__builtin_add_overflow(value, c - '0', &value);
  };
  for (const char c : whole) take(c);
  for (std::size_t i = 0; i < static_cast<std::size_t>(places); ++i) {
    take(i < rest.size() ? rest[i] : '0');
  }
  if (!fits) {
    return fail(Code::too_large, "the {} '{}' is too large; at most {} can be kept", what,
                text.substr(0, kQuoted), format_decimal(INT64_MAX, places));
  }
  return negative ? -value : value;
}

std::string format_decimal(std::int64_t value, int places) {
  const bool negative = value < 0;
  const auto bits = static_cast<std::uint64_t>(value);
  std::string text = fmt::format("{:0{}}", negative ? 0 - bits : bits, places + 1);
  if (places > 0) text.insert(text.size() - static_cast<std::size_t>(places), 1, '.');
  if (negative) text.insert(0, 1, '-');
  return text;
}

}  // namespace tillrig::base
