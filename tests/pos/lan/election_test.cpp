#include "pos/lan/election.hpp"

#include <gtest/gtest.h>

namespace tillrig::lan {
namespace {

using namespace std::chrono_literals;  // NOLINT(google-build-using-namespace)

Instant at(Duration since) {
  return Instant{0} + since;
}

Election one(const std::string& name, bool wired = false) {
  Election election(name, wired, {}, {});
  election.begin(at(0s));
  return election;
}

TEST(Election, ListensForALeaseBeforeItClaims) {
  Election alone = one("till-1");
  alone.tick(at(5999ms));
  EXPECT_EQ(alone.hub(), "");
  alone.tick(at(6s));
  EXPECT_TRUE(alone.is_hub());
  EXPECT_EQ(alone.epoch(), 1U);
}

TEST(Election, TheFirstByRankClaimsWiredBeforeByName) {
  Election second = one("till-2");
  second.heard("till-1", false, "", 0, at(5s));
  second.tick(at(6s));
  EXPECT_EQ(second.hub(), "") << "till-1 is there and comes first";
  Election wired = one("till-2", true);
  wired.heard("till-1", false, "", 0, at(5s));
  wired.tick(at(6s));
  EXPECT_TRUE(wired.is_hub());
}

TEST(Election, AClaimHoldsForALeaseAndThenTheNextTakesOverInANewEpoch) {
  Election second = one("till-2");
  second.heard("till-1", false, "till-1", 4, at(1s));
  EXPECT_EQ(second.hub(), "till-1");
  second.tick(at(6999ms));
  EXPECT_EQ(second.hub(), "till-1");
  second.tick(at(7s));
  EXPECT_TRUE(second.is_hub());
  EXPECT_EQ(second.epoch(), 5U) << "a number that nobody has used";
}

TEST(Election, OfTwoHubsTheHigherEpochStands) {
  Election old = one("till-1");
  old.tick(at(6s));
  ASSERT_TRUE(old.is_hub());
  old.heard("till-2", false, "till-2", 2, at(7s));
  EXPECT_EQ(old.hub(), "till-2");
  EXPECT_EQ(old.epoch(), 2U);
}

TEST(Election, OfTwoHubsWithOneEpochBothTakeTheFirstByRank) {
  Election first = one("till-1");
  Election second = one("till-2");
  first.tick(at(6s));
  second.tick(at(6s));
  first.heard("till-2", false, "till-2", 1, at(7s));
  second.heard("till-1", false, "till-1", 1, at(7s));
  EXPECT_TRUE(first.is_hub());
  EXPECT_EQ(second.hub(), "till-1");
}

TEST(Election, AHubOfAnOlderEpochIsNotBelievedAgain) {
  Election third = one("till-3");
  third.heard("till-1", false, "till-1", 1, at(1s));
  third.heard("till-2", false, "till-2", 2, at(2s));
  third.heard("till-1", false, "till-1", 1, at(3s));
  EXPECT_EQ(third.hub(), "till-2");
  EXPECT_EQ(third.epoch(), 2U);
}

TEST(Election, AHubTakesANewEpochForWhoHasSeenALaterOneEnd) {
  Election first = one("till-1");
  first.tick(at(6s));
  ASSERT_EQ(first.epoch(), 1U);
  first.heard("till-3", false, "", 5, at(7s));
  EXPECT_TRUE(first.is_hub());
  EXPECT_EQ(first.epoch(), 6U);
}

TEST(Election, WhoIsNotHeardForALeaseIsGone) {
  Election first = one("till-1");
  first.heard("till-2", false, "", 0, at(1s));
  EXPECT_TRUE(first.there("till-2"));
  first.tick(at(7s));
  EXPECT_FALSE(first.there("till-2"));
}

}  // namespace
}  // namespace tillrig::lan
