// A run that held has done what its file says: what did not happen is said in a sentence.
#include "sim/scenario/play/player.hpp"
#include "sim/world/virtual_bed.hpp"

#include <gtest/gtest.h>

namespace tillrig::scenario {
namespace {

// What went wrong in the only run of a file with this body, one line each: "line [kind] what".
std::string played(const std::string& body) {
  const std::string near = std::string(TILLRIG_SOURCE_DIR) + "/scenarios/x.toml";
  const Scenario scenario = load_text("title = \"t\"\nlimit = \"2h\"\n" + body, near);
  for (const Problem& problem : scenario.problems) ADD_FAILURE() << sentence(problem);
  if (scenario.plans.size() != 1) return "no single run";
  const Outcome outcome = run_virtual(scenario.plans.front());
  EXPECT_TRUE(outcome.finished);
  std::string text;
  for (const Failure& failure : outcome.failures) {
    text += fmt::format("{} [{}] {}\n", failure.line, name(failure.kind), failure.what);
  }
  return text;
}

std::string phase_of(const std::string& doing, const std::string& expect = "") {
  std::string text = "[[phase]]\nname = \"p\"\ndo = [\n" + doing + "\n]\n";
  if (!expect.empty()) text += "expect = [\n" + expect + "\n]\n";
  return text;
}

TEST(Honest, AStepAtATillThatWasKilledBeforeFails) {
  EXPECT_EQ(played(phase_of("{ act = \"sale\", items = \"milk\" }, { wait = \"12m\" },\n"
                            "{ act = \"kill\" },\n"
                            "{ act = \"sale\", items = \"bread\" },\n"
                            "{ act = \"tender\", amount = \"9.00\" },\n"
                            "{ act = \"complete\" },\n"
                            "{ act = \"quit\" },\n"
                            "{ act = \"kill\" }")),
            "8 [expectation] till-1 does not run: it was killed at 12m00s and was not started "
            "again\n"
            "9 [expectation] till-1 does not run: it was killed at 12m00s and was not started "
            "again\n"
            "10 [expectation] till-1 does not run: it was killed at 12m00s and was not "
            "started again\n"
            "11 [expectation] till-1 does not run: it was killed at 12m00s and was not started "
            "again\n"
            "12 [expectation] till-1 does not run: it was killed at 12m00s and was not started "
            "again\n");
}

TEST(Honest, AStepAtATillThatWasNeverStartedFails) {
  EXPECT_EQ(played("[store]\nstart = false\n" + phase_of("{ act = \"sale\", items = \"milk\" }")),
            "8 [expectation] till-1 does not run: it was never started\n");
}

TEST(Honest, AStepThatWasUnderWayWhenItsTillWasKilledIsNoFailure) {
  EXPECT_EQ(played("[[when]]\nmark = \"ledger.synced#2@till-1\"\ndo = [ { act = \"kill\" } ]\n" +
                   phase_of("{ act = \"sale\", items = \"milk\" }, { act = \"start\" },\n"
                            "{ act = \"sale\", items = \"bread\" }")),
            "");
}

TEST(Honest, TradeWaitsWhileItsTillIsDown) {
  EXPECT_EQ(played("[[flow]]\nevery = \"10s\"\ncount = 30\n" +
                   phase_of("{ wait = \"1m\" }, { act = \"kill\" }, { wait = \"3m\" },\n"
                            "{ act = \"start\" }, { wait = \"5m\" }")),
            "");
}

TEST(Honest, AMarkThatComesOnlyAfterTheStoryIsNotMet) {
  EXPECT_EQ(played("[[when]]\nmark = \"cloud.applied#3@cloud\"\n"
                   "do = [ { act = \"kill\", till = \"till-1\" } ]\n" +
                   phase_of("{ wait = \"10s\" }, { fault = \"wan.down\" },\n"
                            "{ act = \"sale\", items = \"milk\" },\n"
                            "{ act = \"sale\", items = \"bread\" }")),
            "3 [not fired] the mark cloud.applied#3@cloud came only after the story's end: nothing "
            "was done at it\n");
}

TEST(Honest, AMarkThatNeverComesIsNotMet) {
  EXPECT_EQ(played("[[when]]\nmark = \"cloud.applied#9@cloud\"\ndo = [ { act = \"kill\" } ]\n" +
                   phase_of("{ act = \"sale\", items = \"milk\" }")),
            "3 [not fired] the mark cloud.applied#9@cloud never came\n");
}

// The first of the two dies before it is stored, the second after: each is what it is.
TEST(Honest, TwoSalesThatTheTillDiedInAreToldApart) {
  const std::string both =
      "{ wait = \"10s\" },\n"
      "{ act = \"kill-at-call\", call = 1 }, { act = \"sale\", items = \"milk\" },\n"
      "{ act = \"start\" }, { wait = \"10s\" },\n"
      "{ act = \"kill-at-call\", call = 8 }, { act = \"sale\", items = \"bread\" },\n"
      "{ act = \"start\" }, { wait = \"10s\" }";
  EXPECT_EQ(played(phase_of(both,
                            "{ sale = \"#1\", is = \"absent\" },\n"
                            "{ sale = \"#2\", is = \"completed\" },\n"
                            "{ register = \"till-1\", kind = \"sale\", count = 1 }")),
            "");
}

TEST(Honest, ASaleThatWasNeverRungUpIsNotAbsent) {
  EXPECT_EQ(played(phase_of("{ act = \"sale\", items = \"milk\" }",
                            "{ sale = \"#9\", is = \"absent\" },\n"
                            "{ cloud = \"sale:#9\", is = \"absent\" }")),
            "9 [expectation] the expectation \"sale\" does not hold\n"
            "10 [expectation] the expectation \"cloud\" does not hold\n");
}

// The epoch that the till opens waits to be sent too, and goes up: nobody sold it.
TEST(Honest, WhatIsPendingIsWhatWasSoldAndNotTheTillsOwnEvents) {
  EXPECT_EQ(
      played("[store]\nstart = false\n" +
             phase_of("{ fault = \"cloud.500\", path = \"/v1/sync/up\" }, { act = \"start\" },\n"
                      "{ act = \"sale\", items = \"milk\" }, { wait = \"20s\" }",
                      "{ mark = \"epoch.opened\", count = 1 },\n"
                      "{ outbox = \"till-1\", pending = 1, uploaded = 0 }") +
             "[[phase]]\nname = \"q\"\ndo = [ { heal = \"cloud.500\" } ]\n"
             "expect = [ { outbox = \"till-1\", pending = 0, uploaded = 1, within = \"1m\" } ]\n"),
      "");
}

TEST(Honest, AMarksNumberCountsBesideACountToo) {
  EXPECT_EQ(played(phase_of("{ act = \"sale\", items = \"milk\" }",
                            "{ mark = \"sale.acknowledged#2\", at-least = 1 },\n"
                            "{ mark = \"sale.acknowledged\", count = 1 },\n"
                            "{ mark = \"link.offline\", count = 0 }")),
            "9 [expectation] the expectation \"mark\" does not hold\n");
}

TEST(Honest, AKillAtACallThatNeverComesHasNotFired) {
  EXPECT_EQ(played(phase_of("{ act = \"kill-at-call\", call = 5000 },\n"
                            "{ act = \"sale\", items = \"milk\" }, { wait = \"1m\" },\n"
                            "{ act = \"sale\", items = \"milk\" }")),
            "6 [not fired] the kill before port call 5000 of till-1 never came\n");
  EXPECT_EQ(played(phase_of("{ act = \"kill-at-call\", call = 5 }")),
            "6 [not fired] the kill before port call 5 of till-1 never came\n");
  EXPECT_EQ(played(phase_of("{ act = \"kill-at-call\", call = 5 },\n"
                            "{ act = \"sale\", items = \"milk\" }")),
            "");
}

// The upload of the sale before still makes calls when the kill is set: they are not the next
// complete's.
TEST(Honest, AKillAtACallWaitsForTheNextComplete) {
  EXPECT_EQ(played(phase_of("{ act = \"sale\", items = \"milk\" },\n"
                            "{ act = \"kill-at-call\", call = 15 }, { wait = \"1m\" },\n"
                            "{ act = \"sale\", items = \"milk\" }, { wait = \"1m\" }",
                            "{ sale = \"#1\", is = \"completed\" },\n"
                            "{ till = \"till-1\", is = \"dead\" }")),
            "");
}

TEST(Honest, ARequestThatIsStillOnItsWayAtTheEndWasNotLate) {
  const std::string late =
      "{ wait = \"10s\" }, { fault = \"cloud.request_late\", by = \"90m\", count = 1 },\n"
      "{ act = \"sale\", items = \"milk\" }, { wait = \"5m\" }";
  EXPECT_EQ(played(phase_of(late)),
            "6 [not fired] the fault cloud.request_late was armed and never did anything\n");
  EXPECT_EQ(played(phase_of(late + ", { wait = \"95m\" }")), "");
}

TEST(Honest, APrinterFaultFiresWhenItHoldsSomethingBack) {
  EXPECT_EQ(played(phase_of("{ act = \"sale\", items = \"milk\" }, { wait = \"10s\" },\n"
                            "{ fault = \"printer.paper_out\", for = \"1m\" }, { wait = \"5m\" },\n"
                            "{ fault = \"printer.cover_open\", for = \"1m\" }, { wait = \"5m\" }")),
            "7 [not fired] the fault printer.paper_out was armed and never did anything\n"
            "8 [not fired] the fault printer.cover_open was armed and never did anything\n");
  EXPECT_EQ(played(phase_of("{ fault = \"printer.paper_out\", for = \"1m\" },\n"
                            "{ act = \"sale\", items = \"milk\" }, { wait = \"5m\" },\n"
                            "{ fault = \"printer.cover_open\", for = \"1m\" },\n"
                            "{ act = \"sale\", items = \"milk\" }, { wait = \"5m\" }")),
            "");
}

TEST(Honest, AFlowThatCouldNotSellAllItWasToSellFails) {
  EXPECT_EQ(played("[[flow]]\nevery = \"10s\"\ncount = 100\n" + phase_of("{ wait = \"25s\" }")),
            "3 [liveness] the flow rang up 3 of 100 sales at till-1 before the story ended\n");
}

// Shared by all beds: on the live one the limit is of real time.
TEST(Honest, ARunThatPassesItsLimitIsNotTheRigsFault) {
  const std::string near = std::string(TILLRIG_SOURCE_DIR) + "/scenarios/x.toml";
  const Scenario scenario = load_text("title = \"t\"\n" + phase_of("{ wait = \"30m\" }"), near);
  ASSERT_EQ(scenario.plans.size(), 1U);
  world::VirtualBed bed(scenario.plans.front().setup, nullptr);
  const Outcome outcome = run_on(bed, scenario.plans.front(), std::chrono::minutes(5));
  ASSERT_EQ(outcome.failures.size(), 1U);
  EXPECT_EQ(outcome.failures.front().kind, Failure::Kind::liveness);
  EXPECT_EQ(outcome.failures.front().expected, "an end within 5m");
}

TEST(Honest, AHealThatBringsAboutAnotherFaultHealsWhatStoodAndTheEndHealsTheOther) {
  const std::string slow = "{ fault = \"cloud.slow\", by = \"1s\", optional = true }, ";
  EXPECT_EQ(played("[[when]]\nmark = \"fault.healed\"\n"
                   "do = [ { fault = \"wan.portal\", optional = true } ]\n" +
                   phase_of(slow + slow +
                            "{ till = \"till-1\", act = \"sale\", items = [\"milk\"] },\n"
                            "{ wait = \"1m\" }, { heal = \"cloud.slow\" }, { wait = \"1m\" }")),
            "");
}

}  // namespace
}  // namespace tillrig::scenario
