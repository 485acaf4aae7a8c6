// Scenarios of the suite, played in virtual time.
#include "sim/scenario/play/player.hpp"

#include <gtest/gtest.h>

namespace tillrig::scenario {
namespace {

std::string shipped(const std::string& name) {
  return std::string(TILLRIG_SOURCE_DIR) + "/scenarios/" + name + ".toml";
}

std::string told(const Outcome& outcome) {
  std::string text;
  for (const Failure& failure : outcome.failures) {
    text += fmt::format("line {} [{}] {} {}: expected {}, seen {} ({} {})\n", failure.line,
                        name(failure.kind), failure.invariant, failure.what, failure.expected,
                        failure.seen, failure.till, failure.sale);
  }
  return text;
}

TEST(Play, DropMidSaleHolds) {
  const Scenario scenario = load(shipped("outage/drop-mid-sale"));
  for (const Problem& problem : scenario.problems) ADD_FAILURE() << sentence(problem);
  ASSERT_EQ(scenario.plans.size(), 1U);
  const Outcome outcome = run_virtual(scenario.plans.front());
  EXPECT_TRUE(outcome.held()) << told(outcome);
  EXPECT_EQ(outcome.sales, 1U);
}

TEST(Play, SameSeedGivesTheSameDigest) {
  const Scenario scenario = load(shipped("outage/drop-mid-sale"));
  ASSERT_EQ(scenario.plans.size(), 1U);
  const Outcome first = run_virtual(scenario.plans.front());
  const Outcome second = run_virtual(scenario.plans.front());
  EXPECT_EQ(first.digest, second.digest);
  EXPECT_NE(first.digest, 0U);
}

}  // namespace
}  // namespace tillrig::scenario
