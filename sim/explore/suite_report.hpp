#pragma once

#include "sim/explore/run_result.hpp"

#include <string>
#include <vector>

namespace tillrig::explore {

// One run, played as often as it should be: the verdict of the first playing, with what the
// comparison of both found added to its failures.
struct RunReport {
  RunName name;
  RunResult result;
  Duration wall{0};  // of both playings
  bool finished = false;
};

struct ScenarioReport {
  std::string name;    // "outage/drop-mid-sale"
  std::string folder;  // "scenarios/outage"
  std::string file;
  std::string title;
  std::vector<RunReport> runs;
  std::uint64_t boundaries = 0;  // places a sweep visited; 0: it is no sweep
};

// Everything that one call of `tillrig run` found.
struct SuiteReport {
  std::vector<ScenarioReport> scenarios;
  std::vector<Failing> suite_failures;  // of no one run: an invariant that judged nothing
  std::vector<std::string> mutants;     // that were switched on
  std::string bed = "virtual";
  std::string command = "./tillrig";  // how the rig is called from the present folder
  unsigned playings = 2;              // of each run
  std::string missing_locale;  // that the second playings were to have and this machine has not
  Duration wall{0};
};

struct Counts {
  std::size_t scenarios = 0;
  std::size_t scenarios_failed = 0;
  std::size_t runs = 0;
  std::size_t runs_failed = 0;
  std::size_t runs_not_run = 0;  // not, or not as often as they should be
  std::size_t runs_waived = 0;   // whose scenario waives an invariant
  std::size_t broke = 0;         // runs in which the rig itself broke
};
Counts count(const SuiteReport& suite);

// 0 all held, 1 something failed, 70 the rig itself broke and nothing else failed.
int exit_code(const SuiteReport& suite);

// Compares two playings of a run: the first's result, with a determinism failure when their
// digests, their failures or what they counted differ, what only the second failed in, and one of
// kind "rig" when the second did not come to its end.
RunResult compare(const RunName& run, RunResult first, const RunResult& second);

// One failure for each of `invariants` that no run of the suite gave anything to judge.
std::vector<Failing> unjudged(const SuiteReport& suite, const std::vector<std::string>& invariants);

}  // namespace tillrig::explore
