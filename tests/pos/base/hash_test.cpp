#include "pos/base/hash.hpp"

#include <gtest/gtest.h>

#include <string>

namespace tillrig::base {
namespace {

// The sums were made with another implementation: Python's hashlib.blake2b(digest_size=32).
TEST(Blake2b, AgreesWithAnotherImplementation) {
  const auto hex = [](const std::string& text) { return blake2b(text).hex(); };
  EXPECT_EQ(hex(""), "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8");
  EXPECT_EQ(hex("abc"), "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319");
  EXPECT_EQ(hex("The quick brown fox jumps over the lazy dog"),
            "01718cec35cd3d796dd00020e0bfecb473ad23457d063b75eff29c0ffa2e58a9");
  std::string kibibyte;
  for (int i = 0; i < 1024; ++i) kibibyte += static_cast<char>(i & 0xff);
  EXPECT_EQ(hex(kibibyte), "f1551feeb252c7e60bb362205bd1ac2f70b145260a91d41e8c5d0a187549a5f2");
}

TEST(Blake2b, AgreesAtTheEdgesOfABlock) {
  const auto hex = [](std::size_t size) { return blake2b(std::string(size, 'a')).hex(); };
  EXPECT_EQ(hex(127), "59e2f1aba240f20aa591016f5ef429990bc9c2131dcd0d30f0ffd75ed18f317d");
  EXPECT_EQ(hex(128), "ae2aa48507885c4c950fb809b2076f959cde9f8ea6da260d9a3587df33dac450");
  EXPECT_EQ(hex(129), "2f64744a6de0d2c0b56e64cf6e29a5aaa255010d415d51c75ccc82f73dccd865");
  EXPECT_EQ(hex(256), "eae4d3a7627549b383179dc18049964f91a6fed14c9f3fb26705eda3eeda5558");
}

TEST(Blake2b, TakesTwoPartsAsOne) {
  const std::string text(300, 'x');
  for (std::size_t cut = 0; cut <= text.size(); ++cut) {
    const ByteView whole = text;
    ASSERT_EQ(blake2b(whole.substr(0, cut), whole.substr(cut)), blake2b(whole)) << cut;
  }
}

TEST(Hash, ReadsItsOwnHexAndNothingElse) {
  const Hash256 hash = blake2b("receipt");
  const std::string hex = hash.hex();
  EXPECT_EQ(*parse_hash(hex), hash);
  std::string upper = hex;
  upper[5] = 'A';
  for (const std::string& bad :
       {std::string(), hex.substr(1), hex + "0", upper, "g" + hex.substr(1)}) {
    EXPECT_EQ(parse_hash(bad).error().code, Code::bad_input) << bad;
  }
}

TEST(Bytes, AreWrittenInLowerCaseHex) {
  EXPECT_EQ(to_hex(std::string("\0\x7f\x80\xff", 4)), "007f80ff");
}

TEST(Crc32c, HasTheCheckValueOfItsStandard) {
  EXPECT_EQ(crc32c("123456789"), 0xe3069283U);
  EXPECT_EQ(crc32c_portable("123456789"), 0xe3069283U);
  EXPECT_EQ(crc32c(std::string(32, '\0')), 0x8a9136aaU);  // RFC 3720, B.4
  EXPECT_EQ(crc32c(std::string(32, '\xff')), 0x62a8ab43U);
  EXPECT_EQ(crc32c(""), 0U);
}

TEST(Crc32c, IsTheSameWithAndWithoutTheInstructionAndInParts) {
  std::string text;
  for (int i = 0; i < 1000; ++i) text += static_cast<char>(i * 37);
  for (std::size_t size = 0; size <= text.size(); ++size) {
    const ByteView part = ByteView(text).substr(0, size);
    ASSERT_EQ(crc32c(part), crc32c_portable(part)) << size;
    ASSERT_EQ(crc32c(ByteView(text).substr(size), crc32c(part)), crc32c(text)) << size;
  }
}

TEST(Fnv1a, GivesANameTheSameNumberForEver) {
  EXPECT_EQ(fnv1a(""), 0xcbf29ce484222325U);
  EXPECT_EQ(fnv1a("a"), 0xaf63dc4c8601ec8cU);
  EXPECT_EQ(fnv1a("foobar"), 0x85944171f73967e8U);
}

}  // namespace
}  // namespace tillrig::base
