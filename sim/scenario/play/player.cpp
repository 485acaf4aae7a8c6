#include "sim/scenario/play/player.hpp"

#include "sim/oracle/invariant.hpp"
#include "sim/scenario/play/perform.hpp"
#include "sim/world/heartbeat.hpp"

#include <algorithm>

namespace tillrig::scenario {
namespace {

using namespace std::chrono_literals;  // NOLINT(google-build-using-namespace)

Awaitable<bool> start_tills(std::shared_ptr<Stage> stage) {
  auto opened = co_await stage->bed().open();
  if (!opened) {
    stage->story.fail(Failure::Kind::rig, opened.error().what);
    co_return false;
  }
  // One after the other, as the cashiers come in.
  for (const std::string& till : stage->plan().setup.tills) {
    if (!stage->plan().start_tills) break;
    const std::size_t began = stage->lives.acts_so_far();
    auto started = co_await stage->start(till);
    if (!started) stage->refused(till, "start", started.error(), began);
  }
  co_return true;
}

Awaitable<void> play_phases(std::shared_ptr<Stage> stage) {
  for (const Phase& phase : stage->plan().phases) {
    stage->story.at_phase(phase.name, phase.where.line);
    for (const Action& action : phase.doing) {
      auto doing = perform(stage, action);
      co_await std::move(doing);
    }
    for (const Expected& expected : phase.expects) {
      auto waiting = await_expected(stage, expected);
      co_await std::move(waiting);
    }
    stage->refusals.settle();
    co_await stage->bed().glance();
  }
}

// What was promised for a time or a mark is done before the end; trade then stops.
Awaitable<void> end_background(std::shared_ptr<Stage> stage) {
  stage->story.at_phase("after the last phase");
  while (stage->promised > 0) {
    const Duration moment = 1s;
    co_await stage->pause(moment);
  }
  stage->ending = true;
  const Instant give_up = stage->now() + 1min;
  while (stage->background > 0 && stage->now() < give_up) {
    const Duration moment = 100ms;
    co_await stage->pause(moment);
  }
  stage->refusals.settle();
}

Failure::Kind kind_of(std::string_view invariant) {
  const auto* row = words::Table<oracle::Invariant>::find(invariant);
  if (row != nullptr && row->failure == "liveness") return Failure::Kind::liveness;
  if (row != nullptr && row->failure == "determinism") return Failure::Kind::determinism;
  return Failure::Kind::safety;
}

// The phase that a line of the file stands in.
std::string phase_at(const Plan& plan, int line) {
  std::string phase;
  for (const Phase& each : plan.phases) {
    if (line > 0 && each.where.line <= line) phase = each.name;
  }
  return phase;
}

// What a waiver is for is told, never hidden; one that let nothing off hides the next fault.
void let_off(const Plan& plan, const Waiver& waiver, std::uint64_t violations, Outcome& outcome) {
  outcome.waived.push_back({waiver.invariant, waiver.reason, violations});
  if (violations != 0) return;
  Failure failure;
  failure.kind = Failure::Kind::expectation;
  failure.what = fmt::format("the waiver of {} waived nothing", waiver.invariant);
  failure.expected =
      fmt::format("{} to be broken in this run, because \"{}\"", waiver.invariant, waiver.reason);
  failure.seen = "it holds; take the waiver out of [waive]";
  failure.phase = "[waive] of " + plan.title;
  failure.at = outcome.ended;
  outcome.failures.push_back(std::move(failure));
}

const Waiver* waiver_of(const Plan& plan, std::string_view invariant) {
  const auto found =
      std::find_if(plan.waivers.begin(), plan.waivers.end(),
                   [&](const Waiver& waiver) { return waiver.invariant == invariant; });
  return found == plan.waivers.end() ? nullptr : &*found;
}

// By time, so that the first cause stands first; what has no moment of its own comes last.
void sort_by_time(std::vector<Failure>& failures) {
  std::stable_sort(failures.begin(), failures.end(),
                   [](const Failure& a, const Failure& b) { return a.at < b.at; });
}

}  // namespace

base::Awaitable<void> play(world::Bed& bed, const Plan& plan, Outcome& outcome) {
  const auto stage = std::make_shared<Stage>(bed, plan, outcome);
  bed.recording().marks().listen(
      [&outcome](std::string_view, std::uint64_t, const std::string&) { ++outcome.events; });
  const bool opened = co_await start_tills(stage);
  if (!opened) co_return;
  begin_background(stage);
  co_await play_phases(stage);
  co_await end_background(stage);
  stage->sweeps.end_all();
  co_await bring_to_rest(stage);
  bed.recording().end_phase();
  co_await bed.close();
  outcome.ended = bed.recording().now();
  outcome.finished = true;
}

namespace {

// On a machine that has no time for the rig, what was not seen in time says nothing of the tills;
// what an invariant found wrong is wrong all the same.
void excuse_the_tills(Duration late, std::vector<Failure>& failures) {
  using Kind = Failure::Kind;
  for (Failure& failure : failures) {
    const bool of_time = failure.kind == Kind::expectation || failure.kind == Kind::liveness ||
                         failure.kind == Kind::not_fired;
    if (!of_time || !failure.invariant.empty()) continue;
    failure.kind = Kind::rig_late;
    failure.what += fmt::format(
        "; but the rig itself was up to {} ms late: play it again on a "
        "machine with less to do",
        late.count() / 1'000'000);
  }
}

}  // namespace

void judge_outcome(world::Bed& bed, const Plan& plan, Outcome& outcome) {
  outcome.acts = bed.recording().tapes().acts;
  for (const oracle::Verdict& verdict : oracle::judge(bed.recording().tapes())) {
    if (const Waiver* const waiver = waiver_of(plan, verdict.invariant); waiver != nullptr) {
      outcome.verdicts.push_back({std::string(verdict.invariant), verdict.judged, 0});
      let_off(plan, *waiver, verdict.violations.size(), outcome);
      continue;
    }
    outcome.verdicts.push_back(
        {std::string(verdict.invariant), verdict.judged, verdict.violations.size()});
    for (const oracle::Violation& violation : verdict.violations) {
      Failure failure;
      failure.kind = kind_of(verdict.invariant);
      failure.invariant = verdict.invariant;
      failure.phase = phase_at(plan, violation.line);
      failure.line = violation.line;
      failure.what = violation.what;
      failure.expected = violation.expected;
      failure.seen = violation.seen;
      failure.sale = violation.sale;
      failure.till = violation.till;
      failure.at = violation.at;
      outcome.failures.push_back(std::move(failure));
    }
  }
  for (const std::string& mark : bed.recording().marks().unknown()) {
    Failure failure;
    failure.kind = Failure::Kind::rig;
    failure.what = fmt::format("the mark {} has no row in the table of marks", mark);
    outcome.failures.push_back(std::move(failure));
  }
  for (const std::string& till : plan.setup.tills) {
    const std::uint64_t garbled = bed.recording().marks().count("line.garbled", till);
    if (garbled == 0) continue;
    Failure failure;
    failure.kind = Failure::Kind::rig;
    failure.till = till;
    failure.what =
        fmt::format("{} lines of {} could not be read: what they showed is unknown", garbled, till);
    failure.expected = "lines of the control protocol";
    failure.seen = "see line.garbled on the timeline";
    outcome.failures.push_back(std::move(failure));
  }
  for (const std::string& what : bed.hung()) {
    Failure failure;
    failure.kind = Failure::Kind::liveness;
    failure.what = what;
    failure.at = bed.recording().now();
    outcome.failures.push_back(std::move(failure));
  }
  if (bed.late() > world::Heartbeat::kLate) excuse_the_tills(bed.late(), outcome.failures);
  sort_by_time(outcome.failures);
  for (const Failure& failure : outcome.failures) {
    const std::string_view rule =
        failure.invariant.empty() ? name(failure.kind) : std::string_view(failure.invariant);
    bed.recording().broken(
        {rule, failure.what, failure.sale, failure.till, failure.at, failure.line});
  }
}

}  // namespace tillrig::scenario
