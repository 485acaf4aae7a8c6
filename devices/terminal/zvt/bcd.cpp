#include "devices/terminal/zvt/bcd.hpp"

namespace tillrig::terminal::zvt {
namespace {

constexpr unsigned kMasked = 0xe;
constexpr unsigned kFill = 0xf;
constexpr std::size_t kMostBcdBytes = 9;  // 18 digits

}  // namespace

base::Bytes to_bcd(std::uint64_t value, std::size_t bytes) {
  base::Bytes out(bytes, '\0');
  for (std::size_t i = bytes; i-- > 0;) {
    const auto low = static_cast<unsigned>(value % 10);
    const auto high = static_cast<unsigned>(value / 10 % 10);
    out[i] = char_of(high << 4 | low);
    value /= 100;
  }
  return out;
}

std::optional<std::uint64_t> from_bcd(base::ByteView bytes) {
  if (bytes.size() > kMostBcdBytes) return std::nullopt;
  std::uint64_t value = 0;
  for (const char c : bytes) {
    const unsigned high = byte_of(c) >> 4U;
    const unsigned low = byte_of(c) & 0xfU;
    if (high > 9 || low > 9) return std::nullopt;
    value = value * 100 + high * 10 + low;
  }
  return value;
}

base::Bytes to_digits(base::ByteView text) {
  const auto half = [&](std::size_t i) {
    if (i >= text.size()) return kFill;
    const char c = text[i];
    return c >= '0' && c <= '9' ? static_cast<unsigned>(c - '0') : kMasked;
  };
  base::Bytes out;
  for (std::size_t i = 0; i < text.size(); i += 2) out += char_of(half(i) << 4 | half(i + 1));
  return out;
}

std::optional<base::Bytes> from_digits(base::ByteView bytes) {
  base::Bytes out;
  for (const char c : bytes) {
    for (const unsigned half : {unsigned{byte_of(c)} >> 4U, byte_of(c) & 0xfU}) {
      if (half <= 9) {
        out += static_cast<char>('0' + half);
      } else if (half == kMasked) {
        out += '*';
      } else if (half != kFill) {
        return std::nullopt;
      }
    }
  }
  return out;
}

}  // namespace tillrig::terminal::zvt
