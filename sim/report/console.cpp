#include "sim/report/console.hpp"

#include "pos/base/visible.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <set>
#include <vector>

namespace tillrig::report {
namespace {

constexpr std::size_t kMostFailures = 4;  // shown of one run
constexpr std::size_t kMostFaults = 8;

std::string span_text(const FaultSpan& span) {
  std::string out = span.fault;
  if (!span.till.empty()) out += " " + span.till;
  out += " " + time_text(span.from - Instant{0}) + "..";
  if (span.until != Instant::never()) out += time_text(span.until - Instant{0});
  return out;
}

// The faults that were there at the moment, else the last ones before it.
std::vector<FaultSpan> faults_around(const std::vector<FaultSpan>& all, Instant at) {
  std::vector<FaultSpan> there;
  std::vector<FaultSpan> before;
  for (const FaultSpan& span : all) {
    if (span.from > at) continue;
    (span.until >= at ? there : before).push_back(span);
  }
  std::vector<FaultSpan>& chosen = there.empty() ? before : there;
  if (chosen.size() > kMostFaults) {
    chosen.erase(chosen.begin(), chosen.end() - static_cast<std::ptrdiff_t>(kMostFaults));
  }
  return chosen;
}

void add(std::string& out, std::string_view name, std::string_view text) {
  if (text.empty()) return;
  out += fmt::format("    {:<9} {}\n", name, base::visible(text));
}

// `clock` says what the moment is counted in.
std::string one_failure(const Failing& failing, std::string_view file, std::string_view clock) {
  std::string out;
  if (!failing.phase.empty()) out += fmt::format("  phase \"{}\"\n", base::visible(failing.phase));
  const std::string_view where = failing.file.empty() ? file : std::string_view(failing.file);
  if (failing.line > 0 && failing.column > 0) {
    out += fmt::format("  {}:{}:{}\n", where, failing.line, failing.column);
  } else if (failing.line > 0) {
    out += fmt::format("  {}:{}\n", where, failing.line);
  } else if (!where.empty()) {
    out += fmt::format("  {}\n", where);
  }
  std::string kind = failing.kind;
  if (!failing.invariant.empty()) kind += ", " + failing.invariant;
  add(out, "failed", fmt::format("{}{}{}", kind, failing.what.empty() ? "" : ": ", failing.what));
  add(out, "expected", failing.expected);
  add(out, "seen", failing.seen);
  add(out, "sale", failing.sale);
  add(out, "till", failing.till);
  if (failing.at != Instant::never()) {
    add(out, "when", fmt::format("{} {}", time_text(failing.at - Instant{0}), clock));
  }
  return out;
}

std::string verdict(const ScenarioReport& scenario) {
  std::size_t failed = 0;
  std::size_t finished = 0;
  std::map<std::string, int> kinds;
  for (const RunReport& run : scenario.runs) {
    if (run.finished) ++finished;
    if (run.result.failures.empty()) continue;
    ++failed;
    for (const Failing& failing : run.result.failures) {
      kinds[failing.invariant.empty() ? failing.kind : failing.invariant]++;
    }
  }
  std::string text;
  std::set<std::string> waived;
  for (const RunReport& run : scenario.runs) {
    for (const explore::Waived& row : run.result.waived) waived.insert(row.invariant);
  }
  if (finished < scenario.runs.size() && failed == 0) {
    text = "not finished";
  } else if (failed == 0) {
    text = "held";
  } else {
    std::vector<std::string> names;
    for (const auto& [name, times] : kinds) names.push_back(name);
    text = fmt::format("FAILED{}: {}",
                       scenario.runs.size() > 1 ? fmt::format(" in {}", failed) : std::string(),
                       fmt::join(names, ", "));
  }
  if (!waived.empty()) text += fmt::format(", with waivers: {}", fmt::join(waived, ", "));
  if (scenario.boundaries != 0) text += fmt::format(", {} boundaries visited", scenario.boundaries);
  return text;
}

bool is_virtual(const SuiteReport& suite) {
  return suite.bed == "virtual";
}

std::string plural(std::size_t n, std::string_view one) {
  return fmt::format("{} {}{}", n, one, n == 1 ? "" : "s");
}

}  // namespace

std::string run_label(const RunName& run) {
  std::string out = base::visible_name(run.scenario);
  if (!run.variant.empty()) out += fmt::format(" ({})", base::visible(run.variant));
  return out + fmt::format("  seed {}", run.seed);
}

std::string again(const RunName& run, const SuiteReport& suite) {
  // A file that begins with a dash would be read as an option.
  const std::string file = run.file.starts_with('-') ? "./" + run.file : run.file;
  std::string out = fmt::format("{} run {}", shell_word(suite.command), shell_word(file));
  if (!run.variant.empty()) out += fmt::format(" --only {}", shell_word(run.variant));
  out += fmt::format(" --seed {}", run.seed);
  for (const std::string& mutant : suite.mutants) out += " --mutant " + shell_word(mutant);
  if (suite.bed != "virtual") out += " --bed " + suite.bed;
  return out;
}

std::string failure_text(const RunReport& run, const SuiteReport& suite, const Paint& paint,
                         Detail detail) {
  const std::size_t most = detail == Detail::all ? run.result.failures.size() : kMostFailures;
  const RunResult& result = run.result;
  std::string out = fmt::format("{}  {}\n", paint.bad("FAIL"), run_label(run.name));
  std::size_t shown = 0;
  Instant at = Instant::never();
  const std::string_view clock = is_virtual(suite) ? "(virtual)" : "into the run";
  for (const Failing& failing : result.failures) {
    if (shown++ == most) break;
    out += one_failure(failing, run.name.file, clock);
    if (at == Instant::never()) at = failing.at;
  }
  if (result.failures.size() > most) {
    out += fmt::format("  and {} more; -v shows them all\n", result.failures.size() - most);
  }
  std::vector<std::string> faults;
  for (const FaultSpan& span : faults_around(result.faults, at)) faults.push_back(span_text(span));
  if (!faults.empty()) out += fmt::format("  faults:  {}\n", fmt::join(faults, "; "));
  out += waivers_text(result);
  out += fmt::format("  again:   {}\n", again(run.name, suite));
  if (!result.timeline.empty()) {
    out += fmt::format("  look:    {} trace dump {}\n", shell_word(suite.command),
                       shell_word(result.timeline));
  }
  return out;
}

std::string suite_failure_text(const SuiteReport& suite, const Paint& paint) {
  std::string out;
  for (const Failing& failing : suite.suite_failures) {
    out += fmt::format("{}  the suite\n", paint.bad("FAIL"));
    out += one_failure(failing, "", "");
  }
  return out;
}

std::string waivers_text(const RunResult& result) {
  std::string out;
  for (const explore::Waived& row : result.waived) {
    out += fmt::format("  waived:  {}, broken {} and let off: {}\n", row.invariant,
                       row.violations == 1 ? "once" : fmt::format("{} times", row.violations),
                       row.reason);
  }
  return out;
}

std::string result_line(const RunReport& run, const Paint& paint) {
  const bool held = run.result.failures.empty();
  const std::string_view word = !held                       ? "FAIL"
                                : run.result.waived.empty() ? "held"
                                                            : "held with waivers";
  return fmt::format("{}  {}  {}  {}\n{}", held ? paint.good(word) : paint.bad(word),
                     run_label(run.name), short_time(run.result.virtual_time), wall_text(run.wall),
                     waivers_text(run.result));
}

std::string scenario_table(const SuiteReport& suite, const Paint& paint) {
  const std::vector<Column> head = {
      {"scenario", false}, {"runs", true},   {is_virtual(suite) ? "virtual time" : "time", true},
      {"sales", true},     {"events", true}, {"wall", true},
      {"verdict", false}};
  std::vector<std::vector<std::string>> rows;
  for (const ScenarioReport& scenario : suite.scenarios) {
    Duration time{0};
    Duration wall{0};
    std::uint64_t sales = 0;
    std::uint64_t events = 0;
    bool held = true;
    for (const RunReport& run : scenario.runs) {
      time += run.result.virtual_time;
      wall += run.wall;
      sales += run.result.sales;
      events += run.result.events;
      held = held && run.finished && run.result.failures.empty();
    }
    const std::string text = verdict(scenario);
    rows.push_back({base::visible_name(scenario.name), fmt::to_string(scenario.runs.size()),
                    short_time(time), fmt::to_string(sales), fmt::to_string(events),
                    wall_text(wall), held ? paint.good(text) : paint.bad(text)});
  }
  return table(head, rows);
}

std::string summary(const SuiteReport& suite, const Paint& paint) {
  const Counts counts = count(suite);
  const std::string_view often = suite.playings == 1   ? "each played once"
                                 : suite.playings == 2 ? "each played twice"
                                                       : "each played several times";
  std::string out = fmt::format("{}, {}, {}", plural(counts.scenarios, "scenario"),
                                plural(counts.runs, "run"), often);
  if (!suite.missing_locale.empty()) {
    out +=
        fmt::format(" but not in another locale ({} is not on this machine)", suite.missing_locale);
  }
  out += ": ";
  std::vector<std::string> wrong;
  if (counts.runs_failed != 0) {
    wrong.push_back(fmt::format("{} of {} failed", plural(counts.runs_failed, "run"),
                                plural(counts.scenarios_failed, "scenario")));
  }
  if (counts.broke != 0) {
    wrong.push_back(fmt::format("the rig itself broke in {}", plural(counts.broke, "run")));
  }
  if (counts.runs_not_run != 0) {
    wrong.push_back(fmt::format("{} not run", plural(counts.runs_not_run, "run")));
  }
  if (!suite.suite_failures.empty()) {
    wrong.push_back(
        fmt::format("{} judged nothing", plural(suite.suite_failures.size(), "invariant")));
  }
  out += wrong.empty()
             ? paint.good(counts.runs_waived == 0 ? std::string("all held")
                                                  : fmt::format("all held with waivers in {}",
                                                                plural(counts.runs_waived, "run")))
             : paint.bad(fmt::format("{}", fmt::join(wrong, "; ")));
  return out + fmt::format(" ({})\n", wall_text(suite.wall));
}

std::string interrupted_text(const SuiteReport& suite) {
  const Counts counts = count(suite);
  return fmt::format("interrupted: {} of {} finished, {} of them failed; the rest is not run\n",
                     counts.runs - counts.runs_not_run, plural(counts.runs, "run"),
                     counts.runs_failed);
}

std::string playings_text(const SuiteReport& suite) {
  const Counts counts = count(suite);
  const std::size_t playings = (counts.runs - counts.runs_not_run) * suite.playings;
  std::size_t different = 0;
  for (const ScenarioReport& scenario : suite.scenarios) {
    for (const RunReport& run : scenario.runs) {
      const auto& all = run.result.failures;
      different += std::any_of(all.begin(), all.end(), [](const Failing& failing) {
        return failing.kind == "determinism";
      });
    }
  }
  return fmt::format("{} in {}, {}\n", plural(playings, "playing"), wall_text(suite.wall),
                     suite.playings == 2 ? plural(different, "difference") : "nothing compared");
}

}  // namespace tillrig::report
