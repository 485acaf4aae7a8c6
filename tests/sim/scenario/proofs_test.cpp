// What the articles promise is proved: a scenario covers it, and fails on the bug that breaks it.
#include "pos/base/mutant.hpp"
#include "sim/scenario/read/plan.hpp"
#include "sim/words/requirements.hpp"
#include "tests/sim/scenario/shipped.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

namespace tillrig::scenario {
namespace {

// Which mutants are killed by the scenarios that cover a requirement.
std::map<std::string, std::set<std::string>> killed_by_requirement() {
  std::map<std::string, std::set<std::string>> killed;
  for (const std::string& file : shipped_scenarios()) {
    for (const Plan& plan : load(file).plans) {
      for (const std::string& id : plan.covers) {
        killed[id].insert(plan.kills.begin(), plan.kills.end());
      }
    }
  }
  return killed;
}

TEST(Proofs, EachBugOfARequirementIsKilledByAScenarioThatCoversIt) {
  const auto killed = killed_by_requirement();
  for (const words::Requirement& each : words::requirements()) {
    if (each.mutant.empty()) continue;
    EXPECT_NE(base::find_mutant(each.mutant), nullptr) << each.id << ": " << each.mutant;
    const auto at = killed.find(std::string(each.id));
    ASSERT_NE(at, killed.end()) << each.id << " is covered by nothing";
    EXPECT_TRUE(at->second.contains(std::string(each.mutant)))
        << each.id << ": of the scenarios that cover it none kills " << each.mutant;
  }
}

// Card data comes with the sealed bundles.
TEST(Proofs, NothingOfOutagesAndTheSyncManagerIsWithoutOne) {
  for (const words::Requirement& each : words::requirements()) {
    const bool of_these = each.id.starts_with("OUT-") || each.id.starts_with("SM-") ||
                          (each.id.starts_with("X-") && each.id != "X-09");
    const bool later = each.id == "SM-19";
    if (!of_these || later) continue;
    EXPECT_FALSE(each.mutant.empty() && each.tests.empty()) << each.id << ": " << each.text;
  }
}

}  // namespace
}  // namespace tillrig::scenario
