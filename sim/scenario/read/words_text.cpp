#include "sim/scenario/read/words_text.hpp"

#include "pos/base/mutant.hpp"
#include "pos/base/nearest.hpp"
#include "sim/oracle/invariant.hpp"
#include "sim/scenario/read/frame.hpp"
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

std::string told_keys(const std::vector<Param>& params) {
  std::string text;
  for (const Param& param : params) {
    text += fmt::format("  {:<12} {} ({})\n", param.name, param.doc, told_kind(param));
    if (!param.one_of.empty()) text += fmt::format("  {:<12} one of: {}\n", "", param.one_of);
  }
  return text;
}

std::string told_example(std::string_view example) {
  if (example.empty()) return {};
  if (example.find('\n') == std::string_view::npos) {
    return fmt::format("  example: {}\n", example);
  }
  std::string text = "  example:\n";
  while (!example.empty()) {
    const std::size_t end = std::min(example.find('\n'), example.size());
    text += fmt::format("    {}\n", example.substr(0, end));
    example.remove_prefix(std::min(end + 1, example.size()));
  }
  return text;
}

std::string all_about(std::string_view kind, const Word& row) {
  std::string text = fmt::format("{} ({})\n  {}\n", row.name, kind, row.doc);
  text += told_keys(row.params);
  const auto* expectation = Table<Expectation>::find(row.name);
  const auto* step = Table<Step>::find(row.name);
  std::vector<std::string> rules;
  if (expectation == &row) rules = told_rules(expectation->rules);
  if (step == &row) rules = told_rules(step->rules);
  for (const std::string& rule : rules) text += fmt::format("  {}\n", rule);
  const auto* fault = Table<words::Fault>::find(row.name);
  if (fault == &row) {
    text += fmt::format("  healing: {}\n", fault->heals.empty() ? "nothing to heal" : fault->heals);
  }
  return text + told_example(row.example);
}

std::string all_about(const Frame& row) {
  std::string text = fmt::format("{} ({})\n  {}\n", row.name, row.form, row.doc);
  text += told_keys(row.params);
  if (!row.others.name.empty()) text += told_keys({row.others});
  return text + told_example(row.example);
}

// A key that is no word of its own, wherever it stands.
void tell_key(std::string_view name, std::string_view where, const Word& row, std::string& text) {
  for (const Param& param : row.params) {
    if (param.name != name) continue;
    text += fmt::format("{} (key of {})\n{}{}", name, where, told_keys({param}),
                        told_example(row.example));
  }
}

std::string about_key(std::string_view name, std::vector<std::string_view>& known) {
  std::string text;
  for (const Frame* row : frames()) {
    for (const Param& param : row->params) known.push_back(param.name);
    tell_key(name, row->form, *row, text);
  }
  for (const List& list : kLists) {
    for (const Word* row : list.rows()) {
      tell_key(name, fmt::format("the {} {}", list.one, row->name), *row, text);
    }
  }
  return text;
}

}  // namespace

std::vector<std::string_view> lists() {
  std::vector<std::string_view> names;
  for (const List& list : kLists) names.push_back(list.name);
  names.emplace_back("mutants");
  names.emplace_back("tables");
  return names;
}

std::vector<std::string> told_rules(const std::vector<KeyRule>& rules) {
  std::vector<std::string> sentences;
  for (const KeyRule& rule : rules) {
    const std::string with =
        rule.values.empty() ? std::string(rule.key)
                            : fmt::format("{} = {}", rule.key, fmt::join(split(rule.values), ", "));
    const auto needs = split(rule.needs);
    const auto without = split(rule.without);
    if (!needs.empty()) {
      sentences.push_back(fmt::format("{} needs one of: {}", with, fmt::join(needs, ", ")));
    }
    if (!without.empty()) {
      sentences.push_back(fmt::format("{} does not go with: {}", with, fmt::join(without, ", ")));
    }
  }
  return sentences;
}

base::Result<std::string> list_words(std::string_view what) {
  std::vector<std::pair<std::string_view, std::string_view>> rows;
  if (what == "mutants") {
    for (const auto* row : base::all_mutants()) rows.emplace_back(row->name, row->effect);
    return lines(rows);
  }
  if (what == "tables") {
    for (const Frame* row : frames()) rows.emplace_back(row->name, row->doc);
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
  for (const Frame* row : frames()) {
    known.push_back(row->name);
    if (row->name == name) text += all_about(*row);
  }
  if (text.empty()) text = about_key(name, known);
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
    for (const Problem& warning : scenario.warnings) {
      checked.text += "warning: " + sentence(warning) + "\n";
    }
    const bool sweeps = std::any_of(scenario.plans.begin(), scenario.plans.end(),
                                    [](const Plan& plan) { return !plan.sweep.empty(); });
    checked.text += fmt::format("{}: good, {} run{}{}\n", file, scenario.plans.size(),
                                scenario.plans.size() == 1 ? "" : "s",
                                sweeps ? ", and one more for each port call that they meet" : "");
  }
  return checked;
}

}  // namespace tillrig::scenario
