#include "sim/scenario/read/problem.hpp"

#include "pos/base/nearest.hpp"
#include "pos/base/visible.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>
#include <tuple>

namespace tillrig::scenario {

std::string sentence(const Problem& problem) {
  std::string text = base::visible_name(problem.file);
  if (problem.where.line > 0) {
    text += fmt::format(":{}:{}", problem.where.line, problem.where.column);
  }
  text += ": " + problem.found;
  if (!problem.expected.empty()) text += "; expected " + problem.expected;
  if (!problem.nearest.empty()) text += fmt::format("; did you mean \"{}\"?", problem.nearest);
  if (!problem.used_by.empty()) text += fmt::format(" (used by {})", problem.used_by);
  return base::visible(text);
}

std::vector<std::string> sentences(const std::vector<Problem>& problems) {
  std::set<std::string> told;
  std::vector<std::string> all;
  for (const Problem& problem : problems) {
    Problem alone = problem;
    alone.used_by.clear();
    const bool fresh = told.insert(sentence(alone)).second;
    if (fresh || problem.used_by.empty()) all.push_back(sentence(problem));
  }
  return all;
}

int Problems::another_file(std::string file, std::string used_by) {
  others_.emplace_back(std::move(file), std::move(used_by));
  return static_cast<int>(others_.size());
}

void Problems::add(Where where, std::string found, std::string expected, std::string nearest) {
  Problem problem{file_, where, std::move(found), std::move(expected), std::move(nearest), {}};
  const auto other = static_cast<std::size_t>(where.file);
  if (other > 0 && other <= others_.size()) {
    std::tie(problem.file, problem.used_by) = others_[other - 1];
  }
  take({std::move(problem)});
}

void Problems::unknown(Where where, std::string_view what, std::string_view word,
                       std::span<const std::string_view> valid) {
  constexpr std::size_t kFew = 12;  // as many words can be read at a glance
  std::string nearest(base::nearest(word, valid));
  std::string expected;
  if (valid.empty()) {
    expected = "none";
  } else if (nearest.empty() && valid.size() <= kFew) {
    expected = fmt::format("one of: {}", fmt::join(valid, ", "));
  }
  add(where, fmt::format("there is no {} \"{}\"", what, word), std::move(expected),
      std::move(nearest));
}

void Problems::take(std::vector<Problem> others) {
  for (Problem& problem : others) {
    if (std::find(all_.begin(), all_.end(), problem) != all_.end()) continue;
    const auto at =
        std::upper_bound(all_.begin(), all_.end(), problem, [](const Problem& a, const Problem& b) {
          return std::tie(a.file, a.where) < std::tie(b.file, b.where);
        });
    all_.insert(at, std::move(problem));
  }
}

}  // namespace tillrig::scenario
