#include "sim/report/json_lines.hpp"

#include "pos/base/json.hpp"
#include "sim/report/console.hpp"

#include <boost/json/serialize.hpp>

#include <utility>

namespace tillrig::report {
namespace {

namespace json = boost::json;

json::object failing_json(const Failing& failing) {
  json::object out;
  const auto text = [&out](const char* key, const std::string& value) {
    if (!value.empty()) out[key] = value;
  };
  text("kind", failing.kind);
  text("invariant", failing.invariant);
  text("phase", failing.phase);
  text("file", failing.file);
  if (failing.line > 0) out["line"] = failing.line;
  text("what", failing.what);
  text("expected", failing.expected);
  text("seen", failing.seen);
  text("sale", failing.sale);
  text("till", failing.till);
  if (failing.at != Instant::never()) out["at_ns"] = failing.at.ns;
  return out;
}

std::string_view verdict_of(const RunReport& run) {
  if (!run.finished) return "not run";
  if (run.result.broke) return "rig broke";
  if (!run.result.failures.empty()) return "failed";
  return run.result.waived.empty() ? "held" : "held with waivers";
}

}  // namespace

std::string json_run(const explore::RunReport& run, const explore::SuiteReport& suite) {
  const RunResult& result = run.result;
  json::object out;
  out["type"] = "run";
  out["scenario"] = run.name.scenario;
  out["file"] = run.name.file;
  out["variant"] = run.name.variant;
  out["seed"] = run.name.seed;
  out["verdict"] = verdict_of(run);
  out["digest"] = result.digest;
  out["time_ns"] = result.virtual_time.count();
  out["wall_ns"] = run.wall.count();
  out["sales"] = result.sales;
  out["events"] = result.events;
  if (!result.timeline.empty()) out["timeline"] = result.timeline;
  json::array waived;
  for (const explore::Waived& row : result.waived) {
    json::object one;
    one["invariant"] = row.invariant;
    one["reason"] = row.reason;
    one["violations"] = row.violations;
    waived.push_back(std::move(one));
  }
  out["waived"] = std::move(waived);
  json::array failures;
  for (const Failing& failing : result.failures) failures.push_back(failing_json(failing));
  out["failures"] = std::move(failures);
  out["again"] = again(run.name, suite);
  return json::serialize(out) + "\n";
}

std::string json_suite(const explore::SuiteReport& suite, int exit_code, bool interrupted) {
  const Counts counts = count(suite);
  json::object out;
  out["type"] = "suite";
  out["scenarios"] = counts.scenarios;
  out["runs"] = counts.runs;
  out["playings_a_run"] = suite.playings;
  out["failed"] = counts.runs_failed;
  out["broke"] = counts.broke;
  out["waived"] = counts.runs_waived;
  out["not_run"] = counts.runs_not_run;
  json::array failures;
  for (const Failing& failing : suite.suite_failures) failures.push_back(failing_json(failing));
  out["failures"] = std::move(failures);
  out["wall_ns"] = suite.wall.count();
  out["interrupted"] = interrupted;
  out["exit_code"] = exit_code;
  return json::serialize(out) + "\n";
}

}  // namespace tillrig::report
