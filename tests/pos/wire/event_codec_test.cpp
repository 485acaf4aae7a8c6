#include "tests/pos/wire/samples.hpp"

#include <gtest/gtest.h>

namespace tillrig::wire {
namespace {

using base::Code;

std::vector<Event> all_kinds() {
  return {samples::sale(42), samples::refund(43, samples::sale(42).id), samples::epoch_opened(7)};
}

TEST(EventCodec, GivesBackEveryKindOfEventUnchanged) {
  for (const Event& event : all_kinds()) {
    const auto back = decode(encode(event));
    ASSERT_TRUE(back) << back.error().what;
    EXPECT_EQ(*back, event);
  }
}

TEST(EventCodec, KeepsTheExtremesOfEveryField) {
  Event event = samples::sale(1);
  event.id.seq = UINT64_MAX;
  event.id.epoch = UINT32_MAX;
  event.hlc = base::HlcStamp{INT64_MIN, UINT32_MAX};
  event.wall.ms = INT64_MAX;
  auto& document = std::get<Document>(event.body);
  document.total = Money{INT64_MIN};
  document.lines[0].name = std::string("\0\xff nul and no UTF-8", 20);
  const auto back = decode(encode(event));
  ASSERT_TRUE(back) << back.error().what;
  EXPECT_EQ(*back, event);
}

TEST(EventCodec, RefusesAnEventCutAtAnyByte) {
  for (const Event& event : all_kinds()) {
    const Bytes whole = encode(event);
    for (std::size_t length = 0; length < whole.size(); ++length) {
      const auto back = decode(ByteView(whole).substr(0, length));
      ASSERT_FALSE(back) << "cut at " << length;
      EXPECT_EQ(back.error().code, Code::corrupt);
    }
    EXPECT_FALSE(decode(whole + '\0')) << "a byte too many";
  }
}

// Whatever decodes is canonical: there is one form of an event, so one payload hash.
TEST(EventCodec, DecodesOnlyCanonicalFormsWhateverByteIsChanged) {
  for (const Event& event : all_kinds()) {
    const Bytes whole = encode(event);
    for (std::size_t at = 0; at < whole.size(); ++at) {
      for (int value = 0; value < 256; ++value) {
        Bytes mutated = whole;
        mutated[at] = static_cast<char>(value);
        const auto back = decode(mutated);
        if (!back) continue;
        ASSERT_EQ(encode(*back), mutated) << "byte " << at << " = " << value;
      }
    }
  }
}

TEST(EventCodec, DoesNotReserveForAClaimedCountOfLines) {
  Event event = samples::sale(1);
  std::get<Document>(event.body).lines.clear();
  const Bytes whole = encode(event);
  const std::size_t count_at = whole.find("EUR") + 3;
  Bytes hostile = whole.substr(0, count_at) + "\xff\xff\xff\xff\xff\xff\xff\xff\x7f";
  hostile += whole.substr(count_at + 1);
  const auto back = decode(hostile);
  ASSERT_FALSE(back);
  EXPECT_NE(back.error().what.find("claimed"), std::string::npos) << back.error().what;
}

TEST(EventCodec, HashesDifferWhenAnyMinorUnitDiffers) {
  Event event = samples::sale(1);
  const auto before = payload_hash(event);
  std::get<Document>(event.body).payments[0].given += Money{1};
  EXPECT_NE(payload_hash(event), before);
}

TEST(EventCodec, KeepsAnOrdinarySaleSmall) {
  EXPECT_LE(encode(samples::sale(42)).size(), 200U);
}

}  // namespace
}  // namespace tillrig::wire
