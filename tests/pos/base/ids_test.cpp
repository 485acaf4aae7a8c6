#include "pos/base/ids.hpp"

#include <gtest/gtest.h>

namespace tillrig::base {
namespace {

TEST(EventId, ReadsWhatItWrote) {
  for (const EventId& id : {EventId{"till-1", 3, 42}, EventId{"a", 0, 1},
                            EventId{std::string(32, 'z'), UINT32_MAX, UINT64_MAX}}) {
    const auto back = parse_event_id(id.text());
    ASSERT_TRUE(back) << id.text() << ": " << back.error().what;
    EXPECT_EQ(*back, id);
  }
  EXPECT_EQ((EventId{"till-1", 3, 42}).text(), "till-1.3.42");
}

TEST(EventId, RefusesEveryOtherWriting) {
  for (const char* text : {"",
                           "till-1",
                           "till-1.3",
                           "till-1.3.",
                           "till-1..42",
                           ".3.42",
                           "till-1.3.42.1",
                           "till-1.3.0",
                           "till-1.03.42",
                           "till-1.3.042",
                           "till-1.-3.42",
                           "till-1.+3.42",
                           "till-1.3. 42",
                           "till-1.3.42 ",
                           "Till-1.3.42",
                           "till_1.3.42",
                           "till-1.4294967296.1",
                           "till-1.3.18446744073709551616",
                           "till-1.3.4x",
                           "t\xc3\xa9.1.1"}) {
    const auto id = parse_event_id(text);
    ASSERT_FALSE(id) << text;
    EXPECT_EQ(id.error().code, Code::bad_input) << text;
  }
  EXPECT_FALSE(parse_event_id(std::string(33, 'z') + ".1.1"));
}

TEST(EventId, OrdersByEpochBeforeNumber) {
  EXPECT_LT((EventId{"t", 1, 900}), (EventId{"t", 2, 1}));
  EXPECT_LT((EventId{"t", 2, 9}), (EventId{"t", 2, 10}));
}

TEST(TillName, HasOneToThirtyTwoPlainCharacters) {
  EXPECT_TRUE(is_till_name("till-1"));
  EXPECT_TRUE(is_till_name(std::string(32, 'a')));
  EXPECT_FALSE(is_till_name(std::string(33, 'a')));
  for (const char* name : {"", "Till", "till 1", "till.1", "till/1", "kasse\xc3\xa4"}) {
    EXPECT_FALSE(is_till_name(name)) << name;
  }
}

TEST(ReceiptNumber, IsPrintedWithSevenDigitsOrMore) {
  EXPECT_EQ((ReceiptNumber{3, 42}).text(), "3-0000042");
  EXPECT_EQ((ReceiptNumber{3, 123456789}).text(), "3-123456789");
}

}  // namespace
}  // namespace tillrig::base
