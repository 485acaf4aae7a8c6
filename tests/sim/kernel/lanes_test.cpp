#include "sim/kernel/kernel.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

namespace tillrig::kernel {
namespace {

using namespace std::chrono_literals;

// Does something when it is destroyed unrun, as a coroutine frame does.
struct Last {
  explicit Last(std::function<void()> w) : what(std::move(w)) {}
  Last(Last&& other) noexcept : what(std::exchange(other.what, nullptr)) {}
  Last& operator=(Last&&) = delete;
  ~Last() {
    if (what) what();
  }
  void operator()() { what = nullptr; }

  std::function<void()> what;
};

TEST(Lanes, ClosingDestroysWhatIsPlannedAndWhatIsDue) {
  Kernel kernel;
  const Lane till = kernel.open_lane("till-1");
  const Lane other = kernel.open_lane("till-2");
  const auto token = std::make_shared<int>(0);
  for (int i = 0; i < 20; ++i) {
    kernel.call_at(kernel.now() + 1s * i, till, [token] { FAIL() << "its lane was closed"; });
    kernel.call_at(kernel.now() + 1s * i, other, [token] { ++*token; });
    kernel.post(till, [token] { FAIL() << "its lane was closed"; });
    kernel.post(other, [token] { ++*token; });
  }
  kernel.close_lane(till);
  EXPECT_FALSE(kernel.lane_open(till));
  EXPECT_TRUE(kernel.lane_open(other));
  EXPECT_EQ(kernel.lane_name(till), "till-1");
  EXPECT_EQ(kernel.planned(), 20U);
  EXPECT_EQ(token.use_count(), 41);
  ASSERT_TRUE(kernel.run());
  EXPECT_EQ(*token, 40);
  EXPECT_EQ(kernel.now(), Instant{} + 19s);
}

TEST(Lanes, WorkHandedToAClosedLaneIsDestroyedAtOnce) {
  Kernel kernel;
  const Lane till = kernel.open_lane("till-1");
  kernel.close_lane(till);
  kernel.close_lane(till);  // once more is nothing
  const auto token = std::make_shared<int>(0);
  EXPECT_EQ(kernel.call_at(kernel.now() + 1s, till, [token] {}).id, 0U);
  kernel.post(till, [token] {});
  EXPECT_EQ(token.use_count(), 1);
  EXPECT_EQ(kernel.next(), Instant::never());
}

TEST(Lanes, ClosingKeepsTheOrderOfTheOthers) {
  Kernel kernel;
  const Lane till = kernel.open_lane("till-1");
  const Lane other = kernel.open_lane("till-2");
  std::vector<std::int64_t> seen;
  std::uint64_t state = 5;
  for (int i = 0; i < 1000; ++i) {
    state = state * 6364136223846793005ULL + 1442695040888963407ULL;
    const Instant when{static_cast<std::int64_t>(state >> 50)};
    kernel.call_at(when, i % 3 == 0 ? other : till, [&] { seen.push_back(kernel.now().ns); });
  }
  kernel.close_lane(till);
  ASSERT_TRUE(kernel.run());
  EXPECT_EQ(seen.size(), 334U);
  EXPECT_TRUE(std::is_sorted(seen.begin(), seen.end()));
}

TEST(Lanes, DestructorsMayUseTheKernelWhileTheirLaneCloses) {
  Kernel kernel;
  const Lane player = kernel.open_lane("player");
  const Lane till = kernel.open_lane("till-1");
  const Lane link = kernel.open_lane("link");
  std::vector<int> seen;
  const Handle elsewhere = kernel.call_at(kernel.now() + 9s, link, [&] { seen.push_back(-1); });
  Handle sibling;
  kernel.call_at(kernel.now() + 5s, till, Last([&] {
                   seen.push_back(1);
                   EXPECT_FALSE(kernel.lane_open(till));
                   EXPECT_FALSE(kernel.cancel(sibling));  // already on its way out
                   EXPECT_TRUE(kernel.cancel(elsewhere));
                   kernel.call_at(kernel.now() + 1s, till, Last([&] { seen.push_back(2); }));
                   kernel.post(till, Last([&] { seen.push_back(3); }));
                   kernel.post(link, [&] { seen.push_back(5); });
                   kernel.close_lane(till);
                 }));
  sibling = kernel.call_at(kernel.now() + 6s, till, Last([&] { seen.push_back(4); }));
  kernel.post(player, [&] { kernel.close_lane(till); });
  ASSERT_TRUE(kernel.run());
  EXPECT_EQ(seen, (std::vector<int>{1, 2, 3, 4, 5}));
}

TEST(Lanes, ADestructorMayCloseAnotherLane) {
  Kernel kernel;
  const Lane till = kernel.open_lane("till-1");
  const Lane link = kernel.open_lane("link");
  std::vector<int> seen;
  kernel.call_at(kernel.now() + 1s, till, Last([&] {
                   kernel.close_lane(link);
                   seen.push_back(2);
                 }));
  kernel.call_at(kernel.now() + 1s, link, Last([&] { seen.push_back(1); }));
  kernel.close_lane(till);
  EXPECT_EQ(seen, (std::vector<int>{1, 2}));
  EXPECT_EQ(kernel.planned(), 0U);
}

TEST(Lanes, AKernelThatEndsDestroysItsWorkInOrderAndTakesNoMore) {
  std::vector<int> seen;
  {
    Kernel kernel;
    const Lane till = kernel.open_lane("till-1");
    kernel.call_at(kernel.now() + 2s, till, Last([&] {
                     seen.push_back(2);
                     kernel.post(till, Last([&] { seen.push_back(3); }));
                   }));
    kernel.call_at(kernel.now() + 1s, till, Last([&] { seen.push_back(1); }));
    kernel.post(till, Last([&] { seen.push_back(0); }));
  }
  EXPECT_EQ(seen, (std::vector<int>{0, 1, 2, 3}));
}

TEST(LanesDeathTest, ALaneIsNotClosedByItsOwnEvent) {
  Kernel kernel;
  const Lane till = kernel.open_lane("till-1");
  kernel.post(till, [&] { kernel.close_lane(till); });
  EXPECT_DEATH((void)kernel.run(), "closed from another lane");
}

TEST(LanesDeathTest, WorkForALaneThatWasNeverOpenedIsABrokenPromise) {
  Kernel kernel;
  EXPECT_DEATH(kernel.post(7, [] {}), "never opened");
}

// A till's lane that is frozen from 1 s to 10 s, and another that is not.
struct Frozen {
  Frozen() {
    kernel.call_at(at(1s), other, [this] { kernel.freeze_lane(till); });
    kernel.call_at(at(10s), other, [this] { kernel.thaw_lane(till); });
  }
  void note_at(Duration when, Lane lane, std::string what) {
    kernel.call_at(at(when), lane, [this, what = std::move(what)] { note(what); });
  }
  void note(const std::string& what) {
    seen.push_back(what + "@" + std::to_string((kernel.now() - Instant{}) / 1s));
  }

