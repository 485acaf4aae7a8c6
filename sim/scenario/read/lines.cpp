#include "sim/scenario/read/lines.hpp"

#include "pos/base/nearest.hpp"
#include "sim/scenario/read/frame.hpp"
#include "sim/scenario/read/kind.hpp"
#include "sim/scenario/read/step.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace tillrig::scenario {
namespace {

template <class T>
std::vector<std::string_view> names_of() {
  std::vector<std::string_view> names;
  for (const T* row : words::Table<T>::all()) names.push_back(row->name);
  return names;
}

// Reads the entries of one line into the arguments of a row; `also` are keys read elsewhere.
void read_params(const Node& line, const words::Word& row, std::vector<std::string_view> also,
                 const Surroundings& around, words::Args& args, Problems& problems) {
  std::vector<std::string_view> valid = std::move(also);
  const std::size_t own = valid.size();
  for (const words::Param& param : row.params) valid.push_back(param.name);
  for (const Entry& entry : line.table) {
    const auto param =
        std::find_if(row.params.begin(), row.params.end(),
                     [&](const words::Param& each) { return each.name == entry.key; });
    if (param != row.params.end()) {
      read_value(*param, entry.value, around, args, problems);
    } else if (std::find(valid.begin(), valid.begin() + static_cast<std::ptrdiff_t>(own),
                         entry.key) == valid.begin() + static_cast<std::ptrdiff_t>(own)) {
      problems.unknown(entry.where, fmt::format("key of {}", row.name), entry.key, valid);
    }
  }
  for (const words::Param& param : row.params) {
    if (param.required && line.find(param.name) == nullptr) {
      problems.add(line.where, fmt::format("{} lacks {}", row.name, param.name),
                   fmt::format("{} = ...: {}", param.name, param.doc));
    }
    const Entry* const entry = line.find(param.name);
    const auto agrees = kind_of(param).agrees;
    if (entry != nullptr && agrees != nullptr && args.has(param.name)) {
      agrees({param, entry->value, around, problems}, args);
    }
  }
}

// A line that could not fail, or of which a part would be ignored, is refused.
void check_rules(const Node& line, const std::vector<KeyRule>& rules, Problems& problems) {
  for (const KeyRule& rule : rules) {
    const Entry* at = line.find(rule.key);
    if (at == nullptr || (!rule.values.empty() && !is_one_of(at->value.text, rule.values)))
      continue;
    const std::string said = fmt::format("{} = {}", rule.key, as_found(at->value));
    const auto needs = split(rule.needs);
    const bool enough =
        needs.empty() || std::any_of(needs.begin(), needs.end(), [&](std::string_view key) {
          return line.find(key) != nullptr;
        });
    if (!enough) {
      problems.add(at->where, fmt::format("{} alone says nothing", said),
                   fmt::format("one of these keys with it: {}", fmt::join(needs, ", ")));
    }
    for (const std::string_view key : split(rule.without)) {
      const Entry* other = line.find(key);
      if (other == nullptr) continue;
      problems.add(other->where, fmt::format("{} does not go with {}", key, said),
                   "one of the two");
    }
  }
}

// An expectation speaks of one till: of all at once nothing could be seen.
void check_one_till(const Node& line, const words::Word& row, const Surroundings& around,
                    Problems& problems) {
  for (const words::Param& param : row.params) {
    const Entry* at = param.kind == words::Kind::till ? line.find(param.name) : nullptr;
    if (at == nullptr || at->value.text != "*") continue;
    problems.add(at->value.where, fmt::format("{} is \"*\"", param.name),
                 fmt::format("one till: {}", fmt::join(around.tills, ", ")));
  }
}

template <class T>
const T* row_for(const Node& value, std::string_view what, Problems& problems) {
  if (value.type != Node::Type::text) {
    problems.add(value.where, fmt::format("the {} is {}", what, name(value.type)),
                 fmt::format("the name of a {}", what));
    return nullptr;
  }
  const T* row = words::Table<T>::find(value.text);
  if (row == nullptr) problems.unknown(value.where, what, value.text, names_of<T>());
  return row;
}

std::vector<std::string_view> keys_of(const Frame& frame) {
  std::vector<std::string_view> keys;
  for (const words::Param& param : frame.params) keys.push_back(param.name);
  return keys;
}

std::optional<Action> read_step(const Node& line, const Step& step, std::string_view verb,
                                const Surroundings& around, Problems& problems) {
  Action action;
  action.where = line.where;
  action.step = &step;
  read_params(line, step, {verb}, around, action.args, problems);
  check_rules(line, step.rules, problems);
  if (step.check != nullptr) step.check(line, action.args, around, problems);
  const bool takes_till = std::any_of(step.params.begin(), step.params.end(),
                                      [](const words::Param& p) { return p.name == "till"; });
  if (takes_till && !action.args.has("till") && !around.tills.empty()) {
    if (around.tills.size() > 1 && line.find("till") == nullptr) {
      problems.add(line.where, fmt::format("{} does not say at which till", step.name),
                   fmt::format("till = one of: {}, or \"*\"", fmt::join(around.tills, ", ")));
    }
    action.args.set("till", std::string(around.tills.front()));
  }
  return action;
}

std::optional<Action> read_fault(const Node& line, const Entry& verb, const Surroundings& around,
                                 Problems& problems) {
  Action action;
  action.where = line.where;
  action.kind = verb.key == "fault" ? Action::Kind::fault : Action::Kind::heal;
  action.fault = row_for<words::Fault>(verb.value, "fault", problems);
  if (action.fault == nullptr) return {};
  if (action.kind == Action::Kind::heal) {
    action.till = read_keys(line, frame("heal"), around, problems).text("till", "*");
    return action;
  }
  const words::Args common = read_common_keys(line, frame("fault"), around, problems);
  action.till = common.text("till", "*");
  if (common.has("for")) action.for_ = common.duration("for");
  action.optional = common.number("optional") != 0;
  if (action.for_ == Duration{} && !action.optional) {
    problems.add(line.find("for")->value.where, "for is 0s, so the fault finds nothing to do",
                 "a longer time; or optional = true, where a case gives it");
  }
  read_params(line, *action.fault, keys_of(frame("fault")), around, action.args, problems);
  return action;
}

// What can only be true from the first moment on, or never, is waited for in vain.
void check_waits(const Node& line, const Expectation& row, const words::Args& args,
                 const words::Args& common, Problems& problems) {
  if (!common.has("within") || row.falls) return;
  const bool none = args.has("count") && args.number("count") == 0;
  if (!none && args.text("is") != "absent") return;
  problems.add(line.find("within")->where,
               fmt::format("within says nothing with {}, which holds at once or never",
                           none ? "count = 0" : "is = \"absent\""),
               fmt::format("for = \"{}\": it holds all the while; or no within",
                           describe(common.duration("within"))));
}

}  // namespace

