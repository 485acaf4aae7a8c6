// Trade beside the story, and things at their times.
#include "sim/scenario/play/player.hpp"
#include "sim/world/virtual_bed.hpp"

#include <gtest/gtest.h>

namespace tillrig::scenario {
namespace {

const std::string kBesideNear = std::string(TILLRIG_SOURCE_DIR) + "/scenarios/x.toml";

// What a file's only run came to: its failures, a line each, and its receipts.
struct PlayedRun {
  std::string failures;
  std::vector<std::string> papers;
  std::uint64_t digest = 0;
};

PlayedRun run_of(const std::string& body, const std::string& expect, std::uint64_t seed = 1) {
  const std::string text = "title = \"t\"\nlimit = \"2h\"\n" + body +
                           "\n[[phase]]\nname = \"p\"\ndo = [ { wait = \"1h\" } ]\nexpect = [\n" +
                           expect + "\n]\n";
  const Scenario scenario = load_text(text, kBesideNear);
  for (const Problem& problem : scenario.problems) ADD_FAILURE() << sentence(problem);
  if (scenario.plans.size() != 1) return {};
  Plan plan = scenario.plans.front();
  plan.setup.seed = seed;
  world::VirtualBed bed(plan.setup, nullptr);
  const Outcome outcome = run_on(bed, plan, plan.limit);
  PlayedRun run;
  for (const Failure& failure : outcome.failures) {
    run.failures += fmt::format("{} {} {}: expected {}, seen {}\n", failure.line, failure.invariant,
                                failure.what, failure.expected, failure.seen);
  }
  for (const auto& paper : bed.recording().tapes().paper) run.papers.push_back(paper.text);
  run.digest = outcome.digest;
  return run;
}

TEST(Flow, SellsTheGoodsThatItNames) {
  const PlayedRun run =
      run_of("[[flow]]\nevery = \"1m\"\nitems = [\"milk\", \"bread\"]\ncount = 20\n",
             "{ cloud = \"sales\", count = 20, within = \"1m\" }");
  EXPECT_EQ(run.failures, "");
  EXPECT_EQ(run.papers.size(), 20U);
  bool milk = false;
  bool bread = false;
  for (const std::string& paper : run.papers) {
    const bool has_milk = paper.find("Fresh milk") != std::string::npos;
    const bool has_bread = paper.find("bread") != std::string::npos;
    EXPECT_TRUE(has_milk || has_bread) << paper;
    milk = milk || has_milk;
    bread = bread || has_bread;
  }
  EXPECT_TRUE(milk && bread);
}

TEST(Flow, GivesBackAndDiscountsAsManyAsItSays) {
  const std::string flow = "[[flow]]\nevery = \"1m\"\ncount = 20\n";
  const PlayedRun all = run_of(flow + "refunds = \"100\"\ndiscounts = \"100\"\n",
                               "{ cloud = \"refunds\", count = 20, within = \"1m\" }");
  EXPECT_EQ(all.failures, "");
  std::size_t discounted = 0;
  for (const std::string& paper : all.papers) {
    if (paper.find("iscount") != std::string::npos) ++discounted;
  }
  EXPECT_GE(discounted, 20U) << all.papers.front();
  const PlayedRun none = run_of(flow + "refunds = \"0\"\ndiscounts = \"0\"\n",
                                "{ cloud = \"refunds\", count = 0, for = \"1m\" }");
  EXPECT_EQ(none.failures, "");
}

TEST(Flow, IsTheSameOfOneSeedAndAnotherOfAnother) {
  const std::string flow =
      "[[flow]]\nevery = \"1m ~20s\"\nrefunds = \"30\"\ndiscounts = \"30\"\nuntil = \"open+50m\"\n";
  const std::string sold = "{ cloud = \"sales\", at-least = 20, within = \"1m\" }";
  EXPECT_EQ(run_of(flow, sold).digest, run_of(flow, sold).digest);
  EXPECT_NE(run_of(flow, sold).digest, run_of(flow, sold, 2).digest);
}

// The flow's cashier presses the button, and so nobody else has to.
TEST(Flow, AnswersThePromptsThatItKnows) {
  const std::string down = "[[at]]\ntime = \"open+10m\"\ndo = [ { fault = \"wan.down\" } ]\n";
  const std::string flow = "[[flow]]\nevery = \"1m\"\n";
  EXPECT_EQ(run_of(down + flow + "answers = { no_internet = \"Continue\" }\n",
                   "{ no-prompt = \"no_internet\" }, { link = \"till-1\", is = \"offline\" }")
                .failures,
            "");
  EXPECT_EQ(run_of(down + flow, "{ prompt = \"no_internet\" }").failures, "");
}

TEST(At, ComesAgainAsOftenAsItSays) {
  const std::string at =
      "[[at]]\ntime = \"open+5m\"\nevery = \"10m\"\ntimes = 4\n"
      "do = [ { act = \"sale\", items = \"milk\" } ]\n";
  EXPECT_EQ(run_of(at, "{ cloud = \"sales\", count = 4, within = \"1m\" }").failures, "");
}

// The last of them lies behind the story's last phase.
TEST(At, IsWaitedForToTheLastTime) {
  const std::string at =
      "[[at]]\ntime = \"open+5m\"\nevery = \"20m\"\ntimes = 5\n"
      "do = [ { act = \"sale\", items = \"milk\" } ]\n";
  const PlayedRun run = run_of(at, "{ cloud = \"sales\", count = 3, within = \"1m\" }");
  EXPECT_EQ(run.failures, "");
  EXPECT_EQ(run.papers.size(), 5U);
}

}  // namespace
}  // namespace tillrig::scenario
