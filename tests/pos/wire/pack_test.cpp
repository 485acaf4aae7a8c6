#include "pos/wire/api.hpp"

#include <gtest/gtest.h>

namespace tillrig::wire {
namespace {

using base::Code;

TEST(Pack, GivesBackWhatWasPacked) {
  const Bytes body(100'000, 'x');
  const Bytes packed = pack(body);
  EXPECT_LT(packed.size(), 200U);
  EXPECT_EQ(*unpack(packed, body.size()), body);
  EXPECT_EQ(*unpack(pack(""), 0), "");
}

TEST(Pack, RefusesABombBeforeUnpackingIt) {
  const Bytes packed = pack(Bytes(kBodyLimit + 1, '\0'));
  const auto body = unpack(packed, kBodyLimit);
  ASSERT_FALSE(body);
  EXPECT_EQ(body.error().code, Code::too_large);
}

TEST(Pack, RefusesAFrameThatUnderstatesItsSize) {
  // Two frames: the first states a small size, the second would hide behind it.
  const Bytes two = pack("small") + pack(Bytes(1'000, 'y'));
  const auto body = unpack(two, kBodyLimit);
  ASSERT_FALSE(body);
  EXPECT_EQ(body.error().code, Code::protocol);
}

TEST(Pack, RefusesWhatIsNotZstd) {
  for (const Bytes& bytes : {Bytes(), Bytes("{}"), Bytes("\x28\xb5\x2f\xfd", 4)}) {
    const auto body = unpack(bytes, kBodyLimit);
    ASSERT_FALSE(body);
    EXPECT_EQ(body.error().code, Code::protocol);
  }
}

TEST(Pack, SurvivesEveryCutAndEveryChangedByte) {
  Bytes body;
  for (int i = 0; i < 200; ++i) body += "{\"seq\":" + std::to_string(i * 7919) + "}";
  const Bytes packed = pack(body);
  for (std::size_t at = 0; at < packed.size(); ++at) {
    EXPECT_FALSE(unpack(packed.substr(0, at), kBodyLimit)) << at;
    Bytes mutated = packed;
    mutated[at] = static_cast<char>(mutated[at] ^ 0x55);
    const auto out = unpack(mutated, kBodyLimit);
    EXPECT_TRUE(!out || out->size() <= kBodyLimit);
  }
}

}  // namespace
}  // namespace tillrig::wire
