#include "sim/explore/run_player.hpp"

#include "sim/explore/selection.hpp"
#include "sim/explore/version.hpp"
#include "sim/scenario/play/player.hpp"
#include "sim/trace/sink.hpp"
#include "sim/trace/writer.hpp"
#include "sim/world/live_bed.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace tillrig::explore {
namespace {

namespace fs = std::filesystem;
using base::Result;

constexpr base::Duration kLiveLimit = std::chrono::minutes(5);  // of real time

std::string content_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

// A timeline on its way to a file; does nothing when none was asked for.
class Timeline {
 public:
  static Result<Timeline> open(const Request& request) {
    Timeline timeline;
    if (request.timeline.empty()) return timeline;
    auto sink = trace::open_file_sink(request.timeline);
    if (!sink) return base::Failure(sink.error());
    timeline.sink_ = *std::move(sink);
    trace::RunInfo run;
    run.scenario = scenario_name(request.file);
    run.scenario_text = content_of(request.file);
    run.seed = request.seed;
    run.build = kVersion;
    timeline.writer_ = std::make_unique<trace::Writer>(*timeline.sink_, run);
    return timeline;
  }

  [[nodiscard]] trace::Writer* writer() { return writer_.get(); }

  Result<void> finish() {
    if (!writer_) return {};
    return writer_->finish();
  }

 private:
  std::unique_ptr<trace::Sink> sink_;
  std::unique_ptr<trace::Writer> writer_;
};

// From start to heal, for each fault of the run.
std::vector<FaultSpan> spans(const std::vector<oracle::ActEntry>& acts) {
  using Kind = oracle::ActEntry::Kind;
  std::vector<FaultSpan> all;
  for (const oracle::ActEntry& act : acts) {
    const std::string till = act.till == "*" ? "" : act.till;
    if (act.kind == Kind::heal) {
      const auto open = std::find_if(all.begin(), all.end(), [&](const FaultSpan& span) {
        return span.fault == act.what && span.till == till && span.until == base::Instant::never();
      });
      if (open != all.end()) open->until = act.at;
    } else if (act.kind == Kind::fault) {
      all.push_back({act.what, till, act.at, base::Instant::never()});
    } else if (act.kind == Kind::kill || act.kind == Kind::power_cut) {
      all.push_back({act.what, act.till, act.at, act.at});
    }
  }
  return all;
}

Failing failing_of(const scenario::Failure& failure, const std::string& file) {
  Failing failing;
  failing.kind = std::string(name(failure.kind));
  failing.invariant = failure.invariant;
  failing.phase = failure.phase;
  failing.file = file;
  failing.line = failure.line;
  failing.what = failure.what;
  failing.expected = failure.expected;
  failing.seen = failure.seen;
  failing.sale = failure.sale;
  failing.till = failure.till;
  failing.at = failure.at;
  return failing;
}

RunResult result_of(const scenario::Outcome& outcome, const std::string& file) {
  RunResult result;
  bool only_rig = !outcome.failures.empty();
  for (const scenario::Failure& failure : outcome.failures) {
    result.failures.push_back(failing_of(failure, file));
    only_rig = only_rig && failure.kind == scenario::Failure::Kind::rig;
  }
  result.broke = only_rig;
  for (const scenario::Judged& row : outcome.verdicts) {
    result.judged.push_back({row.invariant, row.judged});
  }
  for (const scenario::Waived& row : outcome.waived) {
    result.waived.push_back({row.invariant, row.reason, row.violations});
  }
  result.faults = spans(outcome.acts);
  result.digest = fmt::format("{:016x}", outcome.digest);
  result.virtual_time = outcome.ended - base::Instant{0};
  result.sales = outcome.sales;
  result.events = outcome.events;
  result.port_calls = outcome.port_calls;
  return result;
}

void add_rig_failure(RunResult& result, const std::string& file, std::string what) {
  Failing failing;
  failing.kind = "rig";
  failing.file = file;
  failing.what = std::move(what);
  result.broke = result.failures.empty();
  result.failures.push_back(std::move(failing));
}

RunResult rig_failure(const std::string& file, std::string what) {
  RunResult result;
  add_rig_failure(result, file, std::move(what));
  return result;
}

// Real processes and real time: the outcome's digest is of no use, because no two runs are alike.
Result<scenario::Outcome> play_live(const scenario::Plan& plan, const std::string& scratch,
                                    trace::Writer* timeline) {
  std::error_code error;
  fs::create_directories(scratch, error);
  if (error) {
    return base::fail(base::Code::io, "the folder {} cannot be made: {}", scratch, error.message());
  }
  world::LiveBed bed(plan.setup, {"/proc/self/exe", scratch}, timeline);
  return scenario::run_on(bed, plan, kLiveLimit);
}

}  // namespace

RunResult RunPlayer::play(const Request& request) {
  if (file_.file != request.file || file_.plans.empty()) file_ = scenario::load(request.file);
  if (request.plan >= file_.plans.size()) {
    return rig_failure(request.file, "the file has changed since it was checked; run again");
  }
  scenario::Plan plan = file_.plans[request.plan];
  plan.setup.seed = request.seed;
  if (request.call != 0) plan = scenario::at_call(plan, request.call);
  plan.setup.mutants = base::Mutants();
  for (const std::string& mutant : request.mutants) plan.setup.mutants.add(mutant);

  auto timeline = Timeline::open(request);
  if (!timeline) return rig_failure(request.file, timeline.error().what);
  const bool live = request.bed == "live";
  const auto outcome = live ? play_live(plan, request.scratch, timeline->writer())
                            : scenario::run_virtual(plan, timeline->writer());
  if (!outcome) return rig_failure(request.file, outcome.error().what);
  RunResult result = result_of(*outcome, plan.file);
  if (auto finished = timeline->finish(); !finished) {
    add_rig_failure(result, plan.file, finished.error().what);
  }
  return result;
}

}  // namespace tillrig::explore
