#pragma once

#include "sim/explore/request.hpp"
#include "sim/explore/run_result.hpp"
#include "sim/scenario/read/plan.hpp"

#include <string>

namespace tillrig::explore {

// Plays what a request asks for, here and now, in this process. The scenario read last is kept, for
// the many runs of one file.
class RunPlayer {
 public:
  // What the rig cannot do is a failure of kind "rig" in the result.
  RunResult play(const Request& request);

 private:
  scenario::Scenario file_;
};

}  // namespace tillrig::explore
