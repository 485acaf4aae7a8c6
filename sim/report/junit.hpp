#pragma once

#include "sim/report/suite.hpp"

#include <string>

namespace tillrig::report {

// The suite as JUnit XML in the schema of Jenkins: a testsuite a folder, a testcase a run with
// file, line, time in seconds and the properties seed, digest and virtual time; failures with their
// text, a broken rig as an error. Characters that XML 1.0 does not have are left out.
std::string junit(const SuiteReport& suite);

// One line a run, sorted: "<digest>  <scenario>  seed <n>  <variant>". Equal for equal builds.
std::string digests(const SuiteReport& suite);

}  // namespace tillrig::report
