#include "pos/sync/own_moment.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace tillrig::sync {
namespace {

using namespace std::chrono_literals;

constexpr base::Duration kCycle = 4500ms;
constexpr base::WallTime kNow{1'772'438'400'123};

TEST(OwnMoment, TwoHundredTillsComeEvenlyOneAfterTheOther) {
  for (const std::string_view shop : {"till-", "berlin-", "t"}) {
    std::vector<base::Duration> moments;
    for (int n = 1; n <= 200; ++n) {
      moments.push_back(until_own_moment(std::string(shop) + std::to_string(n), kNow, kCycle));
    }
    std::sort(moments.begin(), moments.end());
    ASSERT_GE(moments.front(), 0s);
    ASSERT_LT(moments.back(), kCycle);
    std::size_t most = 0;
    for (std::size_t first = 0; first < moments.size(); ++first) {
      std::size_t within = 0;
      while (first + within < moments.size() && moments[first + within] < moments[first] + 1s) {
        ++within;
      }
      most = std::max(most, within);
    }
    EXPECT_LE(most, 50U) << shop << ": 200 tills in 4.5 s are 44.4 a second";
  }
}

TEST(OwnMoment, IsTheSameMomentWheneverOneAsks) {
  const base::Duration wait = until_own_moment("till-7", kNow, kCycle);
  const base::WallTime later{kNow.ms + 100};
  const base::Duration then = until_own_moment("till-7", later, kCycle);
  EXPECT_EQ(then, wait >= 100ms ? wait - 100ms : wait - 100ms + kCycle);
}

TEST(OwnMoment, ATillWithoutANumberHasOneToo) {
  EXPECT_LT(until_own_moment("counter", kNow, kCycle), kCycle);
  EXPECT_LT(until_own_moment("", kNow, kCycle), kCycle);
  EXPECT_LT(until_own_moment("99999999999999999999999", kNow, kCycle), kCycle);
}

}  // namespace
}  // namespace tillrig::sync
