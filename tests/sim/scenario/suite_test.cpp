// The shipped suite: it holds on the sound stack, and each scenario fails on the bugs that it
// names.
#include "pos/base/mutant.hpp"
#include "sim/scenario/play/player.hpp"
#include "tests/sim/scenario/shipped.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

namespace tillrig::scenario {
namespace {

std::string told(const Plan& plan, const Outcome& outcome) {
  std::string text = plan.variant + "\n";
  constexpr std::size_t kFew = 8;
  for (const Failure& failure : outcome.failures) {
    text += fmt::format("line {} [{}] {} {}: expected {}, seen {} ({} {} {:.3f} s)\n", failure.line,
                        name(failure.kind), failure.invariant, failure.what, failure.expected,
                        failure.seen, failure.till, failure.sale,
                        static_cast<double>(failure.at.ns) / 1e9);
    if (&failure - outcome.failures.data() >= static_cast<std::ptrdiff_t>(kFew)) break;
  }
  return text;
}

// All runs of a plan, those of its sweep too, until `done` says that it has seen enough.
template <class Done>
void play_all(const Plan& plan, Done done) {
  const Outcome probe = run_virtual(plan);
  if (done(plan, probe) || plan.sweep.empty()) return;
  for (std::uint64_t n = 1; n <= probe.port_calls; ++n) {
    Plan one = at_call(plan, n);
    if (done(one, run_virtual(one))) return;
  }
}

class Suite : public testing::TestWithParam<std::string> {};

TEST_P(Suite, Holds) {
  const Scenario scenario = load(GetParam());
  for (const Problem& problem : scenario.problems) ADD_FAILURE() << sentence(problem);
  for (const Plan& plan : scenario.plans) {
    play_all(plan, [](const Plan& run, const Outcome& outcome) {
      EXPECT_TRUE(outcome.held()) << told(run, outcome);
      return !outcome.held();
    });
  }
}

TEST_P(Suite, KillsTheMutantsThatItNames) {
  const Scenario scenario = load(GetParam());
  if (scenario.plans.empty()) return;
  for (const std::string& mutant : scenario.plans.front().kills) {
    const std::string_view invariant = base::find_mutant(mutant)->invariant;
    bool killed = false;
    std::string seen;
    for (Plan plan : scenario.plans) {
      plan.setup.mutants.add(mutant);
      play_all(plan, [&](const Plan& run, const Outcome& outcome) {
        killed = std::any_of(outcome.failures.begin(), outcome.failures.end(),
                             [&](const Failure& each) { return each.invariant == invariant; });
        seen = told(run, outcome);
        return killed;
      });
      if (killed) break;
    }
    EXPECT_TRUE(killed) << mutant << " was to break " << invariant << "; seen: " << seen;
  }
}

INSTANTIATE_TEST_SUITE_P(Shipped, Suite, testing::ValuesIn(shipped_scenarios()),
                         [](const testing::TestParamInfo<std::string>& file) {
                           std::string word = std::filesystem::path(file.param).stem().string();
                           std::replace(word.begin(), word.end(), '-', '_');
                           return word;
                         });

TEST(Sweep, MeetsAtLeastThirtyBoundariesOfACheckout) {
  const std::string file =
      std::string(TILLRIG_SOURCE_DIR) + "/scenarios/critical/kill-points-complete-order.toml";
  const Scenario scenario = load(file);
  std::uint64_t met = 0;
  for (const Plan& plan : scenario.plans) met += run_virtual(plan).port_calls;
  EXPECT_GE(met, 30U);
}

TEST(Kills, EveryMutantIsNamedByAScenario) {
  std::vector<std::string> named;
  for (const std::string& file : shipped_scenarios()) {
    for (const Plan& plan : load(file).plans) {
      named.insert(named.end(), plan.kills.begin(), plan.kills.end());
    }
  }
  for (const base::Mutant* mutant : base::all_mutants()) {
    EXPECT_NE(std::find(named.begin(), named.end(), mutant->name), named.end()) << mutant->name;
  }
}

}  // namespace
}  // namespace tillrig::scenario
