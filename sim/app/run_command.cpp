#include "pos/base/nearest.hpp"
#include "pos/base/visible.hpp"
#include "sim/app/commands.hpp"
#include "sim/app/console_audience.hpp"
#include "sim/app/exit_codes.hpp"
#include "sim/app/last_failed.hpp"
#include "sim/app/line_file.hpp"
#include "sim/app/mutant_names.hpp"
#include "sim/app/output_file.hpp"
#include "sim/app/say.hpp"
#include "sim/explore/other_environment.hpp"
#include "sim/explore/selection.hpp"
#include "sim/explore/suite_player.hpp"
#include "sim/oracle/invariant.hpp"
#include "sim/report/console.hpp"
#include "sim/report/json_lines.hpp"
#include "sim/report/junit.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

namespace tillrig::app {
namespace {

int refuse(const base::Error& error) {
  complain("tillrig run: " + error.what + "\n");
  return kBadInput;
}

// The names that --only could have had.
std::string runs_there_are(const explore::Selection& selection, std::string_view asked) {
  constexpr std::size_t kFew = 8;
  const std::vector<std::string_view> names(selection.variants.begin(), selection.variants.end());
  if (const auto meant = base::nearest(asked, names); !meant.empty()) {
    return fmt::format("did you mean \"{}\"?", meant);
  }
  if (names.size() == 1 && names.front().empty()) return "the scenario has one run, without a name";
  if (names.size() > kFew) return fmt::format("--list shows the {} there are", names.size());
  return fmt::format("expected one of: \"{}\"", fmt::join(names, "\", \""));
}

std::filesystem::path whole(const std::string& path) {
  std::error_code error;
  const auto found = std::filesystem::weakly_canonical(path, error);
  return error ? std::filesystem::path(path) : found;
}

// Everything that could go wrong with the outputs, before anything is played.
base::Result<void> check_outputs(const RunOptions& options) {
  std::vector<std::filesystem::path> taken;
  for (const std::string& path : options.paths) taken.push_back(whole(path));
  for (const std::string& path : {options.junit, options.json, options.digests, options.trace}) {
    if (path.empty()) continue;
    if (std::find(taken.begin(), taken.end(), whole(path)) != taken.end()) {
      return base::fail(base::Code::bad_input,
                        "{} is named twice, as what is played or as another output: give each "
                        "output a name of its own",
                        path);
    }
    taken.push_back(whole(path));
  }
  for (const std::string& path : {options.junit, options.json, options.digests}) {
    if (path.empty()) continue;
    if (path == "-") {
      return base::fail(base::Code::bad_input,
                        "\"-\" is no file: what is played is told on standard output already; "
                        "name a file, or /dev/stderr");
    }
    if (auto ok = can_write(path); !ok) return ok;
  }
  return options.trace.empty() ? base::Result<void>() : make_folder(options.trace);
}

void list_runs(const explore::Selection& selection) {
  for (const explore::Run& run : selection.runs) {
    say(report::run_label(run.name) +
        (run.sweep.empty() ? "\n"
                           : "  (a sweep: one run for each port call that this one makes)\n"));
  }
  say(fmt::format("{} scenarios, {} runs\n", selection.scenarios.size(), selection.runs.size()));
}

std::vector<std::string> all_invariants() {
  std::vector<std::string> names;
  for (const oracle::Invariant* row : words::Table<oracle::Invariant>::all()) {
    names.emplace_back(row->name);
  }
  return names;
}

// Of an interrupted suite what was played stands; its digests would compare with none.
int write_reports(const RunOptions& options, const explore::SuiteReport& suite, bool interrupted) {
  int code = interrupted ? kInterrupted : explore::exit_code(suite);
  const auto write = [&](const std::string& path, const std::string& text) {
    if (path.empty()) return;
    if (auto written = write_whole(path, text); !written) {
      complain("tillrig run: " + written.error().what + "\n");
      code = code == kHeld ? kBroke : code;
    }
  };
  write(options.junit, report::junit(suite));
  if (!interrupted) write(options.digests, report::digests(suite));
  return code;
}

bool end_json(LineFile& json, const std::string& last) {
  json.write(last);
  const auto closed = json.close();
  if (closed) return true;
  complain("tillrig run: " + closed.error().what + "\n");
  return false;
}

// How whoever reads a failure calls the rig from where they are: as they did.
std::string command_name() {
  const char* const called = std::getenv("TILLRIG_CALLED");
  if (called != nullptr && *called != '\0') return called;
  std::error_code error;
  const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe", error);
  if (error) return "./tillrig";
  const std::filesystem::path near =
      program.lexically_relative(std::filesystem::current_path(error));
  const bool below = !error && !near.empty() && *near.begin() != "..";
  return below ? "./" + near.string() : program.string();
}

// What the second playings had that the first had not.
std::string elsewhere_text(const explore::SuiteReport& suite) {
  const std::string locale =
      suite.missing_locale.empty()
          ? fmt::format("in the locale {}", explore::kOtherLocale)
          : fmt::format(
                "in no other locale: {} is not on this machine; install the Debian package "
                "locales and build again",
                suite.missing_locale);
  return fmt::format("second playings: in other processes, in the time zone {}, {}\n",
                     explore::kOtherZone, locale);
}

// A note: a few scenarios need not give every invariant something to judge.
std::string unjudged_text(const std::vector<explore::Failing>& unjudged) {
  if (unjudged.empty()) return "";
  std::vector<std::string> names;
  for (const explore::Failing& failing : unjudged) names.push_back(failing.invariant);
  return fmt::format("note: nothing here was for {} to judge\n", fmt::join(names, ", "));
}

// The word of a mutated run: which invariants told the bug.
std::string kill_text(const explore::SuiteReport& suite) {
  std::vector<std::string> killers;
  for (const explore::ScenarioReport& scenario : suite.scenarios) {
    for (const explore::RunReport& run : scenario.runs) {
      for (const explore::Failing& failing : run.result.failures) {
        const std::string& by = failing.invariant.empty() ? failing.kind : failing.invariant;
        if (std::find(killers.begin(), killers.end(), by) == killers.end()) killers.push_back(by);
      }
    }
  }
  const std::string names = fmt::format("{}", fmt::join(suite.mutants, ", "));
  if (killers.empty()) return fmt::format("mutant {} survived: nothing failed\n", names);
  return fmt::format("mutant {} killed by {}\n", names, fmt::join(killers, ", "));
}

}  // namespace

int run(const RunOptions& options) {
  if (auto mutants = read_mutants(options.mutants); !mutants) return refuse(mutants.error());
  explore::Choice choice = options;
  if (options.last_failed) choice.failed = last_failed();
  if (choice.failed && choice.failed->empty()) {
    complain("tillrig run: nothing failed when it was last played\n");
    return kNothing;
  }
  auto selection = explore::select(choice);
  if (!selection) return refuse(selection.error());
  if (!selection->problems.empty()) {
    for (const std::string& problem : selection->problems) complain(problem + "\n");
    complain("nothing was played: mend the files above first\n");
    return kBadInput;
  }
  if (selection->own_seeds > 0) {
    complain(
        fmt::format("{} of the runs have seeds of their own, in a matrix: of those only the "
                    "ones that were asked for are played\n",
                    selection->own_seeds));
  }
  if (selection->runs.empty() && !selection->variants.empty()) {
    complain(fmt::format("tillrig run: no run is called \"{}\"; {}\n",
                         base::visible_name(options.only),
                         runs_there_are(*selection, options.only)));
    return kNothing;
  }
  if (selection->runs.empty()) {
    complain(
        fmt::format("tillrig run: none of {} scenarios is selected{}; \"tillrig list scenarios\" "
                    "shows names and "
                    "tags\n",
                    selection->files, options.bed == "live" ? " and suits the live bed" : ""));
    return kNothing;
  }
  if (selection->unsuited > 0) {
    complain(fmt::format("{} of {} scenarios do not suit the {} bed and are left out\n",
                         selection->unsuited, selection->files, options.bed));
  }
  if (options.list) {
    list_runs(*selection);
    return kHeld;
  }
  if (auto ok = check_outputs(options); !ok) return refuse(ok.error());

  LineFile json;
  if (!options.json.empty()) {
    if (auto opened = json.open(options.json); !opened) return refuse(opened.error());
  }
  const report::Paint paint{wants_colour()};
  explore::SuitePlayer::Settings settings;
  settings.jobs = options.jobs;
  settings.once = options.once;
  settings.fail_fast = options.fail_fast;
  settings.bed = options.bed;
  settings.mutants = options.mutants;
  settings.timelines = options.trace;
  ConsoleAudience audience(options.verbose, paint, json);
  explore::SuitePlayer player(std::move(settings), *std::move(selection), audience);
  explore::SuiteReport& suite = player.report();
  suite.command = command_name();
  auto played = player.play();
  audience.end();
  if (options.mutants.empty()) remember_failed(suite);
  if (!played && played.error().code == base::Code::cancelled) {
    static_cast<void>(write_reports(options, suite, true));
    static_cast<void>(end_json(json, report::json_suite(suite, kInterrupted, true)));
    say(report::interrupted_text(suite));
    return kInterrupted;
  }
  if (!played && played.error().code == base::Code::not_allowed) {
    complain("tillrig run: " + played.error().what + "\n");
    return kBlocked;
  }
  if (!played) complain("tillrig run: the rig itself broke: " + played.error().what + "\n");
  // A process that ended badly after its work takes no result with it; else nothing is complete.
  if (!played && played.error().code != base::Code::internal) return kBroke;
  const std::vector<explore::Failing> unjudged = explore::unjudged(suite, all_invariants());
  if (options.whole_suite) suite.suite_failures = unjudged;
  int code = write_reports(options, suite, false);
  if (!played && code == kHeld) code = kBroke;
  say(report::suite_failure_text(suite, paint));
  say("\n" + report::scenario_table(suite, paint) + "\n");
  if (options.verbose && suite.playings == 2) say(elsewhere_text(suite));
  if (options.verbose && !options.whole_suite) say(unjudged_text(unjudged));
  if (!suite.mutants.empty()) say(kill_text(suite));
  if (options.seeds) say(report::playings_text(suite));
  say(report::summary(suite, paint));
  if (!end_json(json, report::json_suite(suite, code, false)) && code == kHeld) code = kBroke;
  return code;
}

}  // namespace tillrig::app
