#pragma once

#include "pos/base/result.hpp"
#include "sim/oracle/tapes.hpp"

#include <string>
#include <vector>

namespace tillrig::world {

// The cloud's answers about business days, in the rig's own words. Errors: bad_input, naming what
// is wrong with the answer.
base::Result<std::vector<oracle::ReportLook>> read_day_reports(base::ByteView body,
                                                               base::Instant at);
base::Result<std::vector<std::string>> read_calendar(base::ByteView body);

}  // namespace tillrig::world
