// Scenarios of the suite, played in virtual time.
#include "sim/scenario/play/player.hpp"
#include "sim/trace/reader.hpp"
#include "sim/trace/sink.hpp"
#include "sim/trace/writer.hpp"

#include <gtest/gtest.h>

#include <set>

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

base::Hash256 hash_of(const Plan& plan) {
  trace::MemorySink sink;
  trace::Writer writer(sink, {"drop-mid-sale", "", plan.setup.seed, "test"});
  run_virtual(plan, &writer);
  EXPECT_TRUE(writer.finish());
  return writer.hash();
}

TEST(Play, SameSeedGivesTheSameTimelineByteForByte) {
  const Scenario scenario = load(shipped("outage/drop-mid-sale"));
  Plan plan = scenario.plans.at(0);
  const base::Hash256 first = hash_of(plan);
  EXPECT_EQ(first, hash_of(plan));
  ++plan.setup.seed;
  EXPECT_NE(first, hash_of(plan));
}

TEST(Play, EachPhaseIsAnEventBeforeWhichTheStateOfTheTillsIsWritten) {
  const Plan plan = load(shipped("outage/drop-mid-sale")).plans.at(0);
  trace::MemorySink sink;
  trace::Writer writer(sink, {"drop-mid-sale", "", plan.setup.seed, "test"});
  run_virtual(plan, &writer);
  ASSERT_TRUE(writer.finish());
  const auto reader = trace::Reader::open(sink.bytes(), "run");
  std::set<std::uint64_t> snapshots;  // after which event
  const auto records = reader->records();
  for (const trace::Record& record : *records) {
    if (const auto* one = std::get_if<trace::Snapshot>(&record)) snapshots.insert(one->after);
  }
  std::vector<int> lines;
  auto cursor = reader->from();
  trace::Event event;
  for (std::uint64_t before = 0; cursor.next(event); ++before) {
    if (reader->text(event.name) != "scenario.phase") continue;
    lines.push_back(static_cast<int>(event.line));
    EXPECT_TRUE(snapshots.contains(before)) << "line " << event.line;
  }
  std::vector<int> phases;
  for (const Phase& phase : plan.phases) phases.push_back(phase.where.line);
  phases.insert(phases.end(), {0, 0});  // trade comes to its end; everything is healed
  EXPECT_EQ(lines, phases);
}

TEST(Play, ATimelineChangesNothingOfTheRun) {
  const Plan plan = load(shipped("outage/drop-mid-sale")).plans.at(0);
  trace::MemorySink sink;
  trace::Writer writer(sink, {"drop-mid-sale", "", plan.setup.seed, "test"});
  const Outcome with = run_virtual(plan, &writer);
  const Outcome without = run_virtual(plan);
  EXPECT_EQ(with.digest, without.digest);
  EXPECT_EQ(with.events, without.events);
}

}  // namespace
}  // namespace tillrig::scenario
