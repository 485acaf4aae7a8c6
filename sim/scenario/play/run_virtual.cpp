#include "sim/scenario/play/player.hpp"
#include "sim/world/virtual_bed.hpp"

namespace tillrig::scenario {

Outcome run_virtual(const Plan& plan, trace::Writer* timeline) {
  Outcome outcome;
  world::VirtualBed bed(plan.setup, timeline);
  const base::Instant limit = base::Instant{0} + plan.limit;
  auto ran = bed.run(play(bed, plan, outcome), limit);
  Failure failure;
  failure.at = limit;
  failure.line = bed.recording().line();
  if (!ran) {
    failure.kind = Failure::Kind::rig;
    failure.what = ran.error().what;
    outcome.failures.push_back(std::move(failure));
  } else if (!outcome.finished && outcome.failures.empty()) {
    failure.kind = Failure::Kind::liveness;
    failure.what = "the scenario did not come to its end within its limit";
    failure.expected = "an end within " + describe(plan.limit);
    failure.seen = "it still ran";
    outcome.failures.push_back(std::move(failure));
  }
  if (!outcome.finished) outcome.ended = limit;
  judge_outcome(bed, plan, outcome);
  outcome.digest = bed.digest();
  return outcome;
}

}  // namespace tillrig::scenario
