#include "sim/trace/pcapng.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace tillrig::trace {
namespace {

constexpr std::int64_t kAt = 1'772'446'500'000'000'001;

struct CaptureOf {
  std::vector<base::Bytes> blocks;
  Pcapng file{[this](base::ByteView bytes) { blocks.emplace_back(bytes); }, "terminal", 20007};
};

std::uint32_t low(base::ByteView bytes, std::size_t at) {
  std::uint32_t number = 0;
  for (std::size_t i = 4; i-- > 0;)
    number = number << 8 | static_cast<unsigned char>(bytes[at + i]);
  return number;
}

TEST(Pcapng, BeginsWithASectionAndAnInterface) {
  const CaptureOf capture;
  ASSERT_EQ(capture.blocks.size(), 2U);
  EXPECT_EQ(base::to_hex(capture.blocks[0]),
            "0a0d0d0a1c0000004d3c2b1a01000000ffffffffffffffff1c000000");
  EXPECT_EQ(base::to_hex(capture.blocks[1]),
            "010000002c0000006500000000000000"
            "020008007465726d696e616c"
            "0900010009000000"
            "00000000"
            "2c000000");
}

TEST(Pcapng, PutsAConnectionTogetherAroundItsBytes) {
  CaptureOf capture;
  const int line = capture.file.connected(kAt);
  capture.file.sent(line, true, std::string(3000, 'a'), kAt);
  capture.file.sent(line, false, "b", kAt);
  capture.file.ended(line, true, true, kAt);
  capture.file.sent(line, true, "nobody hears this", kAt);
  // The handshake, three pieces of at most 1400 bytes, the answer, the reset.
  ASSERT_EQ(capture.blocks.size(), 2U + 3 + 3 + 1 + 1);
  for (const base::Bytes& block : capture.blocks) {
    EXPECT_EQ(low(block, 4), block.size());
    EXPECT_EQ(low(block, block.size() - 4), block.size());
    EXPECT_EQ(block.size() % 4, 0U);
  }
  const base::Bytes& answer = capture.blocks[8];
  const std::uint64_t at = std::uint64_t{low(answer, 12)} << 32 | low(answer, 16);
  EXPECT_EQ(at, static_cast<std::uint64_t>(kAt));
  EXPECT_EQ(low(answer, 20), 41U);
  // IPv4 from 10.0.0.2 to 10.0.0.1; from port 20007, its first byte, all 3000 acknowledged.
  EXPECT_EQ(base::to_hex(answer.substr(28, 41)).substr(24),
            "0a0000020a000001"
            "4e279c41"
            "00000001"
            "00000bb9"
            "5018ffff"
            "43a6"
            "0000"
            "62");
}

TEST(Pcapng, IsTheSameWheneverItIsGivenTheSame) {
  const auto all = [] {
    CaptureOf capture;
    const int line = capture.file.connected(kAt);
    capture.file.sent(line, true, "x", kAt + 1);
    capture.file.ended(line, false, false, kAt + 2);
    return capture.blocks;
  };
  EXPECT_EQ(all(), all());
}

}  // namespace
}  // namespace tillrig::trace