Node substituted(const Node& from, const std::map<std::string, Node>& bindings,
                 Problems& problems) {
  if (from.type == Node::Type::text && from.text.size() > 2 && from.text.front() == '{' &&
      from.text.back() == '}') {
    const std::string key = from.text.substr(1, from.text.size() - 2);
    if (const auto at = bindings.find(key); at != bindings.end()) {
      Node value = at->second;
      value.where = from.where;
      return value;
    }
    std::vector<std::string_view> valid;
    for (const auto& [name, value] : bindings) {
      if (name != "id") valid.push_back(name);
    }
    const auto id = bindings.find("id");
    if (id == bindings.end()) {
      problems.unknown(from.where, "case or matrix value", key, valid);
    } else {
      problems.add(from.where, fmt::format("the case \"{}\" has no {}", id->second.text, key),
                   fmt::format("a line {} = ... in it, as in the others", key),
                   std::string(base::nearest(key, valid)));
    }
    return from;
  }
  Node copy = from;
  for (Node& each : copy.list) each = substituted(each, bindings, problems);
  for (Entry& each : copy.table) each.value = substituted(each.value, bindings, problems);
  return copy;
}

std::optional<Action> read_action(const Node& line, const Surroundings& around,
                                  Problems& problems) {
  if (line.type != Node::Type::table) {
    problems.add(line.where, fmt::format("this is {}", name(line.type)),
                 "a line such as { till = \"till-1\", act = \"scan\", item = \"milk\" }");
    return {};
  }
  const Entry* verb = nullptr;
  for (const Entry& entry : line.table) {
    if (entry.key != "act" && entry.key != "fault" && entry.key != "heal" && entry.key != "wait") {
      continue;
    }
    if (verb != nullptr) {
      problems.add(entry.where, fmt::format("a line has {} and {}", verb->key, entry.key),
                   "one of act, fault, heal and wait; make it two lines");
      return {};
    }
    verb = &entry;
  }
  if (verb == nullptr) {
    problems.add(line.where, "this line does nothing", "one of act, fault, heal and wait");
    return {};
  }
  if (verb->key == "act") {
    const Step* step = row_for<Step>(verb->value, "step", problems);
    return step != nullptr ? read_step(line, *step, "act", around, problems) : std::nullopt;
  }
  if (verb->key == "wait") {
    return read_step(line, *words::Table<Step>::find("wait"), "wait", around, problems);
  }
  return read_fault(line, *verb, around, problems);
}

