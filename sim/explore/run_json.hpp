#pragma once

#include "pos/base/result.hpp"
#include "sim/explore/run_result.hpp"

#include <string>
#include <string_view>

namespace tillrig::explore {

// A result as one line of JSON, and back: how it travels from one process to another. Errors:
// bad_input, naming the field.
std::string write_run(const RunResult& result);
base::Result<RunResult> read_run(std::string_view line);

}  // namespace tillrig::explore
