#include "sim/explore/selection.hpp"

#include "pos/base/nearest.hpp"
#include "sim/explore/keyword.hpp"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <set>

namespace tillrig::explore {
namespace {

namespace fs = std::filesystem;
using base::Code;
using base::fail;
using base::Result;

constexpr std::size_t kMostRuns = 100'000;  // of one call

bool is_scenario(const fs::path& path) {
  return path.extension() == ".toml";
}

base::Failure missing(const std::string& path) {
  std::vector<std::string> beside;
  std::error_code error;
  const fs::path wanted(path);
  const fs::path folder = wanted.has_parent_path() ? wanted.parent_path() : fs::path(".");
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    beside.push_back(entry.path().filename().string());
  }
  std::sort(beside.begin(), beside.end());
  const std::vector<std::string_view> names(beside.begin(), beside.end());
  const std::string_view meant = base::nearest(wanted.filename().string(), names);
  return fail(Code::not_found,
              "{}: no such file or folder; expected scenario files or folders of "
              "them{}",
              path,
              meant.empty()
                  ? ""
                  : fmt::format("; did you mean {}?", wanted.has_parent_path()
                                                          ? (folder / std::string(meant)).string()
                                                          : std::string(meant)));
}

Result<std::vector<std::string>> in_folder(const std::string& path) {
  std::vector<std::string> files;
  std::error_code error;
  for (fs::recursive_directory_iterator at(path, error), end; !error && at != end;
       at.increment(error)) {
    // What scenarios share is none itself.
    if (at->is_directory() && at->path().filename() == "shared") at.disable_recursion_pending();
    if (at->is_regular_file() && is_scenario(at->path())) files.push_back(at->path().string());
  }
  if (error) return fail(Code::io, "{}: the folder cannot be read: {}", path, error.message());
  if (files.empty()) {
    return fail(Code::bad_input,
                "{}: no scenarios in this folder; expected files that end in .toml", path);
  }
  std::sort(files.begin(), files.end());
  return files;
}

// "!slow" and "not slow" leave out; the tag itself, and whether it does.
std::pair<std::string_view, bool> read_tag(std::string_view word) {
  constexpr std::string_view kNot = "not ";
  if (word.starts_with('!')) return {word.substr(1), true};
  if (word.starts_with(kNot)) return {word.substr(kNot.size()), true};
  return {word, false};
}

bool chosen_by_tags(const scenario::Plan& plan, const std::vector<std::string>& tags) {
  bool wanted = false;
  bool any_wanted = false;
  for (const std::string& word : tags) {
    const auto [tag, out] = read_tag(word);
    const bool has = std::find(plan.tags.begin(), plan.tags.end(), tag) != plan.tags.end();
    if (out && has) return false;
    any_wanted = any_wanted || !out;
    wanted = wanted || (!out && has);
  }
  return wanted || !any_wanted;
}

Result<void> check_tags(const Choice& choice, const std::set<std::string, std::less<>>& known) {
  for (const std::string& word : choice.tags) {
    const std::string_view tag = read_tag(word).first;
    if (known.contains(tag)) continue;
    const std::vector<std::string_view> names(known.begin(), known.end());
    const std::string_view meant = base::nearest(tag, names);
    return fail(Code::bad_input,
                "none of these scenarios has the tag \"{}\"{}; \"tillrig list tags\" "
                "shows them all",
                tag, meant.empty() ? "" : fmt::format("; did you mean \"{}\"?", meant));
  }
  return {};
}

bool chosen(const scenario::Plan& plan, const std::string& name, const Choice& choice,
            const Keyword& keyword) {
  return chosen_by_tags(plan, choice.tags) && keyword.met_by({name, plan.file, plan.title});
}

// Seeds asked for take the place of the scenario's own; of a file whose matrix has seeds they pick.
std::vector<std::uint64_t> seeds_of(const scenario::Plan& plan, const Choice& choice) {
  const std::uint64_t own = plan.setup.seed;
  if (!choice.seed && !choice.seeds) return {own};
  const std::uint64_t first = choice.seed ? *choice.seed : choice.seeds->first;
  const std::uint64_t last = choice.seed ? *choice.seed : choice.seeds->second;
  if ((", " + plan.variant).find(", seed=") != std::string::npos) {
    return own >= first && own <= last ? std::vector{own} : std::vector<std::uint64_t>();
  }
  std::vector<std::uint64_t> seeds;
  for (std::uint64_t seed = first; seeds.size() < kMostRuns; ++seed) {
    seeds.push_back(seed);
    if (seed == last) break;
  }
  return seeds;
}

std::string sweep_variant(const std::string& variant, const std::string& axis, std::uint64_t n) {
  return fmt::format("{}{}{}={}", variant, variant.empty() ? "" : ", ", axis, n);
}

// Which boundary of a sweep a variant names: "call=17" names the 17th; 0 for none.
std::uint64_t call_of(const std::string& only, const Run& probe) {
  const std::size_t at = only.rfind('=');
  if (probe.sweep.empty() || at == std::string::npos) return 0;
  std::uint64_t n = 0;
  const char* const end = only.data() + only.size();
  const auto [rest, error] = std::from_chars(only.data() + at + 1, end, n);
  if (error != std::errc() || rest != end) return 0;
  return sweep_variant(probe.name.variant, probe.sweep, n) == only ? n : 0;
}

bool is_same_file(const std::string& a, const std::string& b) {
  std::error_code error;
  return a == b || fs::equivalent(a, b, error);
}

Run run_of(const scenario::Plan& plan, std::size_t index, std::uint64_t seed, const Choice& choice,
           std::size_t at, const Selection& into) {
  Run run;
  run.scenario = at;
  run.name = {plan.file, into.scenarios[at].report.name, plan.variant, seed};
  run.request.file = plan.file;
  run.request.plan = index;
  run.request.seed = seed;
  run.request.mutants = choice.mutants;
  run.request.bed = choice.bed;
  run.sweep = plan.sweep;
  return run;
}

// Those of the runs that failed the last time.
void add_failed(const scenario::Plan& plan, std::size_t index, const Choice& choice, std::size_t at,
                Selection& into) {
  for (const RunName& failed : *choice.failed) {
    if (!is_same_file(failed.file, plan.file)) continue;
    Run run = run_of(plan, index, failed.seed, choice, at, into);
    if (failed.variant != plan.variant) {
      const std::uint64_t call = call_of(failed.variant, run);
      if (call == 0) continue;
      run = sweep_run(run, call);
    }
    into.runs.push_back(std::move(run));
  }
}

void add_runs(const scenario::Plan& plan, std::size_t index, const Choice& choice, std::size_t at,
              Selection& into) {
  if (choice.failed) return add_failed(plan, index, choice, at, into);
  const auto seeds = seeds_of(plan, choice);
  if (seeds.empty()) ++into.own_seeds;
  if (!choice.only.empty()) into.variants.push_back(plan.variant);
  for (const std::uint64_t seed : seeds) {
    Run run = run_of(plan, index, seed, choice, at, into);
    if (!choice.only.empty() && choice.only != plan.variant) {
      const std::uint64_t call = call_of(choice.only, run);
      if (call == 0) continue;
      run = sweep_run(run, call);
    }
    into.runs.push_back(std::move(run));
  }
}

void take(const scenario::Scenario& file, const Choice& choice, const Keyword& keyword,
          Selection& into) {
  const std::string name = scenario_name(file.file);
  const std::size_t at = into.scenarios.size();
  Selected selected;
  selected.report.name = name;
  selected.report.file = file.file;
  selected.report.folder = fs::path(file.file).parent_path().string();
  if (selected.report.folder.empty()) selected.report.folder = ".";
  const std::size_t before = into.runs.size();
  bool unsuited = false;
  into.scenarios.push_back(std::move(selected));
  for (std::size_t i = 0; i < file.plans.size(); ++i) {
    const scenario::Plan& plan = file.plans[i];
    if (!chosen(plan, name, choice, keyword)) continue;
    if (std::find(plan.beds.begin(), plan.beds.end(), choice.bed) == plan.beds.end()) {
      unsuited = true;
      continue;
    }
    into.scenarios.back().report.title = plan.title;
    into.scenarios.back().kills = plan.kills;
    add_runs(plan, i, choice, at, into);
  }
  if (into.runs.size() > before) return;
  into.scenarios.pop_back();
  if (unsuited) ++into.unsuited;
}

}  // namespace

