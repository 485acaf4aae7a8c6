#include "sim/explore/run_json.hpp"
#include "sim/explore/suite_report.hpp"
#include "sim/report/console.hpp"
#include "sim/report/junit.hpp"
#include "sim/report/text.hpp"

#include <gtest/gtest.h>

#include <string>

namespace tillrig::report {
namespace {

using namespace std::chrono_literals;  // NOLINT(google-build-using-namespace)

Instant at(Duration time) {
  return Instant{time.count()};
}

// Two scenarios of one folder: one held in three runs of a sweep, one failed.
SuiteReport sample() {
  RunReport failed;
  failed.name = {"scenarios/outage/drop.toml", "outage/drop", "cause=dns", 7};
  failed.finished = true;
  failed.wall = 12ms;
  RunResult& result = failed.result;
  result.digest = "00000000deadbeef";
  result.virtual_time = 14min + 10s;
  result.sales = 1;
  result.events = 412;
  result.judged = {{"INV-02", 1}};
  result.faults = {{"wan.slow", "till-2", at(1s), at(2s)},
                   {"wan.down", "", at(4200ms), at(12min)},
                   {"disk.full", "till-1", at(13min), Instant::never()}};
  result.timeline = "traces/outage-drop.tlog";
  Failing failing;
  failing.kind = "safety";
  failing.invariant = "INV-02";
  failing.phase = "the line comes back";
  failing.file = "scenarios/outage/drop.toml";
  failing.line = 54;
  failing.column = 5;
  failing.what = "the sale is in the cloud twice";
  failing.expected = "one row of sale till-1.3.42";
  failing.seen = "2 rows, v 17 and v 23";
  failing.sale = "till-1.3.42";
  failing.till = "till-1";
  failing.at = at(14min + 3250ms);
  result.failures.push_back(failing);

  SuiteReport suite;
  suite.wall = 1234ms;
  ScenarioReport drop;
  drop.name = "outage/drop";
  drop.folder = "scenarios/outage";
  drop.runs.push_back(failed);
  ScenarioReport sweep;
  sweep.name = "outage/kill-points";
  sweep.folder = "scenarios/outage";
  sweep.boundaries = 2;
  for (const char* variant : {"", "call=1", "call=2"}) {
    RunReport run;
    run.name = {"scenarios/outage/kill-points.toml", "outage/kill-points", variant, 1};
    run.result.digest = "0000000000000001";
    run.result.virtual_time = 61s;
    run.result.sales = 1;
    run.result.events = 100;
    run.result.judged = {{"INV-01", 1}};
    run.wall = 5ms;
    run.finished = true;
    sweep.runs.push_back(run);
  }
  suite.scenarios = {drop, sweep};
  return suite;
}

SuiteReport all_held() {
  SuiteReport suite = sample();
  suite.scenarios.erase(suite.scenarios.begin());
  return suite;
}

TEST(FailureText, SaysWhatAQaPersonNeeds) {
  const SuiteReport suite = sample();
  EXPECT_EQ(failure_text(suite.scenarios[0].runs[0], suite, Paint()),
            R"(FAIL  outage/drop (cause=dns)  seed 7
  phase "the line comes back"
  scenarios/outage/drop.toml:54:5
    failed    safety, INV-02: the sale is in the cloud twice
    expected  one row of sale till-1.3.42
    seen      2 rows, v 17 and v 23
    sale      till-1.3.42
    till      till-1
    when      14m03.250s (virtual)
  faults:  disk.full till-1 13m00.000s..
  again:   ./tillrig run scenarios/outage/drop.toml --only cause=dns --seed 7
  look:    ./tillrig trace dump traces/outage-drop.tlog
)");
}

TEST(FailureText, NamesTheLastFaultsWhenNoneIsThereAtTheMoment) {
  SuiteReport suite = sample();
  RunReport& run = suite.scenarios[0].runs[0];
  run.result.failures[0].at = at(12min + 30s);
  const std::string text = failure_text(run, suite, Paint());
  EXPECT_NE(text.find("faults:  wan.slow till-2 1.000s..2.000s; wan.down 4.200s..12m00.000s\n"),
            std::string::npos)
      << text;
}

TEST(FailureText, ShowsFourFailuresAndCountsTheRest) {
  SuiteReport suite = sample();
  RunReport& run = suite.scenarios[0].runs[0];
  const Failing one = run.result.failures[0];
  run.result.failures.assign(7, one);
  const std::string text = failure_text(run, suite, Paint());
  EXPECT_NE(text.find("  and 3 more; -v shows them all\n"), std::string::npos) << text;
}

TEST(FailureText, LeavesOutWhatIsNotKnown) {
  SuiteReport suite;
  RunReport run;
  run.name = {"a b.toml", "x/a b", "", 1};
  Failing failing;
  failing.kind = "not fired";
  failing.what = "the fault wan.down never did anything";
  run.result.failures.push_back(failing);
  suite.mutants = {"no_dedupe"};
  EXPECT_EQ(failure_text(run, suite, Paint()), R"(FAIL  x/a b  seed 1
  a b.toml
    failed    not fired: the fault wan.down never did anything
  again:   ./tillrig run 'a b.toml' --seed 1 --mutant no_dedupe
)");
}

TEST(ScenarioTable, HasOneLineAScenarioWithVerdictAndBoundaries) {
  EXPECT_EQ(scenario_table(sample(), Paint()),
            R"(scenario            runs  virtual time  sales  events     wall  verdict
outage/drop            1        14m10s      1     412  0.012 s  FAILED: INV-02
outage/kill-points     3         3m03s      3     300  0.015 s  held, 2 boundaries visited
)");
}

TEST(ScenarioTable, DoesNotSayHeldOfWhatWasNotPlayed) {
  SuiteReport suite = all_held();
  suite.scenarios[0].runs[1].finished = false;
  const std::string text = scenario_table(suite, Paint());
  EXPECT_EQ(text.find("held"), std::string::npos) << text;
  EXPECT_NE(text.find("not finished"), std::string::npos) << text;
}

TEST(Summary, SaysHowManyAndWhetherAllHeld) {
  EXPECT_EQ(summary(all_held(), Paint()),
            "1 scenario, 3 runs, each played twice: all held (1.234 s)\n");
  EXPECT_EQ(summary(sample(), Paint()),
            "2 scenarios, 4 runs, each played twice: 1 run of 1 scenario failed (1.234 s)\n");
}

TEST(Summary, DoesNotPretendThatAnotherLocaleWasTested) {
  SuiteReport suite = all_held();
  suite.missing_locale = "tr_TR.UTF-8";
  EXPECT_EQ(
      summary(suite, Paint()),
      "1 scenario, 3 runs, each played twice but not in another locale (tr_TR.UTF-8 is not on "
      "this machine): all held (1.234 s)\n");
  RunResult second;
  second.digest = "b";
  EXPECT_EQ(compare({}, RunResult(), second).failures[0].seen.find("locale"), std::string::npos);
  second.locale = "tr_TR.UTF-8";
  EXPECT_NE(compare({}, RunResult(), second).failures[0].seen.find("locale"), std::string::npos);
}

TEST(Waivers, AreToldInTableLineJUnitAndSummary) {
  SuiteReport suite = all_held();
  suite.scenarios[0].runs[0].result.waived = {{"INV-09", "a known fault", 2}};
  EXPECT_NE(scenario_table(suite, Paint()).find("held, with waivers: INV-09"), std::string::npos);
  const std::string line = result_line(suite.scenarios[0].runs[0], Paint());
  EXPECT_NE(line.find("held with waivers  "), std::string::npos);
  EXPECT_NE(line.find("INV-09, broken 2 times and let off: a known fault"), std::string::npos);
  EXPECT_NE(junit(suite).find("\"waived INV-09\""), std::string::npos);
  EXPECT_NE(summary(suite, Paint()).find("all held with waivers in 1 run"), std::string::npos);
}

TEST(Summary, OfAnInterruptedSuiteSaysWhatWasFinished) {
  SuiteReport suite = sample();
  suite.scenarios[1].runs[2].finished = false;
  EXPECT_EQ(interrupted_text(suite),
            "interrupted: 3 of 4 runs finished, 1 of them failed; the rest is not run\n");
}

TEST(ExitCode, FollowsTheWorstThatHappened) {
  EXPECT_EQ(exit_code(all_held()), 0);
  EXPECT_EQ(exit_code(sample()), 1);
  SuiteReport unjudging = all_held();
  unjudging.suite_failures.emplace_back();
  EXPECT_EQ(exit_code(unjudging), 1);
  SuiteReport broken = all_held();
  broken.scenarios[0].runs[0].result.broke = true;
  broken.scenarios[0].runs[0].result.failures.emplace_back();
  EXPECT_EQ(exit_code(broken), 70);
  SuiteReport both = sample();
  both.scenarios[1] = broken.scenarios[0];
  EXPECT_EQ(exit_code(both), 1);
}

TEST(Compare, KeepsEqualPlayingsAndFailsDifferentOnesWithBothDigests) {
  const RunName run{"a.toml", "x/a", "", 1};
  RunResult first;
  first.digest = "aaaaaaaaaaaaaaaa";
  RunResult second = first;
  EXPECT_TRUE(compare(run, first, second).failures.empty());
  second.digest = "bbbbbbbbbbbbbbbb";
  const RunResult compared = compare(run, first, second);
  ASSERT_EQ(compared.failures.size(), 1U);
  EXPECT_EQ(compared.failures[0].kind, "determinism");
  EXPECT_EQ(compared.failures[0].invariant, "INV-38");
  EXPECT_NE(compared.failures[0].expected.find("aaaaaaaaaaaaaaaa"), std::string::npos);
  EXPECT_NE(compared.failures[0].seen.find("bbbbbbbbbbbbbbbb"), std::string::npos);
}

TEST(Compare, FailsEqualDigestsOfWhichOnlyTheSecondFailed) {
  const RunName run{"a.toml", "x/a", "", 1};
  const RunResult held;
  RunResult failed;
  failed.failures = {sample().scenarios[0].runs[0].result.failures[0]};
  const RunResult compared = compare(run, held, failed);
  ASSERT_EQ(compared.failures.size(), 2U);
  EXPECT_EQ(compared.failures[0].kind, "determinism");
  EXPECT_EQ(compared.failures[0].invariant, "INV-38");
  EXPECT_NE(compared.failures[0].seen.find("INV-02"), std::string::npos);
  EXPECT_NE(compared.failures[1].what.find("in the second playing"), std::string::npos);
  EXPECT_FALSE(compared.broke);

  EXPECT_EQ(compare(run, failed, failed).failures.size(), 1U) << "both alike: no more is wrong";
  EXPECT_EQ(compare(run, failed, held).failures.back().kind, "determinism");
  RunResult otherwise = failed;
  otherwise.failures[0].seen = "3 rows";
  EXPECT_EQ(compare(run, failed, otherwise).failures.size(), 3U);
}

TEST(Compare, FailsEqualDigestsOfRunsThatCountDifferently) {
  const RunName run{"a.toml", "x/a", "", 1};
  const RunResult first;
  RunResult second;
  second.sales = 1;
  EXPECT_EQ(compare(run, first, second).failures.size(), 1U);
  second = first;
  second.judged = {{"INV-02", 1}};
  EXPECT_EQ(compare(run, first, second).failures.size(), 1U);
}

TEST(Compare, TellsThatTheSecondPlayingBroke) {
  RunResult second;
  second.broke = true;
  second.failures.emplace_back();
  second.failures[0].kind = "rig";
  const RunResult compared = compare({"a.toml", "x/a", "", 1}, RunResult(), second);
  ASSERT_EQ(compared.failures.size(), 1U);
  EXPECT_TRUE(compared.broke);
}

TEST(Unjudged, NamesEachInvariantThatHadNothingToJudge) {
  const auto failures = unjudged(sample(), {"INV-01", "INV-02", "INV-03"});
  ASSERT_EQ(failures.size(), 1U);
  EXPECT_EQ(failures[0].invariant, "INV-03");
  EXPECT_EQ(failures[0].what, "INV-03 judged nothing in the whole suite");
}

TEST(JUnit, HasASuiteAFolderAndACaseARun) {
  SuiteReport suite = sample();
  suite.scenarios[1].runs.resize(1);
  suite.scenarios[0].runs[0].result.failures[0].what = "a < b & \"c\"\x01";
  suite.scenarios[0].runs[0].result.faults.clear();
  EXPECT_EQ(junit(suite), R"(<?xml version="1.0" encoding="UTF-8"?>
<testsuites>
  <testsuite name="scenarios/outage" tests="2" failures="1" errors="0" skipped="0" time="0.017">
    <testcase name="scenarios/outage/drop.toml (cause=dns)  seed 7" classname="outage/drop" file="scenarios/outage/drop.toml" line="54" time="0.012">
      <properties>
        <property name="seed" value="7"/>
        <property name="digest" value="00000000deadbeef"/>
        <property name="virtual time" value="14m10.000s"/>
      </properties>
      <failure message="a &lt; b &amp; &quot;c&quot;\x01" type="INV-02">FAIL  outage/drop (cause=dns)  seed 7&#10;  phase &quot;the line comes back&quot;&#10;  scenarios/outage/drop.toml:54:5&#10;    failed    safety, INV-02: a &lt; b &amp; &quot;c&quot;\x01&#10;    expected  one row of sale till-1.3.42&#10;    seen      2 rows, v 17 and v 23&#10;    sale      till-1.3.42&#10;    till      till-1&#10;    when      14m03.250s (virtual)&#10;  again:   ./tillrig run scenarios/outage/drop.toml --only cause=dns --seed 7&#10;  look:    ./tillrig trace dump traces/outage-drop.tlog&#10;</failure>
    </testcase>
    <testcase name="scenarios/outage/kill-points.toml  seed 1" classname="outage/kill-points" file="scenarios/outage/kill-points.toml" line="1" time="0.005">
      <properties>
        <property name="seed" value="1"/>
        <property name="digest" value="0000000000000001"/>
        <property name="virtual time" value="1m01.000s"/>
      </properties>
    </testcase>
  </testsuite>
</testsuites>
)");
}

TEST(Digests, AreSortedByScenarioSoThatFilesCompareLineByLine) {
  EXPECT_EQ(digests(sample()), R"(00000000deadbeef  outage/drop  seed 7  cause=dns
0000000000000001  outage/kill-points  seed 1
0000000000000001  outage/kill-points  seed 1  call=1
0000000000000001  outage/kill-points  seed 1  call=2
)");
}

TEST(RunJson, BringsBackWhatWasWritten) {
  RunResult result = sample().scenarios[0].runs[0].result;
  result.port_calls = 44;
  result.locale = "tr_TR.UTF-8";
  result.failures[0].seen = "a \"quoted\" thing\nand \xff a line";
  const std::string line = explore::write_run(result);
  EXPECT_EQ(line.find('\n'), std::string::npos);
  const auto read = explore::read_run(line);
  ASSERT_TRUE(read) << read.error().what;
  RunResult valid = result;
  valid.failures[0].seen = "a \"quoted\" thing\nand \xef\xbf\xbd a line";
  EXPECT_EQ(explore::write_run(*read), explore::write_run(valid));
  EXPECT_EQ(read->failures[0].seen, "a \"quoted\" thing\nand \xef\xbf\xbd a line");
  EXPECT_EQ(read->failures[0].at, at(14min + 3250ms));
  EXPECT_EQ(read->faults[2].until, Instant::never());
  EXPECT_EQ(read->port_calls, 44U);
  EXPECT_EQ(read->locale, "tr_TR.UTF-8");
  EXPECT_EQ(read->judged[0].invariant, "INV-02");
}

TEST(RunJson, RefusesWhatIsNoResult) {
  EXPECT_FALSE(explore::read_run("{"));
  EXPECT_FALSE(explore::read_run("[]"));
  EXPECT_FALSE(explore::read_run("{\"digest\":7}"));
}

TEST(Text, IsNeverCutInTheMiddleOfACharacter) {
  EXPECT_EQ(first_columns("Bäckerei", 2), "Bä");
  EXPECT_EQ(first_columns("Bäckerei", 1), "B");
  EXPECT_EQ(first_columns("Bäckerei", 0), "");
  EXPECT_EQ(first_columns("Bäckerei", 80), "Bäckerei");
}

TEST(Text, SpeaksOfTimesAndShellWordsAsPeopleDo) {
  EXPECT_EQ(time_text(4200ms), "4.200s");
  EXPECT_EQ(time_text(14min + 3250ms), "14m03.250s");
  EXPECT_EQ(time_text(72h + 5s), "72h00m05.000s");
  EXPECT_EQ(short_time(14min + 3250ms), "14m03s");
  EXPECT_EQ(wall_text(1234ms), "1.234 s");
  EXPECT_EQ(shell_word("scenarios/a-b.toml"), "scenarios/a-b.toml");
  EXPECT_EQ(shell_word("it's"), "'it'\\''s'");
  EXPECT_EQ(shell_word(""), "''");
}

TEST(Text, ColoursOnlyWhereAsked) {
  EXPECT_EQ(Paint().good("held"), "held");
  EXPECT_EQ(Paint{true}.bad("FAIL"), "\x1b[1;31mFAIL\x1b[0m");
}

}  // namespace
}  // namespace tillrig::report
