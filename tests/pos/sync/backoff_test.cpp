#include "pos/sync/backoff.hpp"

#include "sim/kernel/ports.hpp"
#include "tests/pos/sync/fixed_entropy.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>

namespace tillrig::sync {
namespace {

using base::Duration;
using namespace std::chrono_literals;

TEST(Backoff, TheCeilingDoublesFromOneSecondToSixty) {
  FixedEntropy highest(UINT64_MAX);
  Backoff backoff(highest);
  for (const Duration ceiling : {1s, 2s, 4s, 8s, 16s, 32s, 60s, 60s, 60s}) {
    const Duration wait = backoff.failed({});
    EXPECT_LT(wait, ceiling);
    EXPECT_GT(wait, ceiling - 1ms);
  }
}

TEST(Backoff, TheJitterIsFull) {
  FixedEntropy lowest(0);
  Backoff backoff(lowest);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(backoff.failed({}), 0s) << i;
}

TEST(Backoff, TillsThatFailTogetherComeBackSpreadOut) {
  std::array<int, 4> quarters{};
  for (std::uint64_t till = 0; till < 400; ++till) {
    kernel::NamedStreams entropy(till, "till");
    Backoff backoff(entropy);
    for (int i = 0; i < 5; ++i) backoff.failed({});
    const auto quarter = static_cast<std::size_t>(backoff.failed({}) / 8s);
    ASSERT_LT(quarter, quarters.size());
    ++quarters[quarter];
  }
  EXPECT_GT(*std::min_element(quarters.begin(), quarters.end()), 60);
}

TEST(Backoff, NeverLessThanTheServerAskedFor) {
  FixedEntropy lowest(0);
  Backoff low(lowest);
  EXPECT_EQ(low.failed(120s), 120s);
  FixedEntropy highest(UINT64_MAX);
  Backoff high(highest);
  EXPECT_GE(high.failed(120s), 120s);
  EXPECT_LT(high.failed(120s), 122s);
}

TEST(Backoff, ASuccessForgets) {
  FixedEntropy highest(UINT64_MAX);
  Backoff backoff(highest);
  for (int i = 0; i < 6; ++i) backoff.failed({});
  EXPECT_EQ(backoff.failures(), 6);
  backoff.succeeded();
  EXPECT_LT(backoff.failed({}), 1s);
}

TEST(Backoff, AYearOfFailuresStaysBelowTheCap) {
  FixedEntropy highest(UINT64_MAX);
  Backoff backoff(highest);
  for (int i = 0; i < 1'000'000; ++i) ASSERT_LE(backoff.failed({}), Backoff::kCap);
}

}  // namespace
}  // namespace tillrig::sync
