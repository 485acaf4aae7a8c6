#include "sim/app/commands.hpp"
#include "sim/app/exit_codes.hpp"
#include "sim/app/say.hpp"
#include "sim/explore/selection.hpp"
#include "sim/report/text.hpp"
#include "sim/scenario/read/words_text.hpp"
#include "sim/words/requirements.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>

namespace tillrig::app {
namespace {

int refuse(std::string_view command, const std::string& what) {
  complain(fmt::format("tillrig {}: {}\n", command, what));
  return kBadInput;
}

// Everything in the files; problems are said, and nothing is given then.
base::Result<std::vector<scenario::Scenario>> read_all(const std::vector<std::string>& paths) {
  const auto files = explore::find_scenarios(paths);
  if (!files) return base::Failure(files.error());
  std::vector<scenario::Scenario> all;
  std::vector<scenario::Problem> found;
  for (const std::string& file : *files) {
    all.push_back(scenario::load(file));
    const auto& problems = all.back().problems;
    found.insert(found.end(), problems.begin(), problems.end());
  }
  std::string problems;
  for (const std::string& sentence : scenario::sentences(found)) problems += "\n" + sentence;
  if (!problems.empty()) {
    return base::fail(base::Code::bad_input, "some scenarios are not valid:{}", problems);
  }
  return all;
}

int list_scenarios(const std::vector<std::string>& paths, bool tags) {
  const auto all = read_all(paths);
  if (!all) return refuse("list", all.error().what);
  std::map<std::string, int> by_tag;
  std::vector<std::vector<std::string>> rows;
  for (const scenario::Scenario& file : *all) {
    const scenario::Plan& plan = file.plans.front();
    const bool sweep = std::any_of(file.plans.begin(), file.plans.end(),
                                   [](const scenario::Plan& each) { return !each.sweep.empty(); });
    for (const std::string& tag : plan.tags) ++by_tag[tag];
    rows.push_back({explore::scenario_name(file.file),
                    fmt::format("{}{}", file.plans.size(), sweep ? "+" : ""), plan.title,
                    fmt::format("{}", fmt::join(plan.tags, " "))});
  }
  if (tags) {
    for (const auto& [tag, count] : by_tag) {
      say(fmt::format("{:<20} {} scenario{}\n", tag, count, count == 1 ? "" : "s"));
    }
    return kHeld;
  }
  say(report::table({{"scenario", false}, {"runs", true}, {"title", false}, {"tags", false}},
                    rows));
  return kHeld;
}

}  // namespace

int list(const TextOptions& options) {
  if (options.what.empty() || options.what == "scenarios") {
    return list_scenarios(options.paths, false);
  }
  if (options.what == "tags") return list_scenarios(options.paths, true);
  const auto text = scenario::list_words(options.what);
  if (!text) return refuse("list", text.error().what);
  say(*text);
  return kHeld;
}

int check(const TextOptions& options) {
  const auto files = explore::find_scenarios(options.paths);
  if (!files) return refuse("check", files.error().what);
  const scenario::Checked checked = scenario::check_files(*files);
  say(checked.text);
  return checked.good ? kHeld : kBadInput;
}

int explain(const TextOptions& options) {
  if (options.reference) {
    say(scenario::reference());
    return kHeld;
  }
  if (options.what.empty()) {
    return refuse("explain", "a word or a file is missing; tillrig list shows all words");
  }
  std::error_code error;
  const bool file = options.what.ends_with(".toml") || std::filesystem::exists(options.what, error);
  if (!file) {
    const auto text = scenario::explain_word(options.what);
    if (!text) return refuse("explain", text.error().what);
    say(*text);
    return kHeld;
  }
  const auto all = read_all({options.what});
  if (!all) return refuse("explain", all.error().what);
  for (const scenario::Scenario& each : *all) {
    say(scenario::explain_plan(each.plans.front()));
    if (each.plans.size() < 2) continue;
    say("\nIt is played in these variants:\n");
    for (const scenario::Plan& plan : each.plans) say("  " + plan.variant + "\n");
  }
  return kHeld;
}

int schema() {
  say(scenario::schema());
  return kHeld;
}

// Which scenarios cover a requirement, each with the mutants that it kills.
using Covering = std::map<std::string, std::set<std::string>>;

// "outage/captive-portal, which kills clear_on_captive_portal; also a, b".
std::string proofs_text(const words::Requirement& requirement, const Covering& scenarios) {
  const std::string mutant(requirement.mutant);
  const auto proof = std::find_if(scenarios.begin(), scenarios.end(),
                                  [&](const auto& each) { return each.second.contains(mutant); });
  const auto first = proof == scenarios.end() ? scenarios.begin() : proof;
  std::vector<std::string_view> others;
  for (const auto& [name, mutants] : scenarios) {
    if (name != first->first) others.push_back(name);
  }
  std::string text = first->first;
  if (proof != scenarios.end()) {
    text += ", which kills " + mutant;
  } else if (!requirement.tests.empty()) {
    text += fmt::format(", and tests: {}", requirement.tests);
  } else {
    text += ", which kills no mutant of it";
  }
  if (!others.empty()) text += fmt::format("; also {}", fmt::join(others, ", "));
  return text;
}

int coverage(const TextOptions& options) {
  const auto all = read_all(options.paths);
  if (!all) return refuse("coverage", all.error().what);
  std::map<std::string, Covering> covered;
  for (const scenario::Scenario& file : *all) {
    for (const scenario::Plan& plan : file.plans) {
      for (const std::string& id : plan.covers) {
        covered[id][explore::scenario_name(file.file)].insert(plan.kills.begin(), plan.kills.end());
      }
    }
  }
  std::size_t bare = 0;
  for (const words::Requirement& requirement : words::requirements()) {
    const auto at = covered.find(std::string(requirement.id));
    if (at == covered.end() && !requirement.tests.empty()) {
      say(fmt::format("{:<7} by tests: {}\n", requirement.id, requirement.tests));
    } else if (at == covered.end()) {
      ++bare;
      say(fmt::format("{:<7} nothing covers it: {}\n", requirement.id, requirement.text));
    } else {
      say(fmt::format("{:<7} {}\n", requirement.id, proofs_text(requirement, at->second)));
    }
  }
  say(fmt::format("{} of {} requirements are covered\n", words::requirements().size() - bare,
                  words::requirements().size()));
  return kHeld;
}

}  // namespace tillrig::app
