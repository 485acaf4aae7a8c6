#pragma once

#include "sim/explore/suite_report.hpp"
#include "sim/report/text.hpp"

#include <string>

namespace tillrig::report {

using base::Duration;
using base::Instant;
using explore::Counts;
using explore::Failing;
using explore::FaultSpan;
using explore::RunName;
using explore::RunReport;
using explore::RunResult;
using explore::ScenarioReport;
using explore::SuiteReport;

// Everything that `tillrig run` says, as texts made from results alone.

// "outage/drop-mid-sale", with the run's variant and seed behind it where they tell runs apart.
std::string run_label(const RunName& run);

// A run that did not hold: the phase's sentence, where, expected and seen, when, which sale, which
// invariants, the faults around it, and the command that plays it again. Several lines.
enum class Detail { first, all };  // the first failures of a run, or all of them
std::string failure_text(const RunReport& run, const SuiteReport& suite, const Paint& paint,
                         Detail detail = Detail::first);
// Failures of no one run.
std::string suite_failure_text(const SuiteReport& suite, const Paint& paint);

// The command that plays this run again.
std::string again(const RunName& run, const SuiteReport& suite);

// What the run's scenario waives, one line each; empty for most.
std::string waivers_text(const RunResult& result);

// "held  outage/drop-mid-sale  10m32s  0.012 s": one line a finished run, where there is no
// terminal.
std::string result_line(const RunReport& run, const Paint& paint);

// All scenarios, one line each.
std::string scenario_table(const SuiteReport& suite, const Paint& paint);

// One line: how many of what, and whether all held.
std::string summary(const SuiteReport& suite, const Paint& paint);

// One line: how many playings in what time, and how many of them came out different.
std::string playings_text(const SuiteReport& suite);

// What is said after Ctrl-C: what was finished and what was not.
std::string interrupted_text(const SuiteReport& suite);

}  // namespace tillrig::report
