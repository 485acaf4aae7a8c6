#include "sim/explore/suite_report.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <string>
#include <utility>

namespace tillrig::explore {
namespace {

bool is_same(const RunResult& a, const RunResult& b) {
  return a.digest == b.digest && a.failures == b.failures && a.judged == b.judged &&
         a.waived == b.waived && a.virtual_time == b.virtual_time && a.sales == b.sales &&
         a.events == b.events && a.port_calls == b.port_calls;
}

std::vector<Failing> only_in_second(const RunResult& first, const RunResult& second) {
  std::vector<Failing> fresh;
  for (const Failing& failing : second.failures) {
    if (std::find(first.failures.begin(), first.failures.end(), failing) != first.failures.end()) {
      continue;
    }
    fresh.push_back(failing);
    fresh.back().what = "in the second playing: " + failing.what;
  }
  return fresh;
}

// "digest 0123456789abcdef (412 events, 3 sales, failed in INV-02)"
std::string outcome_text(const RunResult& result) {
  std::vector<std::string> names;
  std::uint64_t judged = 0;
  for (const Failing& failing : result.failures) {
    names.push_back(failing.invariant.empty() ? failing.kind : failing.invariant);
  }
  for (const Judged& row : result.judged) judged += row.judged;
  return fmt::format("digest {} ({} events, {} sales, {} judged, {}{})", result.digest,
                     result.events, result.sales, judged, names.empty() ? "held" : "failed in ",
                     fmt::join(names, ", "));
}

}  // namespace

Counts count(const SuiteReport& suite) {
  Counts counts;
  counts.scenarios = suite.scenarios.size();
  for (const ScenarioReport& scenario : suite.scenarios) {
    std::size_t failed = 0;
    for (const RunReport& run : scenario.runs) {
      if (!run.result.failures.empty()) ++failed;
      if (run.result.broke) ++counts.broke;
      if (!run.finished) ++counts.runs_not_run;
      if (!run.result.waived.empty()) ++counts.runs_waived;
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
  const std::vector<Failing> fresh = only_in_second(first, second);
  if (second.broke) {
    first.broke = first.failures.empty();
  } else if (is_same(first, second)) {
    return first;
  } else {
    Failing failing;
    failing.kind = "determinism";
    failing.invariant = "INV-38";
    failing.file = run.file;
    failing.what = "two playings of the same run went different ways";
    failing.expected = outcome_text(first) + ", as in the first playing";
    failing.seen = outcome_text(second) + " in another process, with other jobs" +
                   (second.locale.empty() ? " and time zone" : ", time zone and locale");
    first.failures.push_back(std::move(failing));
  }
  first.failures.insert(first.failures.end(), fresh.begin(), fresh.end());
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

}  // namespace tillrig::explore
