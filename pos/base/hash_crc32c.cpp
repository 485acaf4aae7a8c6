#include "pos/base/hash.hpp"

#include <array>
#include <bit>
#include <cstring>

#ifdef __x86_64__
#include <nmmintrin.h>
#endif

namespace tillrig::base {
namespace {

constexpr std::uint32_t kPolynomial = 0x82f63b78;  // Castagnoli, bits reversed (RFC 3720, B.4)

constexpr std::array<std::uint32_t, 256> make_table() {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t i = 0; i < 256; ++i) {
    std::uint32_t crc = i;
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) != 0 ? kPolynomial : 0);
    table[i] = crc;
  }
  return table;
}

constexpr auto kTable = make_table();

#ifdef __x86_64__

// The instruction gives a result every cycle and takes three: so three lanes of a block are summed
// side by side and put together by passing zeros, as many as a lane is long, through the sum.
constexpr std::size_t kLaneWords = 16;
constexpr std::size_t kLaneBytes = 8 * kLaneWords;

// What a sum becomes after kLaneBytes zeros, by each of its four bytes.
constexpr std::array<std::array<std::uint32_t, 256>, 4> make_lane_tables() {
  std::array<std::uint32_t, 32> bits{};
  for (unsigned bit = 0; bit < 32; ++bit) {
    std::uint32_t crc = 1U << bit;
    for (std::size_t i = 0; i < kLaneBytes; ++i) crc = (crc >> 8) ^ kTable[crc & 0xff];
    bits[bit] = crc;
  }
  std::array<std::array<std::uint32_t, 256>, 4> tables{};
  for (unsigned byte = 0; byte < 4; ++byte) {
    for (unsigned value = 0; value < 256; ++value) {
      for (unsigned bit = 0; bit < 8; ++bit) {
        if ((value >> bit & 1U) != 0) tables[byte][value] ^= bits[8 * byte + bit];
      }
    }
  }
  return tables;
}

constexpr auto kPastLane = make_lane_tables();

std::uint64_t past_lane(std::uint64_t crc) {
  return kPastLane[0][crc & 0xff] ^ kPastLane[1][crc >> 8 & 0xff] ^ kPastLane[2][crc >> 16 & 0xff] ^
         kPastLane[3][crc >> 24 & 0xff];
}

std::uint64_t word_at(const char* at) {
  std::uint64_t word = 0;
  std::memcpy(&word, at, sizeof word);
  return word;
}

#endif

}  // namespace

std::uint32_t crc32c_portable(ByteView bytes, std::uint32_t so_far) {
  std::uint32_t crc = ~so_far;
  for (const char c : bytes) {
    crc = (crc >> 8) ^ kTable[(crc ^ static_cast<unsigned char>(c)) & 0xff];
  }
  return ~crc;
}

#ifdef __x86_64__

// Only this function is compiled for SSE 4.2, so that the program starts on a machine without.
__attribute__((target("sse4.2"))) static std::uint32_t crc32c_by_instruction(ByteView bytes,
                                                                             std::uint32_t so_far) {
  static_assert(std::endian::native == std::endian::little);
  std::uint64_t crc = ~so_far;
  const char* at = bytes.data();
  std::size_t left = bytes.size();
  for (; left >= 3 * kLaneBytes; left -= 3 * kLaneBytes, at += 3 * kLaneBytes) {
    std::uint64_t second = 0;
    std::uint64_t third = 0;
    for (std::size_t i = 0; i < kLaneBytes; i += 8) {
      crc = _mm_crc32_u64(crc, word_at(at + i));
      second = _mm_crc32_u64(second, word_at(at + kLaneBytes + i));
      third = _mm_crc32_u64(third, word_at(at + 2 * kLaneBytes + i));
    }
    crc = past_lane(past_lane(crc) ^ second) ^ third;
  }
  for (; left >= 8; left -= 8, at += 8) crc = _mm_crc32_u64(crc, word_at(at));
  auto narrow = static_cast<std::uint32_t>(crc);
  for (; left > 0; --left, ++at) narrow = _mm_crc32_u8(narrow, static_cast<unsigned char>(*at));
  return ~narrow;
}

std::uint32_t crc32c(ByteView bytes, std::uint32_t so_far) {
  static const bool has_instruction = __builtin_cpu_supports("sse4.2") != 0;
  return has_instruction ? crc32c_by_instruction(bytes, so_far) : crc32c_portable(bytes, so_far);
}

#else

std::uint32_t crc32c(ByteView bytes, std::uint32_t so_far) {
  return crc32c_portable(bytes, so_far);
}

#endif

}  // namespace tillrig::base
