#include "pos/till/manager_door.hpp"

#include "tests/pos/sync/fake_notebook.hpp"
#include "tests/pos/sync/hand_clock.hpp"

#include <gtest/gtest.h>

namespace tillrig::till {
namespace {

using namespace std::chrono_literals;

struct Doorway {
  sync::FakeNotebook notebook;
  sync::HandClock clock;
  ManagerDoor made(std::string pin = "2580") { return {clock, notebook, std::move(pin), {}}; }
};

TEST(ManagerDoor, StandsOpenWhereThereIsNoPin) {
  Doorway way;
  ManagerDoor door = way.made("");
  EXPECT_FALSE(door.locked());
  EXPECT_TRUE(door.may_use());
  EXPECT_TRUE(door.unlock("anything"));
}

TEST(ManagerDoor, OpensForFiveMinutesAfterTheLastUse) {
  Doorway way;
  ManagerDoor door = way.made();
  EXPECT_FALSE(door.may_use());
  ASSERT_TRUE(door.unlock("2580"));
  way.clock.pass(4min);
  ASSERT_TRUE(door.may_use());
  door.used("trigger_up", {});
  way.clock.pass(5min - 1ms);
  EXPECT_TRUE(door.may_use());
  way.clock.pass(1ms);
  EXPECT_FALSE(door.may_use());
}

TEST(ManagerDoor, ARefusedUseDoesNotOpenIt) {
  Doorway way;
  ManagerDoor door = way.made();
  const auto refused = door.may_use();
  door.used("trigger_up", refused);
  EXPECT_TRUE(door.locked());
}

TEST(ManagerDoor, HearsNothingForAMinuteAfterFiveWrongOnes) {
  Doorway way;
  ManagerDoor door = way.made();
  for (int i = 0; i < ManagerDoor::kTries; ++i) EXPECT_FALSE(door.unlock("0000"));
  EXPECT_FALSE(door.unlock("2580"));
  way.clock.pass(1min);
  EXPECT_TRUE(door.unlock("2580"));
}

TEST(ManagerDoor, ARightOneForgivesTheWrongOnes) {
  Doorway way;
  ManagerDoor door = way.made();
  for (int round = 0; round < 3; ++round) {
    for (int i = 0; i < ManagerDoor::kTries - 1; ++i) EXPECT_FALSE(door.unlock("0000"));
    EXPECT_TRUE(door.unlock("2580"));
  }
}

TEST(ManagerDoor, ListsTheNewestFiftyUsesAcrossRestarts) {
  Doorway way;
  {
    ManagerDoor door = way.made();
    for (int i = 0; i < 60; ++i) {
      way.clock.pass(1s);
      door.used(i == 59 ? "clean_up" : "trigger_up", {});
    }
    door.used("restore_service", door.may_use());
  }
  const auto uses = way.made().uses();
  ASSERT_EQ(uses.size(), ManagerDoor::kListed);
  EXPECT_EQ(uses[0].control, "restore_service");
  EXPECT_EQ(uses[0].outcome, "not_allowed");
  EXPECT_EQ(uses[1].control, "clean_up");
  EXPECT_EQ(uses[1].outcome, "done");
}

}  // namespace
}  // namespace tillrig::till
