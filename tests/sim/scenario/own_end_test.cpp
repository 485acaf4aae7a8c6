// A till whose process ends without an act of the scenario, as a real one can that crashes.
#include "pos/base/spawn.hpp"
#include "sim/scenario/play/player.hpp"
#include "sim/world/virtual_bed.hpp"

#include <gtest/gtest.h>

namespace tillrig::scenario {
namespace {

// Plays beside it that the till's app is gone after two minutes.
base::Awaitable<void> play_and_crash(world::VirtualBed* bed, const Plan* plan, Outcome* outcome) {
  auto crashing = [](world::VirtualBed* in) -> base::Awaitable<void> {
    const base::Instant when = base::Instant{0} + std::chrono::minutes(2);
    co_await in->player().timer.sleep_until(when);
    in->crash("till-1");
  };
  auto crash = crashing(bed);
  base::spawn(bed->player().executor, std::move(crash));
  auto playing = play(*bed, *plan, *outcome);
  co_await std::move(playing);
}

std::string ended(const std::string& doing) {
  const std::string near = std::string(TILLRIG_SOURCE_DIR) + "/scenarios/x.toml";
  const Scenario scenario =
      load_text("title = \"t\"\n[[phase]]\nname = \"p\"\ndo = [\n" + doing + "\n]\n", near);
  for (const Problem& problem : scenario.problems) ADD_FAILURE() << sentence(problem);
  if (scenario.plans.size() != 1) return "no single run";
  const Plan& plan = scenario.plans.front();
  Outcome outcome;
  world::VirtualBed bed(plan.setup, nullptr);
  EXPECT_TRUE(bed.run(play_and_crash(&bed, &plan, &outcome)));
  EXPECT_TRUE(outcome.finished);
  std::string text;
  for (const Failure& failure : outcome.failures) {
    text += fmt::format("{} [{}] {}\n", failure.line, name(failure.kind), failure.what);
  }
  return text;
}

TEST(OwnEnd, ATillThatEndsByItselfIsAFailureEvenWhenNobodyAsksItAgain) {
  EXPECT_EQ(ended("{ act = \"restart\" }, { wait = \"1m\" }"), "");
  EXPECT_EQ(ended("{ act = \"restart\" }, { wait = \"3m\" }"),
            "0 [safety] the app of till-1 ended by itself\n");
}

TEST(OwnEnd, AStepAfterItSaysThatTheTillIsGone) {
  EXPECT_EQ(ended("{ wait = \"3m\" },\n{ act = \"cancel\" }"),
            "6 [safety] the app of till-1 ended by itself\n"
            "6 [expectation] till-1 does not run: it ended after its start at 0m00s and was not "
            "started again\n");
}

}  // namespace
}  // namespace tillrig::scenario
