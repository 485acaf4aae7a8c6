#include "sim/kernel/ports.hpp"

#include "sim/kernel/spawn.hpp"

#include <gtest/gtest.h>

#include <array>
#include <bit>
#include <memory>
#include <set>
#include <vector>

namespace tillrig::kernel {
namespace {

using namespace std::chrono_literals;
using base::Awaitable;

TEST(LaneClock, WallTimeIsStartPlusVirtualTimePlusSkew) {
  Kernel kernel;
  const Lane lane = kernel.open_lane("till-1");
  LaneClock fast(kernel, base::WallTime{1'700'000'000'000});
  LaneClock right(kernel, base::WallTime{1'700'000'000'000});
  fast.set_skew(40s);
  kernel.call_at(Instant{} + 1500ms + 999us, lane, [] {});
  ASSERT_TRUE(kernel.run());
  EXPECT_EQ(right.now(), Instant{} + 1500ms + 999us);
  EXPECT_EQ(right.wall(), base::WallTime{1'700'000'001'500});
  EXPECT_EQ(fast.wall(), base::WallTime{1'700'000'041'500});
  fast.set_skew(-2s);
  EXPECT_EQ(fast.now(), right.now());
  EXPECT_EQ(fast.wall(), base::WallTime{1'699'999'999'500});  // -499.001 ms, rounded down
}

Awaitable<void> sleeper(Kernel& kernel, ports::Timer& timer, Duration each,
                        std::vector<Duration>& seen) {
  for (int i = 0; i < 3; ++i) {
    const Instant when = kernel.now() + each;
    co_await timer.sleep_until(when);
    seen.push_back(kernel.now() - Instant{});
  }
  const Instant past{};
  co_await timer.sleep_until(past);
  seen.push_back(kernel.now() - Instant{});
}

TEST(LaneTimer, WakesEachSleeperAtItsTimeAndAtOnceIfThatHasPassed) {
  Kernel kernel;
  const Lane lane = kernel.open_lane("till-1");
  LaneTimer timer(kernel, lane);
  std::vector<Duration> seen;
  spawn(kernel, lane, sleeper(kernel, timer, 2s, seen));
  spawn(kernel, lane, sleeper(kernel, timer, 3s, seen));
  ASSERT_TRUE(kernel.run());
  EXPECT_EQ(seen, (std::vector<Duration>{2s, 3s, 4s, 6s, 6s, 6s, 9s, 9s}));
}

TEST(LaneTimer, ClosingTheLaneDestroysTheSleepersEvenAfterTheTimerIsGone) {
  Kernel kernel;
  const Lane lane = kernel.open_lane("till-1");
  std::vector<Duration> seen;
  auto timer = std::make_unique<LaneTimer>(kernel, lane);
  spawn(kernel, lane, sleeper(kernel, *timer, 2s, seen));
  ASSERT_TRUE(kernel.run(Instant{} + 1s));
  EXPECT_EQ(kernel.planned(), 1U);
  timer.reset();
  kernel.close_lane(lane);
  EXPECT_EQ(kernel.planned(), 0U);
  ASSERT_TRUE(kernel.run());
  EXPECT_TRUE(seen.empty());
}

Awaitable<void> heavy(Kernel& kernel, ports::Timer& timer) {
  for (;;) {
    const Instant when = kernel.now() + 0s;
    co_await timer.sleep_until(when);
  }
}

TEST(LaneTimer, ALoopThatSleepsForNothingIsALivelock) {
  Limits limits;
  limits.at_one_instant = 1000;
  Kernel kernel(limits);
  const Lane lane = kernel.open_lane("till-1 uploader");
  LaneTimer timer(kernel, lane);
  spawn(kernel, lane, heavy(kernel, timer));
  const Result<void> result = kernel.run();
  ASSERT_FALSE(result);
  EXPECT_NE(result.error().what.find("till-1 uploader"), std::string::npos);
}

struct Woken {
  Duration at;
  bool rung;
  bool operator==(const Woken&) const = default;
};

Awaitable<void> watch(Kernel& kernel, ports::Alarm& alarm, Duration each, int times,
                      std::vector<Woken>& seen) {
  for (int i = 0; i < times; ++i) {
    const Instant deadline = each == Duration::max() ? Instant::never() : kernel.now() + each;
    const bool rung = co_await alarm.sleep_until(deadline);
    Woken woken{kernel.now() - Instant{}, rung};
    seen.push_back(woken);
  }
}

TEST(LaneAlarm, SleepsUntilRungOrUntilTheDeadline) {
  Kernel kernel;
  const Lane lane = kernel.open_lane("till-1");
  const Lane other = kernel.open_lane("player");
  const auto alarm = make_alarm(kernel, lane);
  std::vector<Woken> seen;
  spawn(kernel, lane, watch(kernel, *alarm, 5s, 4, seen));
  kernel.call_at(Instant{} + 7s, other, [&] { alarm->ring(); });
  kernel.call_at(Instant{} + 12s, other, [&] { alarm->ring(); });  // in time: first at the instant
  ASSERT_TRUE(kernel.run());
  EXPECT_EQ(seen, (std::vector<Woken>{{5s, false}, {7s, true}, {12s, true}, {17s, false}}));
  EXPECT_EQ(kernel.planned(), 0U);
}

TEST(LaneAlarm, KeepsOneRingForTheNextSleep) {
  Kernel kernel;
  const Lane lane = kernel.open_lane("till-1");
  const auto alarm = make_alarm(kernel, lane);
  alarm->ring();
  alarm->ring();
  std::vector<Woken> seen;
  spawn(kernel, lane, watch(kernel, *alarm, 5s, 2, seen));
  ASSERT_TRUE(kernel.run());
  EXPECT_EQ(seen, (std::vector<Woken>{{0s, true}, {5s, false}}));
}

TEST(LaneAlarm, RingsThatArriveBeforeTheSleeperIsUpAreOneRing) {
  Kernel kernel;
  const Lane lane = kernel.open_lane("till-1");
  const Lane other = kernel.open_lane("player");
  const auto alarm = make_alarm(kernel, lane);
  std::vector<Woken> seen;
  spawn(kernel, lane, watch(kernel, *alarm, Duration::max(), 2, seen));
  kernel.call_at(Instant{} + 1s, other, [&] {
    alarm->ring();
    alarm->ring();
  });
  ASSERT_TRUE(kernel.run());
  EXPECT_EQ(seen, (std::vector<Woken>{{1s, true}}));
  EXPECT_EQ(kernel.planned(), 1U);  // asleep for ever
}

TEST(LaneAlarm, DestroyedUnderItsSleeperItLeavesTheDeadline) {
  Kernel kernel;
  const Lane lane = kernel.open_lane("till-1");
  auto alarm = make_alarm(kernel, lane);
  std::vector<Woken> seen;
  spawn(kernel, lane, watch(kernel, *alarm, 5s, 1, seen));
  ASSERT_TRUE(kernel.run(Instant{} + 1s));
  alarm.reset();
  ASSERT_TRUE(kernel.run());
  EXPECT_EQ(seen, (std::vector<Woken>{{5s, false}}));
}

Awaitable<void> owner(std::unique_ptr<ports::Alarm> alarm, std::shared_ptr<int> token) {
  const Instant deadline = Instant::never();
  co_await alarm->sleep_until(deadline);
  *token = 1;
}

TEST(LaneAlarm, GoesWithTheCoroutineThatOwnsItWhenTheLaneIsClosed) {
  Kernel kernel;
  const Lane lane = kernel.open_lane("till-1");
  const auto token = std::make_shared<int>(0);
  auto alarm = make_alarm(kernel, lane);
  spawn(kernel, lane, owner(std::move(alarm), token));
  ASSERT_TRUE(kernel.run(Instant{} + 1s));
  EXPECT_EQ(token.use_count(), 2);
  kernel.close_lane(lane);
  EXPECT_EQ(token.use_count(), 1);
  EXPECT_EQ(*token, 0);
}

TEST(LaneAlarm, OutlivesItsLane) {
  Kernel kernel;
  const Lane lane = kernel.open_lane("till-1");
  const auto alarm = make_alarm(kernel, lane);
  std::vector<Woken> seen;
  spawn(kernel, lane, watch(kernel, *alarm, 5s, 1, seen));
  ASSERT_TRUE(kernel.run(Instant{} + 1s));
  kernel.close_lane(lane);
  alarm->ring();
  alarm->ring();
  spawn(kernel, lane, watch(kernel, *alarm, 5s, 1, seen));
  ASSERT_TRUE(kernel.run());
  EXPECT_TRUE(seen.empty());
}

TEST(LaneAlarm, OutlivesItsKernel) {
  std::unique_ptr<ports::Alarm> alarm;
  std::vector<Woken> seen;
  {
    Kernel kernel;
    const Lane lane = kernel.open_lane("till-1");
    alarm = make_alarm(kernel, lane);
    spawn(kernel, lane, watch(kernel, *alarm, Duration::max(), 1, seen));
    ASSERT_TRUE(kernel.run());
  }
  alarm->ring();
  EXPECT_TRUE(seen.empty());
}

TEST(LaneAlarmDeathTest, HasOneSleeperAtATime) {
  Kernel kernel;
  const Lane lane = kernel.open_lane("till-1");
  const auto alarm = make_alarm(kernel, lane);
  std::vector<Woken> seen;
  spawn(kernel, lane, watch(kernel, *alarm, 5s, 1, seen));
  spawn(kernel, lane, watch(kernel, *alarm, 5s, 1, seen));
  EXPECT_DEATH((void)kernel.run(), "one sleeper at a time");
}

std::vector<std::uint64_t> draws(NamedStreams& streams, std::string_view stream, int n) {
  std::vector<std::uint64_t> out;
  for (int i = 0; i < n; ++i) out.push_back(streams.draw(stream));
  return out;
}

TEST(NamedStreams, AStreamDoesNotDependOnHowOthersAreDrawnFrom) {
  NamedStreams alone(7, "till-1");
  const auto wanted = draws(alone, "sync.backoff", 20);
  NamedStreams mixed(7, "till-1");
  std::vector<std::uint64_t> got;
  for (int i = 0; i < 20; ++i) {
    draws(mixed, "link.loss", i);
    got.push_back(mixed.draw("sync.backoff"));
    draws(mixed, "printer", 1);
  }
  EXPECT_EQ(got, wanted);
}

TEST(NamedStreams, SeedScopeAndNameEachMakeAnotherStream) {
  std::set<std::uint64_t> seen;
  std::size_t drawn = 0;
  for (const std::uint64_t seed : {0U, 1U, 2U}) {
    for (const char* scope : {"", "till-1", "till-2"}) {
      NamedStreams streams(seed, scope);
      for (const char* name : {"a", "b", "till-1", "till-2", ""}) {
        for (const std::uint64_t value : draws(streams, name, 50)) seen.insert(value);
        drawn += 50;
      }
    }
  }
  EXPECT_EQ(seen.size(), drawn);
}

// Values that a rewrite must not change: recorded runs and seeds in bug reports hang on them.
TEST(NamedStreams, DrawsTheSameNumbersEverywhere) {
  NamedStreams streams(1, "till-1");
  EXPECT_EQ(draws(streams, "sync.backoff", 3),
            (std::vector<std::uint64_t>{9215151030686582698U, 8483683756820160714U,
                                        14577615201081667301U}));
}

TEST(NamedStreams, EveryBitIsSetHalfOfTheTimeAndNeighboursShareNothing) {
  NamedStreams streams(3, "link");
  constexpr int kDraws = 20'000;
  std::array<int, 64> set{};
  int flipped = 0;
  std::uint64_t last = 0;
  for (int i = 0; i < kDraws; ++i) {
    const std::uint64_t value = streams.draw("loss");
    for (std::size_t bit = 0; bit < 64; ++bit) set[bit] += static_cast<int>((value >> bit) & 1);
    flipped += std::popcount(value ^ last);
    last = value;
  }
  for (const int n : set) EXPECT_NEAR(n, kDraws / 2, 400);  // over 5 standard deviations
  EXPECT_NEAR(flipped / static_cast<double>(kDraws), 32.0, 0.2);
}

}  // namespace
}  // namespace tillrig::kernel
