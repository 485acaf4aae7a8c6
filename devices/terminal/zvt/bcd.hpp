#pragma once

#include "pos/base/bytes.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>

namespace tillrig::terminal::zvt {

inline std::uint8_t byte_of(char c) {
  return static_cast<std::uint8_t>(c);
}
inline char char_of(std::uint64_t byte) {
  return static_cast<char>(static_cast<unsigned char>(byte));
}

// 1010 in six bytes: 00 00 00 00 10 10. What does not fit is cut off on the left.
base::Bytes to_bcd(std::uint64_t value, std::size_t bytes);
// Nothing when a half-byte is no digit, or there are more than nine bytes.
std::optional<std::uint64_t> from_bcd(base::ByteView bytes);

// Digits of any number, two a byte; what is no digit is masked (E), an odd number ends in F.
base::Bytes to_digits(base::ByteView text);
// The other way, E as '*'. Nothing when a half-byte is neither.
std::optional<base::Bytes> from_digits(base::ByteView bytes);

}  // namespace tillrig::terminal::zvt
