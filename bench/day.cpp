// What a playing of a trading day costs: three tills, eight hours, four of them without a line, all
// invariants checked. The target is 0.4 s of CPU with the timeline, and 15 % of it for the
// timeline.
#include "pos/base/assert.hpp"
#include "sim/scenario/play/player.hpp"
#include "sim/scenario/read/plan.hpp"
#include "sim/trace/sink.hpp"
#include "sim/trace/writer.hpp"

#include <benchmark/benchmark.h>

namespace tillrig::scenario {
namespace {

Plan day() {
  const Scenario scenario = load(TILLRIG_SOURCE_DIR "/bench/three-tills-day.toml");
  TILLRIG_ASSERT(scenario.problems.empty() && scenario.plans.size() == 1,
                 "the day is one good scenario");
  return scenario.plans.front();
}

void tell(benchmark::State& state, const Outcome& outcome) {
  if (!outcome.held()) state.SkipWithError("the day did not hold");
  state.counters["sales"] = static_cast<double>(outcome.sales);
  state.counters["events"] = static_cast<double>(outcome.events);
}

void BM_Day(benchmark::State& state) {
  const Plan plan = day();
  Outcome outcome;
  for (auto _ : state) outcome = run_virtual(plan);
  tell(state, outcome);
}
BENCHMARK(BM_Day)->Unit(benchmark::kMillisecond);

void BM_DayWithTimeline(benchmark::State& state) {
  const Plan plan = day();
  Outcome outcome;
  std::size_t bytes = 0;
  for (auto _ : state) {
    trace::MemorySink sink;
    trace::Writer writer(sink, {"three-tills-day", "", plan.setup.seed, "bench"});
    outcome = run_virtual(plan, &writer);
    TILLRIG_ASSERT(writer.finish(), "memory takes a timeline");
    bytes = sink.bytes().size();
  }
  tell(state, outcome);
  state.counters["bytes"] = static_cast<double>(bytes);
}
BENCHMARK(BM_DayWithTimeline)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace tillrig::scenario

BENCHMARK_MAIN();
