#include "pos/sync/local_mode.hpp"

#include "tests/pos/sync/fake_notebook.hpp"
#include "tests/pos/sync/hand_clock.hpp"

#include <gtest/gtest.h>

namespace tillrig::sync {
namespace {

using namespace std::chrono_literals;

struct Box {
  FakeNotebook notebook;
  HandClock clock;
  LocalMode made() { return {notebook, clock, {}}; }
};

TEST(LocalMode, EndsAfterItsHours) {
  Box box;
  LocalMode local = box.made();
  EXPECT_FALSE(local.on());
  ASSERT_TRUE(local.begin(2h));
  box.clock.pass(2h - 1ms);
  EXPECT_TRUE(local.on());
  EXPECT_EQ(local.left(), 1ms);
  box.clock.pass(1ms);
  EXPECT_FALSE(local.on());
}

TEST(LocalMode, WithoutHoursItLastsUntilItIsUnchecked) {
  Box box;
  LocalMode local = box.made();
  ASSERT_TRUE(local.begin(std::nullopt));
  box.clock.pass(1000h);
  EXPECT_TRUE(local.on());
  ASSERT_TRUE(local.end());
  EXPECT_FALSE(local.on());
  EXPECT_FALSE(box.made().on());
}

TEST(LocalMode, NeitherProcessNorMachineNorClockMovesItsEnd) {
  Box box;
  ASSERT_TRUE(box.made().begin(4h));
  box.clock.pass(1h);
  box.clock.wall_time.ms += 24 * 3'600'000LL;
  EXPECT_EQ(box.made().left(), 3h);
  box.clock.wall_time.ms -= 48 * 3'600'000LL;
  EXPECT_EQ(box.made().left(), 3h);
  box.clock.wall_time.ms += 24 * 3'600'000LL;  // right again
  box.clock.restart(30min);
  box.clock.pass(30min);
  EXPECT_EQ(box.made().left(), 2h);
}

TEST(LocalMode, AClockThatIsSetAfterARestartOfTheMachineMovesNothing) {
  Box box;
  ASSERT_TRUE(box.made().begin(4h));
  box.clock.restart(30min);
  EXPECT_EQ(box.made().left(), 3h + 30min);
  box.clock.wall_time.ms += 24 * 3'600'000LL;
  box.clock.pass(30min);
  EXPECT_EQ(box.made().left(), 3h);
}

TEST(LocalMode, HoursOutsideAreRefusedAndChangeNothing) {
  Box box;
  LocalMode local = box.made();
  EXPECT_FALSE(local.begin(0h));
  EXPECT_FALSE(local.begin(-1h));
  EXPECT_FALSE(local.begin(72h + 1s));
  EXPECT_FALSE(local.on());
  EXPECT_TRUE(local.begin(72h));
}

TEST(LocalMode, WhatCannotBeNotedDoesNotBegin) {
  Box box;
  box.notebook.full = true;
  LocalMode local = box.made();
  EXPECT_FALSE(local.begin(2h));
  EXPECT_FALSE(local.on());
}

TEST(LocalMode, ANoteThatSomebodySpoiltIsNone) {
  for (const char* text : {"", "7 5 5", "7 5 5|", "7 5 5|x", "7 5 5|-5", "|5",
                           "7 5 5|999999999999999999", "7 5 5|99999999999999999999"}) {
    Box box;
    box.notebook.notes["local_mode"] = text;
    EXPECT_FALSE(box.made().on()) << text;
  }
}

TEST(ReadHours, TakesWhatFitsIntoTheBox) {
  EXPECT_EQ(*read_hours("2"), 2h);
  EXPECT_EQ(*read_hours("0.5"), 30min);
  EXPECT_EQ(*read_hours("72"), 72h);
  EXPECT_EQ(*read_hours(""), std::nullopt);
}

TEST(ReadHours, RefusesTheRestInASentence) {
  for (const char* text :
       {"0", "-1", "two", "73", "72.001", "1e1", " 2", "0.0001", "99999999999999999999"}) {
    const auto hours = read_hours(text);
    ASSERT_FALSE(hours) << text;
    EXPECT_NE(hours.error().what.find(text), std::string::npos) << hours.error().what;
  }
}

}  // namespace
}  // namespace tillrig::sync
