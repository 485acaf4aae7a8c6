#include "sim/app/commands.hpp"
#include "sim/app/exit_codes.hpp"
#include "sim/app/mutant_names.hpp"
#include "sim/app/progress.hpp"
#include "sim/app/say.hpp"
#include "sim/explore/mutant_score.hpp"
#include "sim/report/text.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <set>
#include <thread>

namespace tillrig::app {
namespace {

using explore::Trial;

std::string verdict(const Trial& trial) {
  if (!trial.broke.empty()) return "the rig broke: " + trial.broke;
  if (trial.killed) return fmt::format("killed by {}", trial.mutant->invariant);
  if (trial.others.empty()) return "SURVIVED: nothing failed";
  return fmt::format("SURVIVED: failed, but not by {}", trial.mutant->invariant);
}

// Which invariants nothing can do without: what each kills and no other sees in that scenario.
std::string alone_text(const std::vector<Trial>& trials) {
  std::map<std::string_view, std::set<std::string_view>> alone;
  for (const Trial& trial : trials) {
    std::set<std::string_view>& names = alone[trial.mutant->invariant];
    if (trial.killed && trial.others.empty()) names.insert(trial.mutant->name);
  }
  std::vector<std::vector<std::string>> rows;
  for (const auto& [invariant, names] : alone) {
    rows.push_back({std::string(invariant), names.empty()
                                                ? "(none: others see its mutants too)"
                                                : fmt::format("{}", fmt::join(names, ", "))});
  }
  return "\n" + report::table({{"invariant", false}, {"kills alone", false}}, rows);
}

int print(const std::vector<Trial>& trials, const std::vector<const base::Mutant*>& mutants) {
  std::vector<std::vector<std::string>> rows;
  std::map<std::string_view, bool> killed;
  bool all_held = true;
  bool broke = false;
  for (const Trial& trial : trials) {
    std::string also;
    for (const std::string& other : trial.others) also += (also.empty() ? "" : " ") + other;
    rows.push_back({std::string(trial.mutant->name), trial.scenario,
                    std::string(trial.mutant->invariant), verdict(trial), also});
    killed[trial.mutant->name] = killed[trial.mutant->name] || trial.killed;
    all_held = all_held && trial.killed;
    broke = broke || !trial.broke.empty();
  }
  std::size_t dead = 0;
  for (const base::Mutant* mutant : mutants) {
    if (killed[mutant->name]) ++dead;
    if (killed.contains(mutant->name) &&
        std::any_of(trials.begin(), trials.end(),
                    [&](const Trial& t) { return t.mutant == mutant; })) {
      continue;
    }
    rows.push_back({std::string(mutant->name), "(none)", std::string(mutant->invariant),
                    "SURVIVED: no scenario kills it", ""});
    all_held = false;
  }
  say(report::table({{"mutant", false},
                     {"scenario", false},
                     {"invariant", false},
                     {"verdict", false},
                     {"failed too", false}},
                    rows));
  say(fmt::format("\n{} of {} mutants killed by the invariant they break\n", dead, mutants.size()));
  say(alone_text(trials));
  if (broke) return kBroke;
  return all_held ? kHeld : kFailed;
}

}  // namespace

int score_mutants(const MutantsOptions& options) {
  const auto refuse = [](const std::string& what) {
    complain("tillrig mutants: " + what + "\n");
    return kBadInput;
  };
  if (auto known = read_mutants(options.names); !known) return refuse(known.error().what);
  std::vector<const base::Mutant*> mutants = base::all_mutants();
  std::erase_if(mutants, [&](const base::Mutant* mutant) {
    return !options.names.empty() && std::find(options.names.begin(), options.names.end(),
                                               mutant->name) == options.names.end();
  });
  explore::Choice all;
  all.paths = options.paths;
  const auto selection = explore::select(all);
  if (!selection) return refuse(selection.error().what);
  if (!selection->problems.empty()) {
    for (const std::string& problem : selection->problems) complain(problem + "\n");
    return kBadInput;
  }
  // Of a few files only what they say they kill can be asked.
  if (!options.paths.empty() && options.names.empty()) {
    std::erase_if(mutants, [&](const base::Mutant* mutant) {
      return std::none_of(
          selection->scenarios.begin(), selection->scenarios.end(), [&](const auto& scenario) {
            const auto& kills = scenario.kills;
            return std::find(kills.begin(), kills.end(), mutant->name) != kills.end();
          });
    });
    if (mutants.empty()) return refuse("none of these files names a mutant; expected kills = [..]");
  }
  explore::Score score(*selection, mutants);
  const unsigned jobs =
      options.jobs != 0 ? options.jobs : std::max(1U, std::thread::hardware_concurrency());
  Progress progress;
  auto played = score.play(
      jobs, [&](std::size_t done, std::size_t total) { progress.at(done, 0, total, "mutants"); });
  progress.clear();
  if (!played) {
    if (played.error().code == base::Code::cancelled) {
      say("interrupted: no score\n");
      return kInterrupted;
    }
    complain("tillrig mutants: the rig itself broke: " + played.error().what + "\n");
    return kBroke;
  }
  return print(score.trials(), mutants);
}

}  // namespace tillrig::app
