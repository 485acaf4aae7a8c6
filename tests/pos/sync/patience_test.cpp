#include "pos/sync/patience.hpp"

#include <gtest/gtest.h>

namespace tillrig::sync {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kMebibyte = 1024 * 1024;

TEST(Patience, WaitsTheLeastOnALineThatAnswersAtOnce) {
  Patience patience(2s, 120s);
  for (int i = 0; i < 100; ++i) patience.answered(20ms);
  EXPECT_EQ(patience.now(), Duration(2s));
  EXPECT_EQ(patience.now(0, Patience::Line::to_make), Duration(2s));
}

TEST(Patience, GivesASteadySlowLineItsTimeAndARoundTripMoreToConnect) {
  Patience patience(2s, 120s);
  for (int i = 0; i < 100; ++i) patience.answered(1200ms);
  EXPECT_GT(patience.now(), Duration(1200ms));
  EXPECT_GT(patience.now(0, Patience::Line::to_make), Duration(2400ms));
}

// So that the end of a line with less than two seconds there and back is noticed in 17 s.
TEST(Patience, StaysWithinTwiceTheLeastWhileAnswersTakeLessThanThat) {
  Patience patience(2s, 120s);
  for (int i = 0; i < 20; ++i) patience.answered(i % 2 == 0 ? 100ms : 1900ms);
  EXPECT_LE(patience.now(0, Patience::Line::to_make), Duration(4s));
}

TEST(Patience, FollowsALineThatBecomesSlowAndOneThatRecovers) {
  Patience patience(2s, 120s);
  patience.answered(20s);
  EXPECT_GT(patience.now(), Duration(20s));
  for (int i = 0; i < 100; ++i) patience.answered(50ms);
  EXPECT_EQ(patience.now(), Duration(2s));
}

TEST(Patience, DoublesUntilAnAnswerComes) {
  Patience patience(10s, 300s);
  patience.ran_out(10s);
  EXPECT_EQ(patience.now(), Duration(20s));
  patience.ran_out(10s);  // was asked together with the first one
  EXPECT_EQ(patience.now(), Duration(20s));
  for (int i = 0; i < 20; ++i) patience.ran_out(patience.now());
  EXPECT_EQ(patience.now(), Duration(300s));
  patience.answered(1s);
  EXPECT_EQ(patience.now(), Duration(10s));
}

TEST(Patience, GrowsWithTheBodyAndTheRateOfTheLine) {
  Patience patience(30s, 600s);
  patience.answered(32s, 64 * 1024);  // 2 KiB a second
  EXPECT_GT(patience.now(256 * 1024), Duration(128s));
  EXPECT_LT(patience.now(1024), Duration(40s));
  EXPECT_LE(patience.now(kMebibyte), Duration(600s));
}

}  // namespace
}  // namespace tillrig::sync
