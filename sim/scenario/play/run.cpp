#include "sim/scenario/play/player.hpp"
#include "sim/world/virtual_bed.hpp"

namespace tillrig::scenario {

Outcome run_on(world::Bed& bed, const Plan& plan, Duration limit) {
  Outcome outcome;
  const auto ran = bed.run(play(bed, plan, outcome), limit);
  Failure failure;
  failure.at = base::Instant{0} + limit;
  failure.line = bed.recording().line();
  if (!ran && ran.error().code != base::Code::timeout) {
    failure.kind = Failure::Kind::rig;
    failure.what = ran.error().what;
    outcome.failures.push_back(std::move(failure));
  } else if (!outcome.finished && outcome.failures.empty()) {
    failure.kind = Failure::Kind::liveness;
    failure.what = "the scenario did not come to its end within its limit";
    failure.expected = "an end within " + describe(limit);
    failure.seen = "it still ran";
    outcome.failures.push_back(std::move(failure));
  }
  if (!outcome.finished) outcome.ended = base::Instant{0} + limit;
  judge_outcome(bed, plan, outcome);
  outcome.digest = bed.digest();
  return outcome;
}

Outcome run_virtual(const Plan& plan, trace::Writer* timeline) {
  world::VirtualBed bed(plan.setup, timeline);
  return run_on(bed, plan, plan.limit);
}

}  // namespace tillrig::scenario