Result<std::vector<std::string>> find_scenarios(const std::vector<std::string>& paths) {
  std::vector<std::string> files;
  std::set<std::string> seen;
  const std::vector<std::string> where =
      paths.empty() ? std::vector<std::string>{"scenarios"} : paths;
  for (std::string path : where) {
    while (path.size() > 1 && path.back() == '/') path.pop_back();
    std::error_code error;
    std::vector<std::string> found = {path};
    if (fs::is_directory(path, error)) {
      auto inside = in_folder(path);
      if (!inside) return inside;
      found = *std::move(inside);
    } else if (!fs::exists(path, error)) {
      return missing(path);
    }
    for (std::string& file : found) {
      if (seen.insert(fs::weakly_canonical(file, error).string()).second) {
        files.push_back(std::move(file));
      }
    }
  }
  return files;
}

std::string scenario_name(const std::string& file) {
  std::error_code error;
  const fs::path full = fs::weakly_canonical(file, error);
  return full.parent_path().filename().string() + "/" + full.stem().string();
}

Result<Selection> select(const Choice& choice) {
  const auto files = find_scenarios(choice.paths);
  if (!files) return base::Failure(files.error());
  const auto keyword = Keyword::read(choice.keyword);
  if (!keyword) return base::Failure(keyword.error());
  std::set<std::string, std::less<>> tags;
  Selection selection;
  selection.files = files->size();
  std::vector<scenario::Problem> problems;
  for (const std::string& path : *files) {
    const scenario::Scenario file = scenario::load(path);
    problems.insert(problems.end(), file.problems.begin(), file.problems.end());
    for (const scenario::Plan& plan : file.plans) tags.insert(plan.tags.begin(), plan.tags.end());
    if (file.problems.empty()) take(file, choice, *keyword, selection);
  }
  selection.problems = scenario::sentences(problems);
  if (selection.problems.empty()) {
    if (auto known = check_tags(choice, tags); !known) return base::Failure(known.error());
  }
  return selection;
}

Run sweep_run(const Run& probe, std::uint64_t n) {
  Run run = probe;
  run.sweep.clear();
  run.request.call = n;
  run.name.variant = sweep_variant(probe.name.variant, probe.sweep, n);
  return run;
}

}  // namespace tillrig::explore
