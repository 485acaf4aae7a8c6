#pragma once

#include "pos/base/result.hpp"
#include "sim/app/commands.hpp"
#include "sim/app/request.hpp"
#include "sim/report/suite.hpp"
#include "sim/scenario/read/plan.hpp"

#include <string>
#include <vector>

namespace tillrig::app {

// The scenario files behind paths, sorted within each folder, each once. Errors: not_found (with
// the nearest name that is there), bad_input (a folder without scenarios).
base::Result<std::vector<std::string>> find_scenarios(const std::vector<std::string>& paths);

// "outage/drop-mid-sale": the folder and the file without its ending.
std::string scenario_name(const std::string& file);

// One run to be played: its name in reports and what a worker is asked.
struct Run {
  std::size_t scenario = 0;  // in Selection::scenarios
  report::RunName name;
  Request request;
  std::string sweep;  // the axis of a probe, which stands for as many runs as it counts port calls
};

struct Selected {
  report::ScenarioReport report;  // still without runs
  std::vector<std::string> kills;
};

struct Selection {
  std::vector<Selected> scenarios;
  std::vector<Run> runs;
  std::size_t files = 0;              // before anything was selected
  std::size_t unsuited = 0;           // of them, chosen by name and tag but not for this bed
  std::vector<std::string> problems;  // sentences; nothing may be played when there are any
};

// Reads and checks every file whole and picks what the options ask for. Errors: those of
// find_scenarios.
base::Result<Selection> select(const RunOptions& options);

// The run of a sweep that ends at its n-th boundary.
Run sweep_run(const Run& probe, std::uint64_t n);

}  // namespace tillrig::app
