#include "sim/scenario/read/document.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace tillrig::scenario {
namespace {

constexpr std::size_t kMostRuns = 2'000;  // a plan of each is kept

std::string shown(const Node& value) {
  if (value.type == Node::Type::text) return value.text;
  if (value.type == Node::Type::flag) return value.number != 0 ? "true" : "false";
  return fmt::format("{}", value.number);
}

bool is_plain(const Node& node) {
  return node.type == Node::Type::text || node.type == Node::Type::integer ||
         node.type == Node::Type::flag;
}

void bind(Variant& variant, const std::string& key, const Node& value) {
  variant.bindings[key] = value;
  variant.label += fmt::format("{}{}={}", variant.label.empty() ? "" : ", ", key, shown(value));
}

std::vector<Variant> read_cases(const Node& root, Problems& problems) {
  std::vector<Variant> cases;
  const Entry* list = root.find("case");
  if (list == nullptr) return {Variant()};
  if (list->value.type != Node::Type::list || list->value.list.empty()) {
    problems.add(list->where, "case is not a list of cases", "[[case]] with an id");
    return {Variant()};
  }
  std::set<std::string> ids;
  for (const Node& each : list->value.list) {
    Variant variant;
    const Entry* id = each.find("id");
    if (id == nullptr || id->value.type != Node::Type::text) {
      problems.add(each.where, "a case has no id", "id = \"a few words\"");
      continue;
    }
    if (!ids.insert(id->value.text).second) {
      problems.add(id->value.where, fmt::format("two cases have the id \"{}\"", id->value.text));
    }
    variant.label = id->value.text;
    for (const Entry& entry : each.table) variant.bindings[entry.key] = entry.value;
    cases.push_back(std::move(variant));
  }
  return cases;
}

// The values of one axis, none if they are wrong: a list, { from, count }, or a sweep over port
// calls.
std::vector<Node> read_axis(const Entry& axis, std::string& sweep, Problems& problems) {
  constexpr std::string_view kSweep = "port-calls:complete";
  const Node& value = axis.value;
  if (value.type == Node::Type::text && value.text == kSweep) {
    if (!sweep.empty()) problems.add(axis.where, "a matrix can sweep over one axis only");
    sweep = axis.key;
    Node none;
    none.type = Node::Type::integer;
    none.where = value.where;
    return {none};
  }
  if (value.type == Node::Type::table) {
    const Entry* from = value.find("from");
    const Entry* count = value.find("count");
    const bool good = value.table.size() == 2 && from != nullptr && count != nullptr &&
                      from->value.type == Node::Type::integer && from->value.number >= 0 &&
                      count->value.type == Node::Type::integer && count->value.number > 0 &&
                      count->value.number <= static_cast<std::int64_t>(kMostRuns);
    if (good) {
      std::vector<Node> values;
      for (std::int64_t i = 0; i < count->value.number; ++i) {
        Node each = from->value;
        each.number += i;
        values.push_back(each);
      }
      return values;
    }
  }
  bool good = value.type == Node::Type::list && !value.list.empty();
  for (const Node& each : value.list) good = good && is_plain(each);
  if (!good) {
    problems.add(value.where, fmt::format("the axis {} has no values", axis.key),
                 fmt::format("a list such as [\"none\", \"torn\"], {{ from = 1, count = 25 }} or "
                             "\"{}\"",
                             kSweep));
    return {};
  }
  std::set<std::string> seen;
  for (const Node& each : value.list) {
    if (seen.insert(shown(each)).second) continue;
    problems.add(each.where, fmt::format("the axis {} has {} twice", axis.key, shown(each)));
  }
  return value.list;
}

// Every "{name}" that stands in the file, cases and matrix excepted.
void find_placeholders(const Node& node, std::set<std::string>& found) {
  if (node.type == Node::Type::text && node.text.size() > 2 && node.text.front() == '{' &&
      node.text.back() == '}') {
    found.insert(node.text.substr(1, node.text.size() - 2));
  }
  for (const Node& each : node.list) find_placeholders(each, found);
  for (const Entry& each : node.table) {
    if (each.key != "case" && each.key != "matrix") find_placeholders(each.value, found);
  }
}

}  // namespace

void check_bindings_are_used(const Node& root, Problems& problems) {
  std::set<std::string> used{"id", "seed"};  // the name of the case, and the run's own seed
  find_placeholders(root, used);
  const auto check = [&](const Node& table, std::string_view what) {
    for (const Entry& each : table.table) {
      if (used.contains(each.key)) continue;
      problems.add(each.where, fmt::format("no line uses {} {}", what, each.key),
                   fmt::format("\"{{{}}}\" as a value somewhere in the file", each.key));
    }
  };
  if (const Entry* matrix = root.find("matrix")) check(matrix->value, "the axis");
  const Entry* cases = root.find("case");
  if (cases == nullptr) return;
  for (const Node& each : cases->value.list) check(each, "the case's key");
}

std::vector<Variant> read_variants(const Node& root, Problems& problems) {
  std::vector<Variant> runs = read_cases(root, problems);
  const Entry* matrix = root.find("matrix");
  if (matrix == nullptr) return runs;
  if (matrix->value.type != Node::Type::table) {
    problems.add(matrix->where, "matrix is no table", "[matrix] with one list a line");
    return runs;
  }
  if (matrix->value.table.empty()) {
    problems.add(matrix->where, "the matrix has no axis", "a line such as seed = [1, 2, 3]");
  }
  for (const Entry& axis : matrix->value.table) {
    std::string sweep = runs.empty() ? "" : runs.front().sweep;
    const bool swept = !sweep.empty();
    const bool taken = std::any_of(runs.begin(), runs.end(), [&](const Variant& run) {
      return run.bindings.contains(axis.key);
    });
    if (taken) problems.add(axis.where, fmt::format("{} is a key of the cases too", axis.key));
    const std::vector<Node> values = read_axis(axis, sweep, problems);
    if (values.empty()) return {};
    if (runs.size() * values.size() > kMostRuns) {
      problems.add(axis.where, fmt::format("the matrix makes more than {} runs", kMostRuns));
      return runs;
    }
    std::vector<Variant> product;
    for (const Variant& run : runs) {
      for (const Node& value : values) {
        Variant next = run;
        next.sweep = sweep;
        if (!swept && sweep == axis.key) {
          next.bindings[axis.key] = value;
        } else {
          bind(next, axis.key, value);
        }
        product.push_back(std::move(next));
      }
    }
    runs = std::move(product);
  }
  return runs;
}

}  // namespace tillrig::scenario
