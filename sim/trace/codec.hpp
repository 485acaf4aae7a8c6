#pragma once

#include "pos/base/bytes.hpp"
#include "pos/base/varint.hpp"

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <string>
#include <type_traits>

namespace tillrig::trace {

// The bytes of timeline rows: the numbers of pos/base/varint.hpp, read and written in place. A run
// writes millions of rows, so nothing here allocates or carries a sentence; the Reader makes one.

inline constexpr std::size_t kVarintBytes = 10;  // the longest a 64-bit varint can be

// The zigzag of to - from, and its undoing, without overflow: wraps, so that any two numbers have a
// difference.
constexpr std::uint64_t fold_step(std::int64_t from, std::int64_t to) {
  return base::zigzag(
      static_cast<std::int64_t>(static_cast<std::uint64_t>(to) - static_cast<std::uint64_t>(from)));
}
constexpr std::int64_t unfold_step(std::int64_t from, std::uint64_t step) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(from) +
                                   static_cast<std::uint64_t>(base::unzigzag(step)));
}

// Writes at `to`, which has room for kVarintBytes; gives the byte after.
inline char* put_varint(char* to, std::uint64_t value) {
  while (value >= 0x80) {
    *to++ = static_cast<char>(value | 0x80);
    value >>= 7;
  }
  *to++ = static_cast<char>(value);
  return to;
}

// Length and bytes; `to` has room for kVarintBytes + text.size().
inline char* put_text(char* to, base::ByteView text) {
  to = put_varint(to, text.size());
  if (!text.empty()) std::memcpy(to, text.data(), text.size());
  return to + text.size();
}

// Reads rows from bytes that may be anything. Past the end or at a malformed number it turns not
// ok, is at its end, and gives zeros and empty texts from then on: check ok() once per row.
class Cursor {
 public:
  Cursor() = default;
  explicit Cursor(base::ByteView bytes) : at_(bytes.data()), end_(bytes.data() + bytes.size()) {}

  [[nodiscard]] bool ok() const { return ok_; }
  [[nodiscard]] bool done() const { return at_ == end_; }

  std::uint8_t byte() {
    if (at_ == end_) return static_cast<std::uint8_t>(spoil());
    return static_cast<std::uint8_t>(*at_++);
  }

  std::uint64_t varint() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64 && at_ != end_; shift += 7) {
      const auto b = static_cast<std::uint8_t>(*at_++);
      if (shift == 63 && b > 1) break;
      value |= static_cast<std::uint64_t>(b & 0x7f) << shift;
      if (b < 0x80) return value;
    }
    return spoil();
  }

  // A number that must fit 32 bits: ids, lines, counts.
  std::uint32_t small() {
    const std::uint64_t value = varint();
    if (value > std::numeric_limits<std::uint32_t>::max()) {
      return static_cast<std::uint32_t>(spoil());
    }
    return static_cast<std::uint32_t>(value);
  }

  base::ByteView raw(std::uint64_t size) {
    if (size > static_cast<std::uint64_t>(end_ - at_)) {
      spoil();
      return {};
    }
    const base::ByteView taken(at_, static_cast<std::size_t>(size));
    at_ += size;
    return taken;
  }

  base::ByteView text() { return raw(varint()); }

  // For a value that was well formed but cannot be meant.
  std::uint64_t spoil() {
    ok_ = false;
    at_ = end_;
    return 0;
  }

 private:
  const char* at_ = nullptr;
  const char* end_ = nullptr;
  bool ok_ = true;
};

// Fixed-width little-endian fields of headers.
template <class Int>
void put_fixed(char* to, Int value) {
  static_assert(std::is_unsigned_v<Int>);
  for (std::size_t i = 0; i < sizeof(Int); ++i) {
    to[i] = static_cast<char>(static_cast<std::uint8_t>(value >> (8 * i)));
  }
}

template <class Int>
Int get_fixed(const char* from) {
  static_assert(std::is_unsigned_v<Int>);
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < sizeof(Int); ++i) {
    value |= static_cast<std::uint64_t>(static_cast<std::uint8_t>(from[i])) << (8 * i);
  }
  return static_cast<Int>(value);
}

}  // namespace tillrig::trace
