#include "sim/kernel/kernel.hpp"

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace tillrig::kernel {
namespace {

using namespace std::chrono_literals;

Instant at(Duration since_start) {
  return Instant{} + since_start;
}

TEST(Kernel, RunsEventsInOrderOfTime) {
  Kernel kernel;
  const Lane lane = kernel.open_lane("till-1");
  std::vector<int> seen;
  kernel.call_at(at(3s), lane, [&] { seen.push_back(3); });
  kernel.call_at(at(1s), lane, [&] { seen.push_back(1); });
  kernel.call_at(at(2s), lane, [&] {
    seen.push_back(2);
    EXPECT_EQ(kernel.now(), at(2s));
    EXPECT_EQ(kernel.running(), lane);
  });
  ASSERT_TRUE(kernel.run());
  EXPECT_EQ(seen, (std::vector<int>{1, 2, 3}));
  EXPECT_EQ(kernel.now(), at(3s));
  EXPECT_EQ(kernel.running(), 0U);
  EXPECT_EQ(kernel.events(), 3U);
}

TEST(Kernel, RunsEventsOfOneInstantInTheOrderTheyWerePlanned) {
  Kernel kernel;
  const Lane lane = kernel.open_lane("till-1");
  std::vector<int> seen;
  for (int i = 0; i < 50; ++i) {
    kernel.call_at(at(1s), lane, [&seen, i] { seen.push_back(i); });
  }
  kernel.call_at(at(1s), lane, [&] {
    kernel.post(lane, [&] { seen.push_back(101); });
    kernel.call_at(at(0s), lane, [&] { seen.push_back(102); });  // in the past: after what is due
    kernel.post(lane, [&] { seen.push_back(103); });
    kernel.call_at(kernel.now(), lane, [&] { seen.push_back(104); });
  });
  kernel.call_at(at(1s), lane, [&] { seen.push_back(50); });
  ASSERT_TRUE(kernel.run());
  std::vector<int> wanted;
  for (int i = 0; i <= 50; ++i) wanted.push_back(i);
  wanted.insert(wanted.end(), {101, 102, 103, 104});
  EXPECT_EQ(seen, wanted);
}

TEST(Kernel, CancelTakesTheEventOutAtOnceAndDestroysItsTask) {
  Kernel kernel;
  const Lane lane = kernel.open_lane("till-1");
  const auto token = std::make_shared<int>(1);
  const Handle handle = kernel.call_at(at(1s), lane, [token] { FAIL() << "it was cancelled"; });
  EXPECT_EQ(kernel.planned(), 1U);
  EXPECT_EQ(token.use_count(), 2);
  EXPECT_TRUE(kernel.cancel(handle));
  EXPECT_EQ(kernel.planned(), 0U);
  EXPECT_EQ(token.use_count(), 1);
  EXPECT_FALSE(kernel.cancel(handle));
  EXPECT_FALSE(kernel.cancel(Handle{}));
  ASSERT_TRUE(kernel.run());
  EXPECT_EQ(kernel.events(), 0U);
}

TEST(Kernel, AHandleOfARunEventDoesNotHitTheNextInItsSlot) {
  Kernel kernel;
  const Lane lane = kernel.open_lane("till-1");
  const Handle first = kernel.call_at(at(1s), lane, [] {});
  ASSERT_TRUE(kernel.run());
  bool ran = false;
  kernel.call_at(at(2s), lane, [&] { ran = true; });
  EXPECT_FALSE(kernel.cancel(first));
  EXPECT_EQ(kernel.move(first, at(9s)).id, 0U);
  ASSERT_TRUE(kernel.run());
  EXPECT_TRUE(ran);
}

TEST(Kernel, AnEventCannotCancelItselfWhileItRuns) {
  Kernel kernel;
  const Lane lane = kernel.open_lane("till-1");
  Handle self;
  const auto token = std::make_shared<int>(1);
  self = kernel.call_at(at(1s), lane, [&, token] {
    EXPECT_FALSE(kernel.cancel(self));
    EXPECT_EQ(*token, 1);
  });
  ASSERT_TRUE(kernel.run());
  EXPECT_EQ(token.use_count(), 1);
}

TEST(Kernel, AMovedEventRunsAtItsNewTimeOnly) {
  Kernel kernel;
  const Lane lane = kernel.open_lane("till-1");
  std::vector<int> seen;
  const Handle late = kernel.call_at(Instant::never(), lane, [&] { seen.push_back(2); });
  kernel.call_at(at(1s), lane, [&] {
    seen.push_back(1);
    EXPECT_NE(kernel.move(late, kernel.now()).id, 0U);
  });
  kernel.call_at(at(1s), lane, [&] { seen.push_back(11); });
  ASSERT_TRUE(kernel.run());
  EXPECT_EQ(seen, (std::vector<int>{1, 11, 2}));
  EXPECT_FALSE(kernel.cancel(late));
}

TEST(Kernel, WhatIsPlannedAtNeverNeverRuns) {
  Kernel kernel;
  const Lane lane = kernel.open_lane("till-1");
  kernel.call_at(Instant::never(), lane, [] { FAIL() << "never came"; });
  ASSERT_TRUE(kernel.run());
  EXPECT_EQ(kernel.now(), at(0s));
  EXPECT_EQ(kernel.planned(), 1U);
  EXPECT_EQ(kernel.next(), Instant::never());
}

TEST(Kernel, RunUntilStopsTheClockThere) {
  Kernel kernel;
  const Lane lane = kernel.open_lane("till-1");
  std::vector<int> seen;
  kernel.call_at(at(1s), lane, [&] { seen.push_back(1); });
  kernel.call_at(at(2s), lane, [&] { seen.push_back(2); });
  kernel.call_at(at(3s), lane, [&] { seen.push_back(3); });
  EXPECT_EQ(kernel.next(), at(1s));
  ASSERT_TRUE(kernel.run(at(2s)));
  EXPECT_EQ(seen, (std::vector<int>{1, 2}));
  EXPECT_EQ(kernel.now(), at(2s));
  ASSERT_TRUE(kernel.run(at(2500ms)));
  EXPECT_EQ(kernel.now(), at(2500ms));
  ASSERT_TRUE(kernel.run(at(1s)));  // time does not go back
  EXPECT_EQ(kernel.now(), at(2500ms));
  ASSERT_TRUE(kernel.run(at(10s)));
  EXPECT_EQ(seen.size(), 3U);
  EXPECT_EQ(kernel.now(), at(10s));
}

TEST(Kernel, StopEndsTheRunAfterTheEventThatAsked) {
  Kernel kernel;
  const Lane lane = kernel.open_lane("till-1");
  int ran = 0;
  kernel.call_at(at(1s), lane, [&] {
    ++ran;
    kernel.stop();
  });
  kernel.call_at(at(1s), lane, [&] { ++ran; });
  ASSERT_TRUE(kernel.run(at(5s)));
  EXPECT_EQ(ran, 1);
  EXPECT_EQ(kernel.now(), at(1s));
  ASSERT_TRUE(kernel.run(at(5s)));
  EXPECT_EQ(ran, 2);
}

TEST(Kernel, ATaskTooLargeForItsPlaceStillRunsOnce) {
  Kernel kernel;
  const Lane lane = kernel.open_lane("till-1");
  const std::string text(300, 'x');
  const auto token = std::make_shared<int>(0);
  struct Wide {
    std::string text;
    std::shared_ptr<int> token;
    std::unique_ptr<int> move_only;
    std::uint64_t more[6];
  };
  Wide wide{text, token, std::make_unique<int>(7), {}};
  kernel.call_at(at(1s), lane, [w = std::move(wide)] { *w.token += *w.move_only; });
  kernel.post(lane, [token] { *token += 1; });
  ASSERT_TRUE(kernel.run());
  EXPECT_EQ(*token, 8);
  EXPECT_EQ(token.use_count(), 1);
}

// Everything that can be asked of the heap, against a sorted map that does the same the slow way.
TEST(Kernel, OrdersLikeASortedMapWhateverIsPlannedMovedAndCancelled) {
  Kernel kernel;
  const Lane lane = kernel.open_lane("till-1");
  using Place = std::pair<std::int64_t, std::uint64_t>;
  std::map<Place, int> model;
  std::map<int, std::pair<Place, Handle>> live;
  std::vector<int> seen;
  std::uint64_t sequence = 0;
  std::uint64_t state = 42;
  const auto draw = [&state](std::uint64_t bound) {
    state = state * 6364136223846793005ULL + 1442695040888963407ULL;
    return (state >> 33) % bound;
  };
  const auto time_near = [&](std::uint64_t range) {
    return kernel.now().ns + static_cast<std::int64_t>(draw(range));
  };
  int name = 0;
  for (int round = 0; round < 400; ++round) {
    for (std::uint64_t i = draw(60); i > 0; --i) {
      const std::int64_t when = time_near(1000);
      const int mine = name++;
      const Handle handle =
          kernel.call_at(Instant{when}, lane, [&seen, mine] { seen.push_back(mine); });
      const Place place{when, ++sequence};
      model[place] = mine;
      live[mine] = {place, handle};
    }
    for (std::uint64_t i = draw(40); i > 0 && !live.empty(); --i) {
      auto it = live.lower_bound(static_cast<int>(draw(static_cast<std::uint64_t>(name))));
      if (it == live.end()) continue;
      model.erase(it->second.first);
      if (draw(2) == 0) {
        ASSERT_TRUE(kernel.cancel(it->second.second));
        live.erase(it);
        continue;
      }
      const std::int64_t when = time_near(2000);
      const Place place{when, ++sequence};
      model[place] = it->first;
      it->second = {place, kernel.move(it->second.second, Instant{when})};
      ASSERT_NE(it->second.second.id, 0U);
    }
    ASSERT_EQ(kernel.planned(), model.size());
    const Instant until{time_near(300)};
    std::vector<int> wanted;
    while (!model.empty() && model.begin()->first.first <= until.ns) {
      wanted.push_back(model.begin()->second);
      live.erase(model.begin()->second);
      model.erase(model.begin());
    }
    seen.clear();
    ASSERT_TRUE(kernel.run(until));
    ASSERT_EQ(seen, wanted) << "round " << round;
    ASSERT_EQ(kernel.next().ns, model.empty() ? INT64_MAX : model.begin()->first.first);
  }
  EXPECT_GT(name, 5000);
}

// The running event has left the heap already, for everyone who asks.
TEST(Kernel, AnEventSeesThePlanWithoutItself) {
  for (const int asked : {0, 1, 2, 3, 4, 5}) {
    Kernel kernel;
    const Lane lane = kernel.open_lane("till-1");
    const Lane other = kernel.open_lane("till-2");
    std::vector<int> seen;
    Handle third;
    kernel.call_at(at(1s), lane, [&] {
      EXPECT_EQ(kernel.planned(), 3U);
      if (asked == 0) {
        EXPECT_EQ(kernel.next(), at(2s));
      }
      if (asked == 1) {
        EXPECT_TRUE(kernel.cancel(third));
      }
      if (asked == 2) third = kernel.move(third, at(1s));
      if (asked == 3) kernel.close_lane(other);
      if (asked == 4) kernel.call_at(at(1s), lane, [&] { seen.push_back(0); });
      if (asked == 5) kernel.call_at(at(9s), lane, [&] { seen.push_back(9); });
      EXPECT_EQ(kernel.planned(),
                (std::vector<std::size_t>{3, 2, 3, 2, 4, 4})[static_cast<std::size_t>(asked)]);
    });
    kernel.call_at(at(2s), lane, [&] { seen.push_back(2); });
    third = kernel.call_at(at(3s), other, [&] { seen.push_back(3); });
    kernel.call_at(at(4s), lane, [&] { seen.push_back(4); });
    ASSERT_TRUE(kernel.run());
    const std::vector<std::vector<int>> wanted = {{2, 3, 4}, {2, 4},       {3, 2, 4},
                                                  {2, 4},    {0, 2, 3, 4}, {2, 3, 4, 9}};
    EXPECT_EQ(seen, wanted[static_cast<std::size_t>(asked)]) << "asked " << asked;
    EXPECT_EQ(kernel.planned(), 0U);
  }
}

TEST(Kernel, ATaskThatThrowsLeavesTheKernelUsable) {
  Kernel kernel;
  const Lane lane = kernel.open_lane("till-1");
  const auto token = std::make_shared<int>(0);
  kernel.call_at(at(1s), lane, [token] { throw std::runtime_error("thrown through the run"); });
  kernel.call_at(at(2s), lane, [token] { ++*token; });
  EXPECT_THROW((void)kernel.run(), std::runtime_error);
  EXPECT_EQ(kernel.running(), 0U);
  EXPECT_EQ(token.use_count(), 2);
  ASSERT_TRUE(kernel.run());
  EXPECT_EQ(*token, 1);
}

// A small world with cancels and posts in it; what it did is in the digest.
std::uint64_t play(Kernel& kernel, std::uint64_t seed) {
  const Lane a = kernel.open_lane("a");
  const Lane b = kernel.open_lane("b");
  struct World {
    Kernel& kernel;
    Lane a;
    Lane b;
    std::uint64_t state;
    Handle deadline;
    void step(int left) {
      if (left == 0) return;
      state = state * 6364136223846793005ULL + 1442695040888963407ULL;
      kernel.cancel(deadline);
      deadline = kernel.call_at(kernel.now() + 5s, b, [] {});
      const Instant when = kernel.now() + Duration{static_cast<std::int64_t>(state >> 40)};
      kernel.call_at(when, left % 3 == 0 ? b : a, [this, left] { step(left - 1); });
      kernel.post(b, [] {});
    }
  };
  World world{kernel, a, b, seed, {}};
  world.step(500);
  EXPECT_TRUE(kernel.run());
  return kernel.digest();
}

TEST(Kernel, TheSameProgramTwiceGivesTheSameDigest) {
  Kernel first;
  Kernel second;
  Kernel other;
  const std::uint64_t digest = play(first, 1);
  EXPECT_EQ(digest, play(second, 1));
  EXPECT_NE(digest, play(other, 2));
}

TEST(Kernel, TheDigestHearsTimeLaneAndWhatIsMixedIn) {
  const auto digest = [](Duration when, int lane, std::uint64_t mixed) {
    Kernel kernel;
    const Lane a = kernel.open_lane("a");
    const Lane b = kernel.open_lane("b");
    kernel.call_at(at(when), lane == 0 ? a : b, [&] { kernel.mix(mixed); });
    EXPECT_TRUE(kernel.run());
    return kernel.digest();
  };
  EXPECT_EQ(digest(1s, 0, 5), digest(1s, 0, 5));
  EXPECT_NE(digest(1s, 0, 5), digest(2s, 0, 5));
  EXPECT_NE(digest(1s, 0, 5), digest(1s, 1, 5));
  EXPECT_NE(digest(1s, 0, 5), digest(1s, 0, 6));
}

TEST(Kernel, TwoKernelsInOneProcessKnowNothingOfEachOther) {
  Kernel alone;
  const std::uint64_t wanted = play(alone, 7);
  Kernel outer;
  Kernel inner;
  const Lane lane = outer.open_lane("outer");
  std::uint64_t got = 0;
  outer.call_at(at(1h), lane, [&] { got = play(inner, 7); });  // one inside an event of the other
  ASSERT_TRUE(outer.run());
  EXPECT_EQ(got, wanted);
  EXPECT_EQ(outer.now(), at(1h));
  EXPECT_EQ(outer.events(), 1U);
}

TEST(Kernel, ALivelockEndsTheRunAndNamesTheLanesThatSpin) {
  Limits limits;
  limits.at_one_instant = 30'000;
  Kernel kernel(limits);
  const Lane idle = kernel.open_lane("idle-lane");
  const Lane spinner = kernel.open_lane("till-7");
  const Lane helper = kernel.open_lane("link-3");
  struct Spin {
    Kernel& kernel;
    Lane lane;
    Lane helper;
    int n = 0;
    void go() {
      if (++n % 4 == 0) kernel.post(helper, [] {});
      kernel.post(lane, [this] { go(); });
    }
  };
  Spin spin{kernel, spinner, helper};
  kernel.call_at(at(1s), idle, [] {});
  kernel.call_at(at(2s), spinner, [&] { spin.go(); });
  const Result<void> result = kernel.run();
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, base::Code::internal);
  EXPECT_NE(result.error().what.find("till-7 (8"), std::string::npos) << result.error().what;
  EXPECT_NE(result.error().what.find("link-3 (2"), std::string::npos) << result.error().what;
  EXPECT_EQ(result.error().what.find("idle-lane"), std::string::npos) << result.error().what;
  EXPECT_NE(result.error().what.find("2000000000 ns"), std::string::npos) << result.error().what;
  EXPECT_EQ(kernel.now(), at(2s));
}

TEST(Kernel, EventsThatMoveTimeOnAreNoLivelock) {
  Limits limits;
  limits.at_one_instant = 3;
  Kernel kernel(limits);
  const Lane lane = kernel.open_lane("till-1");
  for (int i = 0; i < 300; ++i) kernel.call_at(Instant{i / 3}, lane, [] {});
  EXPECT_TRUE(kernel.run());
  for (int i = 0; i < 4; ++i) kernel.call_at(at(1s), lane, [] {});
  EXPECT_FALSE(kernel.run());
}

TEST(Kernel, TheEventBudgetEndsTheRunAndNamesTheBusiest) {
  Limits limits;
  limits.events = 1000;
  Kernel kernel(limits);
  const Lane lane = kernel.open_lane("till-1");
  struct Tick {
    Kernel& kernel;
    Lane lane;
    void go() {
      kernel.call_at(kernel.now() + 1ms, lane, [this] { go(); });
    }
  };
  Tick tick{kernel, lane};
  tick.go();
  const Result<void> result = kernel.run();
  ASSERT_FALSE(result);
  EXPECT_NE(result.error().what.find("budget of 1000 events"), std::string::npos);
  EXPECT_NE(result.error().what.find("till-1 ("), std::string::npos) << result.error().what;
  EXPECT_EQ(kernel.events(), 1001U);
}

}  // namespace
}  // namespace tillrig::kernel
