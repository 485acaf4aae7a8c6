#include "pos/base/nearest.hpp"
#include "pos/base/varint.hpp"

#include <gtest/gtest.h>

#include <string>

namespace tillrig::base {
namespace {

constexpr std::string_view kWords[] = {"scan", "tender", "complete", "customer", "wait"};

TEST(Nearest, FindsWhatWasMeant) {
  EXPECT_EQ(nearest("scna", kWords), "scan");
  EXPECT_EQ(nearest("scann", kWords), "scan");
  EXPECT_EQ(nearest("compleet", kWords), "complete");
  EXPECT_EQ(nearest("costumer", kWords), "customer");
  EXPECT_EQ(nearest("wait", kWords), "wait");
}

TEST(Nearest, CountsASwapOfNeighboursOnce) {
  constexpr std::string_view kTwo[] = {"abXY", "badc"};
  EXPECT_EQ(nearest("abcd", kTwo), "abXY");  // two each: the first of equals
  constexpr std::string_view kOther[] = {"abXYef", "bacdef"};
  EXPECT_EQ(nearest("abcdef", kOther), "bacdef");
}

TEST(Nearest, IsEmptyWhenNothingIsNear) {
  EXPECT_EQ(nearest("reboot", kWords), "");
  EXPECT_EQ(nearest("scan", {}), "");
  EXPECT_EQ(nearest(std::string(100'000, 's'), kWords), "");
}

TEST(Varint, ReadsWhatItWrote) {
  for (int bit = 0; bit < 64; ++bit) {
    for (const std::uint64_t off : {0U, 1U}) {
      const std::uint64_t value = (std::uint64_t{1} << bit) - off;
      const auto number = static_cast<std::int64_t>(value);
      Bytes bytes;
      append_varint(bytes, value);
      append_signed(bytes, number);
      append_signed(bytes, ~number);
      append_text(bytes, "milk");
      VarintReader reader(bytes);
      EXPECT_EQ(*reader.varint(), value);
      EXPECT_EQ(*reader.signed_varint(), number);
      EXPECT_EQ(*reader.signed_varint(), ~number);
      EXPECT_EQ(*reader.text(), "milk");
      EXPECT_TRUE(reader.finish());
    }
  }
}

TEST(Varint, IsCompact) {
  const auto written = [](std::int64_t value) {
    Bytes bytes;
    append_signed(bytes, value);
    return bytes.size();
  };
  EXPECT_EQ(written(0), 1U);
  EXPECT_EQ(written(-64), 1U);
  EXPECT_EQ(written(64), 2U);
  EXPECT_EQ(written(INT64_MIN), 10U);
}

TEST(Varint, RefusesWhatNobodyWrote) {
  const auto code = [](const Bytes& bytes) {
    const auto value = VarintReader(bytes).varint();
    return value ? Code::internal : value.error().code;
  };
  EXPECT_EQ(code(""), Code::corrupt);
  EXPECT_EQ(code("\x80"), Code::corrupt);
  EXPECT_EQ(code(Bytes("\x80\0", 2)), Code::corrupt);         // zero in two bytes
  EXPECT_EQ(code(Bytes(9, '\xff') + "\x02"), Code::corrupt);  // 65 bits
  EXPECT_EQ(code(Bytes(20, '\xff')), Code::corrupt);
  EXPECT_EQ(code(Bytes(9, '\xff') + "\x01"), Code::internal);  // the largest, and fine
}

TEST(Varint, LeavesTheReaderBeforeABadValue) {
  Bytes bytes;
  append_varint(bytes, 1000);  // the length of a text that is not there
  bytes += "short";
  VarintReader reader(bytes);
  EXPECT_EQ(reader.text().error().code, Code::corrupt);
  EXPECT_EQ(reader.position(), 0U);
  EXPECT_EQ(reader.varint(999).error().code, Code::corrupt);
  EXPECT_EQ(reader.position(), 0U);
  EXPECT_EQ(*reader.varint(1000), 1000U);
  EXPECT_EQ(reader.finish().error().code, Code::corrupt);
  EXPECT_EQ(reader.raw(6).error().code, Code::corrupt);
  EXPECT_EQ(*reader.raw(5), "short");
  EXPECT_TRUE(reader.empty());
}

TEST(Varint, SurvivesALengthNearTheEndOfTheNumbers) {
  Bytes bytes;
  append_varint(bytes, UINT64_MAX);
  EXPECT_EQ(VarintReader(bytes).text().error().code, Code::corrupt);
}

}  // namespace
}  // namespace tillrig::base
