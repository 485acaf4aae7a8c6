#pragma once

#include "sim/app/request.hpp"
#include "sim/report/run_result.hpp"
#include "sim/scenario/read/plan.hpp"

#include <string>

namespace tillrig::app {

// Plays what a request asks for, here and now, in this process. The scenario read last is kept, for
// the many runs of one file.
class RunPlayer {
 public:
  // What the rig cannot do is a failure of kind "rig" in the result.
  report::RunResult play(const Request& request);

 private:
  scenario::Scenario file_;
};

}  // namespace tillrig::app
