#include "pos/sync/freshness.hpp"

#include "tests/pos/sync/fake_notebook.hpp"
#include "tests/pos/sync/hand_clock.hpp"

#include <gtest/gtest.h>

namespace tillrig::sync {
namespace {

using namespace std::chrono_literals;

struct FreshDesk {
  FakeNotebook notebook;
  HandClock clock;
  Freshness made() { return {notebook, clock, {}}; }
};

TEST(Freshness, IsStaleStrictlyAfterADay) {
  FreshDesk desk;
  Freshness freshness = desk.made();
  ASSERT_TRUE(freshness.in_step());
  desk.clock.pass(24h);
  EXPECT_FALSE(freshness.stale());
  desk.clock.pass(1ms);
  EXPECT_TRUE(freshness.stale());
}

TEST(Freshness, NoWallClockMakesItStaleOrFresh) {
  FreshDesk desk;
  Freshness freshness = desk.made();
  ASSERT_TRUE(freshness.in_step());
  desk.clock.pass(1h);
  desk.clock.wall_time.ms += 48 * 3'600'000LL;
  EXPECT_FALSE(freshness.stale());
  desk.clock.pass(29h);
  desk.clock.wall_time.ms -= 5 * 24 * 3'600'000LL;
  EXPECT_TRUE(freshness.stale());
  EXPECT_EQ(freshness.age(), 30h);
}

TEST(Freshness, OutlivesTheProcessExactly) {
  FreshDesk desk;
  {
    Freshness freshness = desk.made();
    ASSERT_TRUE(freshness.in_step());
    desk.clock.pass(1min);
    ASSERT_TRUE(freshness.in_step());  // not noted: it was a minute ago
    ASSERT_TRUE(freshness.keep());
  }
  desk.clock.pass(2h);
  EXPECT_EQ(desk.made().age(), 2h);
}

TEST(Freshness, IsNotedAtMostEveryFiveMinutes) {
  FreshDesk desk;
  Freshness freshness = desk.made();
  for (int i = 0; i < 120; ++i) {
    ASSERT_TRUE(freshness.in_step());
    desk.clock.pass(5s);
  }
  EXPECT_EQ(desk.notebook.kept, 2);
}

TEST(Freshness, AcrossARestartOfTheMachineTheWallClockTells) {
  FreshDesk desk;
  ASSERT_TRUE(desk.made().in_step());
  desk.clock.restart(3h);
  desk.clock.pass(10min);
  EXPECT_EQ(desk.made().age(), 3h + 10min);
}

TEST(Freshness, AtLeastWhatTheMachineHasRunSinceItsStart) {
  FreshDesk desk;
  ASSERT_TRUE(desk.made().in_step());
  desk.clock.restart(3h);
  desk.clock.wall_time.ms = 0;  // its battery is dead
  desk.clock.pass(25h);
  EXPECT_TRUE(desk.made().stale());
}

TEST(Freshness, TheLadderHasFourRungs) {
  FreshDesk desk;
  Freshness freshness = desk.made();
  ASSERT_TRUE(freshness.in_step());
  EXPECT_EQ(freshness.ladder(), Ladder::green);
  desk.clock.pass(1h);
  EXPECT_EQ(freshness.ladder(), Ladder::blue);
  desk.clock.pass(23h);
  EXPECT_EQ(freshness.ladder(), Ladder::amber);
  desk.clock.pass(24h);
  EXPECT_EQ(freshness.ladder(), Ladder::red);
}

TEST(Freshness, ADiskThatKeepsNothingIsToldAndCostsNothingElse) {
  FreshDesk desk;
  desk.notebook.full = true;
  Freshness freshness = desk.made();
  desk.clock.pass(2h);
  EXPECT_FALSE(freshness.in_step());
  EXPECT_EQ(freshness.age(), 0h);
}

TEST(Freshness, ANoteThatSomebodySpoiltIsNone) {
  for (const char* text : {"", "7", "7 x 5", "7 5 5 5", "-1 5 5"}) {
    FreshDesk desk;
    desk.notebook.notes["in_step"] = text;
    EXPECT_EQ(desk.made().age(), 0h) << text;
  }
}

}  // namespace
}  // namespace tillrig::sync
