#include "sim/scenario/read/words_text.hpp"

#include "pos/base/mutant.hpp"
#include "pos/base/nearest.hpp"
#include "sim/oracle/invariant.hpp"
#include "sim/scenario/read/kind.hpp"
#include "sim/scenario/read/step.hpp"
#include "sim/words/mark.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace tillrig::scenario {
namespace {

using words::Param;
using words::Table;
using words::Word;

template <class T>
std::vector<const Word*> rows_of() {
  std::vector<const Word*> rows;
  for (const T* row : Table<T>::all()) rows.push_back(row);
  return rows;
}

struct List {
  std::string_view name;
  std::string_view one;
  std::vector<const Word*> (*rows)();
};

constexpr List kLists[] = {
    {"steps", "step", rows_of<Step>},
    {"faults", "fault", rows_of<words::Fault>},
    {"expectations", "expectation", rows_of<Expectation>},
    {"marks", "mark", rows_of<words::Mark>},
    {"invariants", "invariant", rows_of<oracle::Invariant>},
};

std::string lines(const std::vector<std::pair<std::string_view, std::string_view>>& rows) {
  std::size_t width = 0;
  for (const auto& [word, doc] : rows) width = std::max(width, word.size());
  std::string text;
  for (const auto& [word, doc] : rows) text += fmt::format("{:<{}}  {}\n", word, width, doc);
  return text;
}

std::string told_rules(const std::vector<KeyRule>& rules) {
  std::string text;
  for (const KeyRule& rule : rules) {
    const std::string with =
        rule.values.empty() ? std::string(rule.key)
                            : fmt::format("{} = {}", rule.key, fmt::join(split(rule.values), ", "));
    const auto needs = split(rule.needs);
    const auto without = split(rule.without);
    if (!needs.empty()) {
      text += fmt::format("  {} needs one of: {}\n", with, fmt::join(needs, ", "));
    }
    if (!without.empty()) {
      text += fmt::format("  {} does not go with: {}\n", with, fmt::join(without, ", "));
    }
  }
  return text;
}

std::string all_about(std::string_view kind, const Word& row) {
  std::string text = fmt::format("{} ({})\n  {}\n", row.name, kind, row.doc);
  for (const Param& param : row.params) {
    text += fmt::format("  {:<12} {}{}: {}\n", param.name, kind_of(param).told,
                        param.required ? ", required" : "", param.doc);
    if (!param.one_of.empty()) text += fmt::format("  {:<12} one of: {}\n", "", param.one_of);
  }
  const auto* expectation = Table<Expectation>::find(row.name);
  if (expectation == &row) text += told_rules(expectation->rules);
  const auto* step = Table<Step>::find(row.name);
  if (step == &row) text += told_rules(step->rules);
  if (const auto* fault = Table<words::Fault>::find(row.name)) {
    text += fmt::format("  healing: {}\n", fault->heals.empty() ? "nothing to heal" : fault->heals);
  }
  if (!row.example.empty()) text += fmt::format("  example: {}\n", row.example);
  return text;
}

}  // namespace

std::vector<std::string_view> lists() {
  std::vector<std::string_view> names;
  for (const List& list : kLists) names.push_back(list.name);
  names.emplace_back("mutants");
  return names;
}

base::Result<std::string> list_words(std::string_view what) {
  std::vector<std::pair<std::string_view, std::string_view>> rows;
  if (what == "mutants") {
    for (const auto* row : base::all_mutants()) rows.emplace_back(row->name, row->effect);
    return lines(rows);
  }
  for (const List& list : kLists) {
    if (list.name != what) continue;
    for (const Word* row : list.rows()) rows.emplace_back(row->name, row->doc);
    return lines(rows);
  }
  const auto names = lists();
  const auto nearest = base::nearest(what, names);
  if (nearest.empty()) {
    return base::fail(base::Code::not_found, "there is no list \"{}\"; there are: {}", what,
                      fmt::join(names, ", "));
  }
  return base::fail(base::Code::not_found, "there is no list \"{}\"; did you mean \"{}\"?", what,
                    nearest);
}

base::Result<std::string> explain_word(std::string_view name) {
  std::string text;
  std::vector<std::string_view> known;
  for (const List& list : kLists) {
    for (const Word* row : list.rows()) {
      known.push_back(row->name);
      if (row->name == name) text += all_about(list.one, *row);
    }
  }
  for (const auto* row : base::all_mutants()) {
    known.push_back(row->name);
    if (row->name != name) continue;
    text += fmt::format("{} (mutant)\n  {}\n  breaks: {}\n  seen in: {}\n", row->name, row->effect,
                        row->invariant, row->evidence);
  }
  if (!text.empty()) return text;
  const auto nearest = base::nearest(name, known);
  if (nearest.empty()) {
    return base::fail(base::Code::not_found,
                      "there is no word \"{}\"; tillrig list shows all there are", name);
  }
  return base::fail(base::Code::not_found, "there is no word \"{}\"; did you mean \"{}\"?", name,
                    nearest);
}

Checked check_files(const std::vector<std::string>& files) {
  Checked checked;
  for (const std::string& file : files) {
    const Scenario scenario = load(file);
    for (const Problem& problem : scenario.problems) {
      checked.good = false;
      checked.text += sentence(problem) + "\n";
    }
    if (!scenario.problems.empty()) continue;
    const bool sweeps = std::any_of(scenario.plans.begin(), scenario.plans.end(),
                                    [](const Plan& plan) { return !plan.sweep.empty(); });
    checked.text += fmt::format("{}: good, {} run{}{}\n", file, scenario.plans.size(),
                                scenario.plans.size() == 1 ? "" : "s",
                                sweeps ? ", and one more for each port call that they meet" : "");
  }
  return checked;
}

}  // namespace tillrig::scenario
