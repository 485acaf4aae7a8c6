#include "sim/report/suite.hpp"

#include <fmt/format.h>

#include <map>
#include <utility>

namespace tillrig::report {

Counts count(const SuiteReport& suite) {
  Counts counts;
  counts.scenarios = suite.scenarios.size();
  for (const ScenarioReport& scenario : suite.scenarios) {
    std::size_t failed = 0;
    for (const RunReport& run : scenario.runs) {
      if (!run.result.failures.empty()) ++failed;
      if (run.result.broke) ++counts.broke;
    }
    counts.runs += scenario.runs.size();
    counts.runs_failed += failed;
    if (failed != 0) ++counts.scenarios_failed;
  }
  return counts;
}

int exit_code(const SuiteReport& suite) {
  const Counts counts = count(suite);
  if (counts.runs_failed > counts.broke || !suite.suite_failures.empty()) return 1;
  return counts.broke != 0 ? 70 : 0;
}

RunResult compare(const RunName& run, RunResult first, const RunResult& second) {
  if (first.broke) return first;
  if (second.broke) {
    first.broke = first.failures.empty();
    for (Failing failing : second.failures) {
      failing.what = "in the second playing: " + failing.what;
      first.failures.push_back(std::move(failing));
    }
    return first;
  }
  if (first.digest == second.digest) return first;
  Failing failing;
  failing.kind = "determinism";
  failing.invariant = "INV-38";
  failing.file = run.file;
  failing.what = "two playings of the same run went different ways";
  failing.expected =
      fmt::format("digest {}, as in the first playing ({} events)", first.digest, first.events);
  failing.seen = fmt::format(
      "digest {} ({} events) in another process, with other jobs, time zone "
      "and locale",
      second.digest, second.events);
  first.failures.push_back(std::move(failing));
  return first;
}

std::vector<Failing> unjudged(const SuiteReport& suite,
                              const std::vector<std::string>& invariants) {
  std::map<std::string, std::uint64_t, std::less<>> judged;
  for (const ScenarioReport& scenario : suite.scenarios) {
    for (const RunReport& run : scenario.runs) {
      for (const Judged& row : run.result.judged) judged[row.invariant] += row.judged;
    }
  }
  std::vector<Failing> failures;
  for (const std::string& invariant : invariants) {
    if (judged[invariant] != 0) continue;
    Failing failing;
    failing.kind = "inconclusive";
    failing.invariant = invariant;
    failing.what = fmt::format("{} judged nothing in the whole suite", invariant);
    failing.expected = "at least one scenario that gives it something to judge";
    failing.seen = fmt::format("none of {} scenarios does", suite.scenarios.size());
    failures.push_back(std::move(failing));
  }
  return failures;
}

}  // namespace tillrig::report
