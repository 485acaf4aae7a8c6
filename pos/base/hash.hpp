#pragma once

#include "pos/base/bytes.hpp"
#include "pos/base/result.hpp"

#include <array>
#include <cstdint>
#include <string>

namespace tillrig::base {

// BLAKE2b with 32 bytes and no key (RFC 7693): payload hashes and the ledger's chain. By
// libsodium: OpenSSL 3.0 has BLAKE2b at 64 bytes only, and a shorter one is not a prefix of it.
struct Hash256 {
  std::array<unsigned char, 32> bytes{};

  auto operator<=>(const Hash256&) const = default;
  [[nodiscard]] std::string hex() const;  // 64 lower-case digits
  [[nodiscard]] ByteView view() const {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  }
};

Hash256 blake2b(ByteView bytes);
Hash256 blake2b(ByteView first, ByteView second);  // of the two, one after the other
Result<Hash256> parse_hash(std::string_view hex);  // errors: bad_input

// CRC-32C (Castagnoli), as in iSCSI; crc32c("123456789") = 0xe3069283.
// `so_far` is the sum of the bytes before these.
std::uint32_t crc32c(ByteView bytes, std::uint32_t so_far = 0);
// The same from a table: for processors without the instruction, and as its judge.
std::uint32_t crc32c_portable(ByteView bytes, std::uint32_t so_far = 0);

// FNV-1a, 64 bit: a name to a number that never changes. Not for anything an adversary can choose.
constexpr std::uint64_t fnv1a(std::string_view text) {
  std::uint64_t h = 0xcbf29ce484222325ULL;
  for (const char c : text) h = (h ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
  return h;
}

}  // namespace tillrig::base
