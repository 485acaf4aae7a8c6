#pragma once

#include "sim/explore/suite_report.hpp"

#include <string>

namespace tillrig::report {

// The report for programs: an object a line, each with a "type". A run as it ends ("run": what it
// was, its verdict, what it counted, waivers, failures and the command that plays it again), and at
// the end one of all ("suite"). Times are whole nanoseconds; a line ends with a line feed.
std::string json_run(const explore::RunReport& run, const explore::SuiteReport& suite);
std::string json_suite(const explore::SuiteReport& suite, int exit_code, bool interrupted);

}  // namespace tillrig::report
