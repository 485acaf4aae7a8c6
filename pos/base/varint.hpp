#pragma once

#include "pos/base/bytes.hpp"
#include "pos/base/result.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace tillrig::base {

// Compact binary bodies: whole numbers in base 128, least group first, high bit set on all but the
// last byte (LEB128, as in protocol buffers). Every value has exactly one encoding.

void append_varint(Bytes& out, std::uint64_t value);  // 1 to 10 bytes
void append_signed(Bytes& out, std::int64_t value);   // zigzag: 0, -1, 1, -2 ... -> 0, 1, 2, 3 ...
void append_text(Bytes& out, std::string_view text);  // its length as a varint, then its bytes

constexpr std::uint64_t zigzag(std::int64_t value) {
  return (static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63);
}
constexpr std::int64_t unzigzag(std::uint64_t value) {
  return static_cast<std::int64_t>((value >> 1) ^ (0 - (value & 1)));
}

// Reads back what the functions above wrote, front to back. The bytes must outlive the reader and
// the texts it hands out. Errors: corrupt, with the byte where it went wrong; after one, the reader
// stands where the bad value begins.
class VarintReader {
 public:
  explicit VarintReader(ByteView bytes) : bytes_(bytes) {}

  Result<std::uint64_t> varint();
  Result<std::uint64_t> varint(std::uint64_t most);  // larger is corrupt
  Result<std::int64_t> signed_varint();
  Result<std::string_view> text();           // length-prefixed
  Result<ByteView> raw(std::size_t length);  // that many bytes as they are
  Result<void> finish() const;               // corrupt if bytes are left over

  [[nodiscard]] bool empty() const { return at_ == bytes_.size(); }
  [[nodiscard]] std::size_t position() const { return at_; }
  [[nodiscard]] ByteView rest() const { return bytes_.substr(at_); }

 private:
  ByteView bytes_;
  std::size_t at_ = 0;
};

}  // namespace tillrig::base