  Kernel kernel;
  Lane till = kernel.open_lane("till-1");
  Lane other = kernel.open_lane("other");
  std::vector<std::string> seen;
};

using Notes = std::vector<std::string>;

TEST(FrozenLane, RunsWhatCameDueInThatOrderWhenItIsThawed) {
  Frozen frozen;
  frozen.note_at(5s, frozen.till, "b");
  frozen.note_at(2s, frozen.till, "a");
  frozen.note_at(12s, frozen.till, "d");
  frozen.note_at(3s, frozen.other, "other");
  frozen.kernel.call_at(at(6s), frozen.other,
                        [&] { frozen.kernel.post(frozen.till, [&] { frozen.note("c"); }); });
  ASSERT_TRUE(frozen.kernel.run());
  EXPECT_EQ(frozen.seen, (Notes{"other@3", "a@10", "b@10", "c@10", "d@12"}));
}

TEST(FrozenLane, WhatIsHeldCanBeCancelledAndMoved) {
  Frozen frozen;
  const Handle cancelled =
      frozen.kernel.call_at(at(2s), frozen.till, [&] { frozen.note("cancelled"); });
  const Handle moved = frozen.kernel.call_at(at(2s), frozen.till, [&] { frozen.note("moved"); });
  frozen.kernel.call_at(at(5s), frozen.other, [&] {
    EXPECT_TRUE(frozen.kernel.cancel(cancelled));
    EXPECT_NE(frozen.kernel.move(moved, at(20s)).id, 0U);
  });
  ASSERT_TRUE(frozen.kernel.run());
  EXPECT_EQ(frozen.seen, (Notes{"moved@20"}));
}

TEST(FrozenLane, ThatIsClosedDropsWhatIsHeld) {
  Frozen frozen;
  frozen.note_at(2s, frozen.till, "a");
  frozen.kernel.call_at(at(5s), frozen.other, [&] { frozen.kernel.close_lane(frozen.till); });
  ASSERT_TRUE(frozen.kernel.run());
  EXPECT_TRUE(frozen.seen.empty());
  EXPECT_EQ(frozen.kernel.planned(), 0U);
}

TEST(FrozenLane, FinishesTheEventThatItWasFrozenIn) {
  Frozen frozen;
  frozen.kernel.call_at(at(500ms), frozen.till, [&] {
    frozen.kernel.freeze_lane(frozen.till);
    frozen.kernel.post(frozen.till, [&] { frozen.note("later"); });
    frozen.note("now");
  });
  ASSERT_TRUE(frozen.kernel.run());
  EXPECT_EQ(frozen.seen, (Notes{"now@0", "later@10"}));
}

}  // namespace
}  // namespace tillrig::kernel
