#include "pos/pay/points.hpp"

#include <gtest/gtest.h>

namespace tillrig::pay {
namespace {

using base::Money;

TEST(Points, AreWholeForEachUnitOfTheCurrencyRoundedDown) {
  const LoyaltyRules one{1};
  EXPECT_EQ(points_for(Money{4399}, 2, one), 43);
  EXPECT_EQ(points_for(Money{4300}, 2, one), 43);
  EXPECT_EQ(points_for(Money{99}, 2, one), 0);
  EXPECT_EQ(points_for(Money{99}, 2, LoyaltyRules{10}), 9);
  EXPECT_EQ(points_for(Money{430}, 0, one), 430) << "a currency without a smaller unit";
  EXPECT_EQ(points_for(Money{-500}, 2, one), 0);
  EXPECT_EQ(points_for(Money{4300}, 2, LoyaltyRules{}), 0) << "a shop that gives none";
  EXPECT_EQ(points_for(Money{1'000'000'000'000'000}, 0, LoyaltyRules{1000}),
            1'000'000'000'000'000'000);
}

// Whatever comes back first, and in how many parts.
TEST(Points, TakenBackInPartsComeToWhatWasEarned) {
  for (const std::int64_t step : {1, 7, 33, 999, 5000}) {
    std::int64_t back = 0;
    for (std::int64_t gone = 0; gone < 9999; gone += step) {
      const Money now{std::min<std::int64_t>(step, 9999 - gone)};
      const std::int64_t part = points_back(99, Money{9999}, Money{gone}, now);
      EXPECT_GE(part, 0);
      back += part;
    }
    EXPECT_EQ(back, 99) << step;
  }
  EXPECT_EQ(points_back(0, Money{100}, Money{}, Money{100}), 0);
  EXPECT_EQ(points_back(5, Money{}, Money{}, Money{}), 0);
  EXPECT_EQ(points_back(10, Money{100}, Money{90}, Money{50}), 1) << "no more than is left";
}

}  // namespace
}  // namespace tillrig::pay
