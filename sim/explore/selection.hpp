#pragma once

#include "pos/base/result.hpp"
#include "sim/explore/request.hpp"
#include "sim/explore/suite_report.hpp"
#include "sim/scenario/read/plan.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace tillrig::explore {

// Which scenarios are to be played, and how each of their runs is.
struct Choice {
  std::vector<std::string> paths;
  std::string keyword;            // an expression over name, title and file, as Keyword reads it
  std::vector<std::string> tags;  // one of these, and none of those that begin with '!' or "not "
  std::string only;               // the variant of one run
  std::optional<std::uint64_t> seed;                             // instead of the scenarios' own
  std::optional<std::pair<std::uint64_t, std::uint64_t>> seeds;  // each of these, both included
  std::optional<std::vector<RunName>> failed;                    // only these, as they were named
  std::vector<std::string> mutants;
  std::string bed = "virtual";
};

// The scenario files behind paths, sorted within each folder, each once. Errors: not_found (with
// the nearest name that is there), bad_input (a folder without scenarios).
base::Result<std::vector<std::string>> find_scenarios(const std::vector<std::string>& paths);

// "outage/drop-mid-sale": the folder and the file without its ending.
std::string scenario_name(const std::string& file);

// One run to be played: its name in reports and what a worker is asked.
struct Run {
  std::size_t scenario = 0;  // in Selection::scenarios
  RunName name;
  Request request;
  std::string sweep;  // the axis of a probe, which stands for as many runs as it counts port calls
};

struct Selected {
  ScenarioReport report;  // still without runs
  std::vector<std::string> kills;
};

struct Selection {
  std::vector<Selected> scenarios;
  std::vector<Run> runs;
  std::size_t files = 0;              // before anything was selected
  std::size_t unsuited = 0;           // of them, chosen by name and tag but not for this bed
  std::size_t own_seeds = 0;          // runs left out: their matrix has seeds, but not these
  std::vector<std::string> variants;  // of what was chosen, where one was asked for
  std::vector<std::string> problems;  // sentences; nothing may be played when there are any
};

// Reads and checks every file whole and picks what was chosen. Errors: those of
// find_scenarios; bad_input for a keyword that cannot be read and for a tag that no file has.
base::Result<Selection> select(const Choice& choice);

// The run of a sweep that ends at its n-th boundary.
Run sweep_run(const Run& probe, std::uint64_t n);

}  // namespace tillrig::explore
