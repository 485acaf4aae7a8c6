#include "tests/pos/wire/samples.hpp"

#include <gtest/gtest.h>

namespace tillrig::wire {
namespace {

using base::Code;

// Every field known here, and two that are not.
Event with_tail(Event event) {
  event.tail.set(kMember, "ana");
  event.tail.set(kPoints, -12);
  event.tail.set(kAttempt, "till-1.3.7/2");
  event.tail.set(kReason, "changed her mind");
  EXPECT_TRUE(event.tail.add(77, Bytes("\0\xff\x80", 3)));
  EXPECT_TRUE(event.tail.add(UINT64_MAX, ""));
  return event;
}

std::vector<Event> all_kinds() {
  return {samples::sale(42),
          samples::refund(43, samples::sale(42).id),
          samples::epoch_opened(7),
          samples::of_day(3, EventKind::day_opened, DayOpened{"2026-03-02", {10'000}}),
          samples::of_day(4, EventKind::cash_moved, CashMoved{"2026-03-02", {-500}, "bank"}),
          samples::day_closed(5),
          samples::card_attempt(9),
          samples::outage_closed(9),
          samples::of_day(6, static_cast<EventKind>(77), Unknown{Bytes("\0later\xff", 7)}),
          with_tail(samples::of_day(7, static_cast<EventKind>(200), Unknown{"later still"})),
          with_tail(samples::sale(44)),
          with_tail(samples::epoch_opened(8))};
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

TEST(EventTail, IsReadByTheFieldsThatAreKnown) {
  const Event event = *decode(encode(with_tail(samples::sale(1))));
  EXPECT_EQ(event.tail.get(kMember), "ana");
  EXPECT_EQ(event.tail.get(kPoints), -12);
  EXPECT_EQ(event.tail.get(kAttempt), "till-1.3.7/2");
  EXPECT_EQ(event.tail.get(kReason), "changed her mind");
  EXPECT_EQ(samples::sale(1).tail.get(kMember), std::nullopt);
  EXPECT_EQ(samples::sale(1).tail.get(kPoints), std::nullopt);
}

TEST(EventTail, ChangesTheHashAndLeavesAnEventWithoutOneAsItWas) {
  EXPECT_NE(payload_hash(with_tail(samples::sale(1))), payload_hash(samples::sale(1)));
  EXPECT_EQ(encode(samples::sale(1))[0], 3);
  EXPECT_EQ(encode(with_tail(samples::sale(1)))[0], 4);
}

// Ledger, upload and ledger again: the bytes, and so the hash, are what they were, whatever the
// fields are and whoever knows them.
TEST(EventTail, GoesThroughTheUploadByteForByte) {
  std::vector<Bytes> odd = {"",         "a",         Bytes("\0", 1),
                            "\xff\xfe", "caf\u00e9", "\"\\\n\x01",
                            "\x80\x00", "\x02",      Bytes(kTailBytes, '\x7f')};
  for (const Bytes& bytes : odd) {
    for (const std::uint64_t tag : {std::uint64_t{0}, kMember.tag, kPoints.tag, kReason.tag,
                                    std::uint64_t{5}, std::uint64_t{UINT64_MAX}}) {
      Event event = samples::sale(42);
      ASSERT_TRUE(event.tail.add(tag, bytes));
      const UpBatch batch = samples::batch({event});
      const auto back = read_batch(write_json(batch));
      ASSERT_TRUE(back) << back.error().what;
      ASSERT_TRUE(back->items[0].item) << back->items[0].item.error().what;
      const Event& taken = back->items[0].item->event;
      EXPECT_EQ(taken.tail.entries(), event.tail.entries());
      EXPECT_EQ(payload_hash(taken), batch.items[0].hash) << tag;
      EXPECT_EQ(encode(*decode(encode(taken))), encode(taken));
    }
  }
}

TEST(EventTail, IsReadableOnTheWireWhereItIsKnown) {
  std::string json;
  append_body_json(json, with_tail(samples::epoch_opened(7)));
  EXPECT_NE(json.find(R"("tail":{"member":"ana","points":-12,"attempt":"till-1.3.7/2",)"
                      R"("reason":"changed her mind","#77":"00ff80","#18446744073709551615":""})"),
            std::string::npos)
      << json;
}

TEST(EventTail, WhatMakesNoSenseInItIsRefusedNamingIt) {
  const std::string good = write_json(samples::batch({samples::sale(42)}));
  const std::size_t end = good.rfind("}}]}");
  const std::pair<const char*, const char*> damages[] = {
      {R"({"member":5})", "member"},
      {R"({"points":"5"})", "points"},
      {R"({"points":1.5})", "points"},
      {R"({"colour":"blue"})", "colour"},
      {R"({"#":"00"})", "#"},
      {R"({"#x":"00"})", "#x"},
      {R"({"#-1":"00"})", "#-1"},
      {R"({"#9":"0"})", "#9"},
      {R"({"#9":"zz"})", "#9"},
      {R"({"#9":9})", "#9"},
      {R"({"member":"ana","#1":"00"})", "twice"},
      {R"([])", "tail"},
  };
  for (const auto& [tail, about] : damages) {
    std::string bad = good;
    bad.insert(end, std::string(",\"tail\":") + tail);
    const auto batch = read_batch(bad);
    ASSERT_TRUE(batch) << tail;
    ASSERT_FALSE(batch->items[0].item) << tail;
    EXPECT_NE(batch->items[0].item.error().what.find(about), std::string::npos)
        << batch->items[0].item.error().what;
  }
  std::string many = R"({"#100":"")";
  for (std::size_t i = 1; i <= kTailEntries; ++i) many += fmt::format(R"(,"#{}":"")", 100 + i);
  std::string bad = good;
  bad.insert(end, ",\"tail\":" + many + "}");
  EXPECT_FALSE(read_batch(bad)->items[0].item);
}

TEST(EventTail, HasOneFormOnly) {
  Event event = samples::epoch_opened(7);
  event.tail.set(kMember, "ana");
  event.tail.set(kPoints, 3);
  const Bytes whole = encode(event);
  const Bytes entries(
      "\x02\x01\x03"
      "ana"
      "\x02\x01\x06",
      9);
  ASSERT_TRUE(whole.ends_with(entries));
  const Bytes head = whole.substr(0, whole.size() - entries.size());
  EXPECT_FALSE(decode(head + Bytes("\x02\x02\x01\x06\x01\x03"
                                   "ana",
                                   9)))
      << "out of order";
  EXPECT_FALSE(decode(head + Bytes("\x02\x01\x03"
                                   "ana"
                                   "\x01\x01\x06",
                                   9)))
      << "twice";
  EXPECT_FALSE(decode(head + Bytes("\0", 1))) << "a tail of nothing";
}

TEST(EventCodec, KeepsAnOrdinarySaleSmall) {
  EXPECT_LE(encode(samples::sale(42)).size(), 200U);
}

}  // namespace
}  // namespace tillrig::wire