std::optional<Expected> read_expected(const Node& line, const Surroundings& around,
                                      Problems& problems) {
  if (line.type != Node::Type::table) {
    problems.add(line.where, fmt::format("this is {}", name(line.type)),
                 "a line such as { outbox = \"till-1\", pending = 0, within = \"25s\" }");
    return {};
  }
  const Expectation* row = nullptr;
  for (const Entry& entry : line.table) {
    const auto* found = words::Table<Expectation>::find(entry.key);
    // A till is also what other expectations speak of.
    if (found != nullptr && (row == nullptr || row->name == "till")) row = found;
  }
  if (row == nullptr) {
    auto valid = names_of<Expectation>();
    if (line.table.empty()) {
      problems.add(line.where, "this line expects nothing",
                   fmt::format("one of: {}", fmt::join(valid, ", ")));
    } else {
      problems.unknown(line.table.front().where, "expectation", line.table.front().key, valid);
    }
    return {};
  }
  Expected expected;
  expected.row = row;
  expected.where = line.where;
  const words::Args common = read_common_keys(line, frame("expect"), around, problems);
  expected.holds_for = common.duration("for");
  expected.within = common.duration("within", common.has("for") ? Duration{} : row->waits);
  if (common.has("within") && common.has("for")) {
    problems.add(line.find("for")->where, "for does not go with within",
                 "within: it comes true in that time; or for: it is true all the while");
  }
  read_params(line, *row, keys_of(frame("expect")), around, expected.args, problems);
  check_rules(line, row->rules, problems);
  check_one_till(line, *row, around, problems);
  check_waits(line, *row, expected.args, common, problems);
  if (!expected.args.has("till") && !around.tills.empty()) {
    expected.args.set("till", std::string(around.tills.front()));
  }
  return expected;
}

std::vector<Action> read_actions(const Entry& from, const Surroundings& around,
                                 Problems& problems) {
  std::vector<Action> actions;
  std::vector<const Node*> lines;
  if (from.value.type == Node::Type::table) {
    lines.push_back(&from.value);
  } else if (from.value.type == Node::Type::list) {
    for (const Node& each : from.value.list) lines.push_back(&each);
  } else {
    problems.add(from.value.where, fmt::format("{} is {}", from.key, name(from.value.type)),
                 "a list of lines such as [ { act = \"complete\" } ]");
  }
  for (const Node* line : lines) {
    if (auto action = read_action(*line, around, problems)) actions.push_back(std::move(*action));
  }
  return actions;
}

}  // namespace tillrig::scenario
