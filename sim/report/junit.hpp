#pragma once

#include "sim/explore/suite_report.hpp"

#include <string>

namespace tillrig::report {

using base::Duration;
using explore::Failing;
using explore::RunReport;
using explore::RunResult;
using explore::ScenarioReport;
using explore::SuiteReport;

// The suite as JUnit XML in the schema of Jenkins: a testsuite a folder, a testcase a run with
// file, line, time in seconds and the properties seed, digest and virtual time; failures with their
// text, a broken rig as an error. Characters that XML 1.0 does not have are left out.
std::string junit(const SuiteReport& suite);

// One line a run, sorted: "<digest>  <scenario>  seed <n>  <variant>". Equal for equal builds.
std::string digests(const SuiteReport& suite);

}  // namespace tillrig::report
