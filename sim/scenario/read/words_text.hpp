#pragma once

#include "pos/base/result.hpp"
#include "sim/scenario/read/plan.hpp"
#include "sim/scenario/read/step.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace tillrig::scenario {

// The vocabulary as text for people and editors, printed from its tables.

// What `list_words` knows: "steps", "faults", "expectations", "marks", "invariants", "mutants",
// "tables".
std::vector<std::string_view> lists();
// One line a row. Errors: not_found, with the nearest list.
base::Result<std::string> list_words(std::string_view what);

// All about one word of any table: what it does, what it takes, an example. Errors: not_found, with
// the nearest word.
base::Result<std::string> explain_word(std::string_view name);

// All words and tables of a scenario file as a page in Markdown: the second half of
// scenarios/README.md, whose first line is kReferenceBegins.
std::string reference();
constexpr std::string_view kReferenceBegins =
    "<!-- Written by `tillrig explain --reference`; do not change it by hand. -->";
// What a row's keys need and do not go with, a sentence each.
std::vector<std::string> told_rules(const std::vector<KeyRule>& rules);

// A scenario in plain English, phase by phase.
std::string explain_plan(const Plan& plan);

// Checks files without playing them: a line a file or problem.
struct Checked {
  std::string text;
  bool good = true;
};
Checked check_files(const std::vector<std::string>& files);

// The JSON schema (draft 7) of a scenario file, for editors.
std::string schema();

}  // namespace tillrig::scenario
