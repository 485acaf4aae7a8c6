#pragma once

#include "pos/base/bytes.hpp"
#include "pos/base/result.hpp"

#include <cstdint>
#include <vector>

namespace tillrig::terminal::zvt {

// An object of a TLV container, as in BER: a tag of one to three bytes (1F1F), a length, the value.
struct Tlv {
  std::uint32_t tag = 0;
  base::Bytes value;

  bool operator==(const Tlv&) const = default;
};

inline constexpr std::uint32_t kTagLine = 0x07;   // one line of text
inline constexpr std::uint32_t kTagLines = 0x25;  // a block of them
inline constexpr std::uint32_t kTagReceiptKind = 0x1f07;
inline constexpr std::uint32_t kTagReceiptSync =
    0x1f1f;  // the receipt number the other should hold
inline constexpr std::uint32_t kTagMessageId = 0x1f73;

// 05, 81 80, 82 01 00.
base::Bytes tlv_length(std::size_t length);
// What a length that begins here says, and how many bytes it takes. Errors: protocol.
struct TlvLength {
  std::size_t length = 0;
  std::size_t size = 0;
};
base::Result<TlvLength> read_tlv_length(base::ByteView bytes);

base::Bytes encode(const std::vector<Tlv>& objects);
// Errors: protocol, when an object ends behind the last byte.
base::Result<std::vector<Tlv>> read_tlv(base::ByteView bytes);

}  // namespace tillrig::terminal::zvt
