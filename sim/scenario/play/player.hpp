#pragma once

#include "sim/scenario/play/outcome.hpp"
#include "sim/scenario/read/plan.hpp"
#include "sim/world/bed.hpp"

namespace tillrig::scenario {

// Plays a plan into a bed: opens it, starts the tills, does the phases with the background trade
// beside them. Then everything is healed and started again, and the run waits until all is quiet,
// at most ten minutes. Failures go into the outcome as they are found, so that one whose time runs
// out is known too. Plan and outcome outlive the bed.
base::Awaitable<void> play(world::Bed& bed, const Plan& plan, Outcome& outcome);

// The oracle's verdicts over what the bed recorded, as failures of the outcome. For both beds,
// after play() has come to an end or was given up.
void judge_outcome(world::Bed& bed, const Plan& plan, Outcome& outcome);

// One run on a bed, from the plan to the judged outcome; `limit` is of the bed's own time.
Outcome run_on(world::Bed& bed, const Plan& plan, Duration limit);
// The same in virtual time. The timeline is optional.
Outcome run_virtual(const Plan& plan, trace::Writer* timeline = nullptr);

}  // namespace tillrig::scenario
