#include "pos/base/hlc.hpp"

#include <gtest/gtest.h>

namespace tillrig::base {
namespace {

TEST(HybridClock, FollowsTheWallClockWhileItMovesOn) {
  HybridClock clock;
  EXPECT_EQ(clock.tick(WallTime{1000}), (HlcStamp{1000, 0}));
  EXPECT_EQ(clock.tick(WallTime{1000}), (HlcStamp{1000, 1}));
  EXPECT_EQ(clock.tick(WallTime{1001}), (HlcStamp{1001, 0}));
}

TEST(HybridClock, NeverGoesBackWhateverTheWallClockDoes) {
  HybridClock clock;
  HlcStamp last;
  std::uint64_t seed = 88172645463325252;
  for (int i = 0; i < 20'000; ++i) {
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    const WallTime wall{static_cast<std::int64_t>(seed % 10'000'000) - 5'000'000};
    const HlcStamp stamp = clock.tick(wall);
    ASSERT_LT(last, stamp) << "tick " << i;
    last = stamp;
  }
}

TEST(HybridClock, ResumesAfterTheNewestStampOfTheStore) {
  HybridClock clock;
  clock.resume(HlcStamp{5000, 2});
  clock.resume(HlcStamp{10, 0});
  EXPECT_EQ(clock.tick(WallTime{100}), (HlcStamp{5000, 3}));
}

TEST(HybridClock, MovesOnAMillisecondWhenTheCounterIsFull) {
  HybridClock clock;
  clock.resume(HlcStamp{5000, UINT32_MAX});
  EXPECT_EQ(clock.tick(WallTime{100}), (HlcStamp{5001, 0}));
}

}  // namespace
}  // namespace tillrig::base
