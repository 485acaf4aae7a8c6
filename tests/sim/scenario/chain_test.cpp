// From what does not hold back to the fault and to the line of the scenario: for every bug that the
// suite kills, in the timeline of the run that kills it.
#include "pos/base/mutant.hpp"
#include "sim/scenario/play/player.hpp"
#include "sim/trace/reader.hpp"
#include "sim/trace/sink.hpp"
#include "sim/trace/writer.hpp"
#include "tests/sim/scenario/shipped.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>

namespace tillrig::scenario {
namespace {

// A run as it stands in its timeline.
struct Written {
  explicit Written(base::Bytes bytes) : reader(*trace::Reader::open(std::move(bytes), "run")) {
    auto cursor = reader.from();
    trace::Event event;
    while (cursor.next(event)) events.push_back(event);
  }

  [[nodiscard]] std::string_view name(std::uint64_t number) const {
    return reader.text(events.at(number - 1).name);
  }
  // The event that was being done when a fault struck; 0: none.
  [[nodiscard]] std::uint64_t struck(const trace::Event& event) const {
    for (const trace::Arg& arg : event.args) {
      if (reader.text(arg.key) == "struck") return static_cast<std::uint64_t>(arg.number);
    }
    return 0;
  }
  [[nodiscard]] bool disturbs(const trace::Event& event) const {
    const std::string_view what = reader.text(event.name);
    return what == "fault.begun" || what == "fault.fired" ||
           (what == "world.act" && event.severity >= trace::Severity::warning);
  }
  [[nodiscard]] std::vector<trace::Violation> violations() const {
    std::vector<trace::Violation> all;
    const auto records = reader.records();
    if (!records) return all;
    for (const trace::Record& record : *records) {
      if (const auto* one = std::get_if<trace::Violation>(&record)) all.push_back(*one);
    }
    return all;
  }

  trace::Reader reader;
  std::vector<trace::Event> events;
};

// The same story with less trade: no chain is longer for thousands of sales.
void thin_out(Plan& plan) {
  constexpr std::int64_t kThousands = 2000;
  constexpr std::int64_t kEnough = 40;
  for (Flow& flow : plan.flows) {
    if (flow.count.value_or(0) < kThousands) continue;
    const std::int64_t times = *flow.count / kEnough;
    flow.count = kEnough;
    flow.every = {flow.every.mean * times, flow.every.give_or_take * times};
  }
}

// The runs of the whole suite, short stories first.
std::vector<Plan> read_suite(bool thin) {
  const std::vector<std::string> files = shipped_scenarios();
  std::vector<Plan> plans;
  for (const std::string& file : files) {
    for (Plan& plan : load(file).plans) {
      if (thin) thin_out(plan);
      plans.push_back(std::move(plan));
    }
  }
  std::stable_sort(plans.begin(), plans.end(),
                   [](const Plan& a, const Plan& b) { return a.limit < b.limit; });
  return plans;
}

struct Killed {
  Outcome outcome;
  base::Bytes timeline;
};

std::optional<Killed> play_one(const Plan& plan, std::string_view invariant) {
  trace::MemorySink sink;
  trace::Writer writer(sink, {plan.file, "", plan.setup.seed, "test"});
  Killed run{run_virtual(plan, &writer), {}};
  EXPECT_TRUE(writer.finish());
  run.timeline = sink.bytes();
  const auto& failures = run.outcome.failures;
  const bool killed = std::any_of(failures.begin(), failures.end(), [&](const Failure& failure) {
    return failure.invariant == invariant;
  });
  if (!killed) return std::nullopt;
  return run;
}

std::optional<Killed> kill_in(const std::vector<Plan>& suite, const base::Mutant& mutant) {
  for (const Plan& one : suite) {
    if (std::count(one.kills.begin(), one.kills.end(), mutant.name) == 0) continue;
    Plan plan = one;
    plan.setup.mutants.add(std::string(mutant.name));
    if (auto killed = play_one(plan, mutant.invariant)) return killed;
    if (plan.sweep.empty()) continue;
    const std::uint64_t calls = run_virtual(plan).port_calls;
    for (std::uint64_t n = 1; n <= calls; ++n) {
      if (auto killed = play_one(at_call(plan, n), mutant.invariant)) return killed;
    }
  }
  return std::nullopt;
}

// The first run of the suite that kills the mutant, in as few sales as do.
std::optional<Killed> kill(const base::Mutant& mutant) {
  static const std::vector<Plan> thin = read_suite(true);
  if (auto killed = kill_in(thin, mutant)) return killed;
  static const std::vector<Plan> whole = read_suite(false);
  return kill_in(whole, mutant);
}

std::string told(const Written& run, const trace::Violation& violation) {
  std::string text(run.reader.text(violation.invariant));
  text += ": " + std::string(violation.text) + "\n";
  for (const std::uint64_t number : violation.chain) {
    const trace::Event& event = run.events.at(number - 1);
    text += fmt::format("  #{} {} {} line {} <- #{}\n", number, run.reader.text(event.lane),
                        run.name(number), event.line, event.cause);
  }
  return text;
}

class Chain : public testing::TestWithParam<const base::Mutant*> {};

TEST_P(Chain, LeadsFromTheViolationToTheFaultAndTheScenariosLine) {
  const base::Mutant& mutant = *GetParam();
  const auto killed = kill(mutant);
  ASSERT_TRUE(killed) << mutant.name << " survives";
  const Written run(killed->timeline);
  const bool disturbed = std::any_of(run.events.begin(), run.events.end(),
                                     [&](const trace::Event& each) { return run.disturbs(each); });
  std::size_t walked = 0;
  for (const trace::Violation& violation : run.violations()) {
    if (run.reader.text(violation.invariant) != mutant.invariant) continue;
    if (++walked > 20) break;  // thousands of sales may miss for one reason
    const std::set<std::uint64_t> chain(violation.chain.begin(), violation.chain.end());
    std::set<int> lines;
    bool fault = false;
    for (const std::uint64_t number : chain) {
      const trace::Event& event = run.events.at(number - 1);
      fault = fault || run.disturbs(event);
      if (run.name(number) == "scenario.step") lines.insert(static_cast<int>(event.line));
      // Nothing is left out on the way back.
      EXPECT_TRUE(event.cause == 0 || chain.contains(event.cause)) << told(run, violation);
      const std::uint64_t struck = run.struck(event);
      EXPECT_TRUE(struck == 0 || chain.contains(struck)) << told(run, violation);
    }
    EXPECT_FALSE(lines.empty()) << "no line of the scenario: " << told(run, violation);
    EXPECT_TRUE(fault || !disturbed) << "no fault: " << told(run, violation);
    if (testing::Test::HasFailure()) return;
  }
  EXPECT_GT(walked, 0U) << "its violations are not in the file";
}

INSTANTIATE_TEST_SUITE_P(EveryMutant, Chain, testing::ValuesIn(base::all_mutants()),
                         [](const testing::TestParamInfo<const base::Mutant*>& mutant) {
                           return std::string(mutant.param->name);
                         });

}  // namespace
}  // namespace tillrig::scenario
