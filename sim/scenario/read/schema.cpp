#include "pos/base/json.hpp"
#include "pos/base/mutant.hpp"
#include "sim/oracle/invariant.hpp"
#include "sim/scenario/read/frame.hpp"
#include "sim/scenario/read/kind.hpp"
#include "sim/scenario/read/step.hpp"
#include "sim/scenario/read/words_text.hpp"
#include "sim/words/fault.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

namespace tillrig::scenario {
namespace {

namespace json = boost::json;
using words::Param;
using words::Table;
using words::Word;

json::object text_like(std::string_view pattern) {
  return {{"type", "string"}, {"pattern", pattern}};
}

// "{name}", as cases and the matrix put in, is allowed wherever a value is.
json::object or_placeholder(json::object value) {
  return {{"anyOf", json::array{std::move(value), text_like("^\\{.+\\}$")}}};
}

json::object list_of(json::value items) {
  return {{"type", "array"}, {"items", std::move(items)}};
}

// One of a closed list, as Param::one_of writes it.
json::object one_of(std::string_view list) {
  json::array values;
  std::string pattern;
  for (std::string_view word : split(list)) {
    values.emplace_back(word);
    const bool open = word.ends_with('*');
    if (open) word.remove_suffix(1);
    pattern += fmt::format("{}{}{}", pattern.empty() ? "" : "|", word, open ? ".+" : "");
  }
  if (list.find('*') == std::string_view::npos) return {{"enum", std::move(values)}};
  return text_like("^(" + pattern + ")$");
}

json::object schema_of(const ValueKind& kind) {
  return json::parse(kind.schema).as_object();
}
json::object value_of(const Param& param) {
  const std::string list = closed_list(param);
  if (!list.empty()) return or_placeholder(one_of(list));
  const ValueKind& kind = kind_of(param);
  if (kind.schema.empty()) return {{"type", "string"}};
  json::object own = schema_of(kind);
  // Placeholders too, then; a part of the file has none in its own place.
  const bool takes_any_text = own.contains("anyOf") || own.at("type").is_array();
  return takes_any_text ? own : or_placeholder(std::move(own));
}

json::object described(json::object value, std::string_view doc) {
  value["description"] = doc;
  return value;
}

// What a line may hold once it is known what it is: { if: this word, then: these keys }.
json::object branch(json::object condition, const Word& row, const std::vector<Param>& common) {
  json::object keys;
  json::array required;
  for (const Param& param : common) keys[param.name] = true;
  for (const Param& param : row.params) {
    keys[param.name] = described(value_of(param), param.doc);
    if (param.required) required.emplace_back(param.name);
  }
  json::object then{{"properties", std::move(keys)}, {"additionalProperties", false}};
  if (!required.empty()) then["required"] = std::move(required);
  return {{"if", std::move(condition)}, {"then", std::move(then)}};
}

json::object is_word(std::string_view key, std::string_view word) {
  const json::object value{{"const", word}};
  return {{"required", json::array{key}}, {"properties", json::object{{key, value}}}};
}

template <class T>
json::array enum_of() {
  json::array names;
  for (const T* row : Table<T>::all()) names.emplace_back(row->name);
  return names;
}

json::object action_schema() {
  json::array branches;
  json::array acts;
  const Param act{"act", words::Kind::text, ""};
  for (const Step* row : Table<Step>::all()) {
    if (row->name == "wait") {
      branches.push_back(branch({{"required", json::array{"wait"}}}, *row, {}));
      continue;
    }
    acts.emplace_back(row->name);
    branches.push_back(branch(is_word("act", row->name), *row, {act}));
  }
  for (const auto* row : Table<words::Fault>::all()) {
    branches.push_back(branch(is_word("fault", row->name), *row, frame("fault").params));
  }
  json::object keys;
  keys["act"] =
      described(or_placeholder({{"enum", std::move(acts)}}), "something that a person does");
  keys["fault"] =
      described(or_placeholder({{"enum", enum_of<words::Fault>()}}), "something begins to fail");
  keys["heal"] = described(or_placeholder({{"enum", enum_of<words::Fault>()}}), "a fault ends");
  const Step& wait = *Table<Step>::find("wait");
  keys["wait"] = described(value_of(wait.params.front()), wait.doc);
  for (const Param& param : frame("fault").params) {
    if (param.name != "fault") keys[param.name] = described(value_of(param), param.doc);
  }
  return {{"type", "object"}, {"properties", std::move(keys)}, {"allOf", std::move(branches)}};
}

// A line that is this expectation and has the rule's key has at least one of those that it needs,
// and none that it cannot stand with.
json::object rule_of(const json::object& expectation, const KeyRule& rule) {
  json::object has{{"required", json::array{rule.key}}};
  if (!rule.values.empty()) has["properties"] = json::object{{rule.key, one_of(rule.values)}};
  json::array needs;
  for (const std::string_view key : split(rule.needs)) {
    needs.push_back(json::object{{"required", json::array{key}}});
  }
  json::object refused;
  for (const std::string_view key : split(rule.without)) refused[key] = false;
  json::object then;
  if (!needs.empty()) then["anyOf"] = std::move(needs);
  if (!refused.empty()) then["properties"] = std::move(refused);
  json::object condition{{"allOf", json::array{expectation, std::move(has)}}};
  return {{"if", std::move(condition)}, {"then", std::move(then)}};
}

// What holds at once or never is not waited for.
json::object waits_for_nothing(const json::object& expectation) {
  const json::object none{{"required", json::array{"count"}},
                          {"properties", json::object{{"count", json::object{{"const", 0}}}}}};
  json::object condition{{"allOf", json::array{expectation, none}}};
  return {{"if", std::move(condition)},
          {"then", json::object{{"properties", json::object{{"within", false}}}}}};
}

json::object expectation_schema() {
  json::array branches;
  json::object keys;
  const std::vector<Param>& common = frame("expect").params;
  for (const Param& param : common) keys[param.name] = described(value_of(param), param.doc);
  for (const Expectation* row : Table<Expectation>::all()) {
    json::object condition{{"required", json::array{row->name}}};
    if (row->name == "till") {  // the others may name a till too
      json::array others;
      for (const Expectation* other : Table<Expectation>::all()) {
        if (other->name == "till") continue;
        others.push_back(json::object{{"required", json::array{other->name}}});
      }
      condition["not"] = json::object{{"anyOf", std::move(others)}};
    }
    for (const KeyRule& rule : row->rules) branches.push_back(rule_of(condition, rule));
    if (!row->falls) branches.push_back(waits_for_nothing(condition));
    branches.push_back(branch(std::move(condition), *row, common));
    keys[row->name] = described(json::object(), row->doc);
  }
  return {{"type", "object"}, {"properties", std::move(keys)}, {"allOf", std::move(branches)}};
}

json::object closed(json::object keys, json::array required = {}) {
  json::object out{
      {"type", "object"}, {"properties", std::move(keys)}, {"additionalProperties", false}};
  if (!required.empty()) out["required"] = std::move(required);
  return out;
}

json::array mutants() {
  json::array names;
  for (const auto* row : base::all_mutants()) names.emplace_back(row->name);
  return names;
}

// A table of the file, key by key as its row has them.
json::object table_of(const Frame& row) {
  json::object keys;
  json::array required;
  for (const Param& param : row.params) {
    json::object value;
    if (param.kind == FrameKind::table || param.kind == FrameKind::tables) {
      const Frame& below = frame(param.name);
      value = table_of(below);
      if (param.kind == FrameKind::tables) value = list_of(std::move(value));
      value["description"] = below.doc;
    } else if (param.kind == FrameKind::mutants) {
      value = described(list_of(json::object{{"enum", mutants()}}), param.doc);
    } else {
      value = described(value_of(param), param.doc);
    }
    keys[param.name] = std::move(value);
    if (param.required) required.emplace_back(param.name);
  }
  json::object table = closed(std::move(keys), std::move(required));
  if (row.name == "phase") {
    const json::object named{{"required", json::array{"name"}}};
    const json::object used{{"required", json::array{"use"}}};
    table["anyOf"] = json::array{named, used};
  }
  if (row.name == "waive") {
    json::object invariants;
    for (const auto* each : Table<oracle::Invariant>::all()) {
      invariants[each->name] = described({{"type", "string"}}, each->doc);
    }
    table["properties"] = std::move(invariants);
  } else if (!row.others.name.empty()) {
    table["additionalProperties"] = value_of(row.others);
  }
  return table;
}

// Indented, so that a change of the vocabulary is a change of few lines. What fits one stays on
// one.
void write_indented(const json::value& value, std::size_t indent, std::string& out) {
  constexpr std::size_t kWidth = 100;
  const std::string flat = json::serialize(value);
  if (indent + flat.size() <= kWidth || (!value.is_object() && !value.is_array())) {
    out += flat;
    return;
  }
  const std::string margin(indent + 2, ' ');
  const bool object = value.is_object();
  std::string separator = object ? "{\n" : "[\n";
  if (object) {
    for (const auto& [key, each] : value.get_object()) {
      out += separator + margin + json::serialize(json::value(key)) + ": ";
      write_indented(each, indent + 2, out);
      separator = ",\n";
    }
  } else {
    for (const json::value& each : value.get_array()) {
      out += separator + margin;
      write_indented(each, indent + 2, out);
      separator = ",\n";
    }
  }
  out += "\n" + std::string(indent, ' ') + (object ? "}" : "]");
}

}  // namespace

std::string schema() {
  json::object root = table_of(frame("scenario"));
  root["$schema"] = "http://json-schema.org/draft-07/schema#";
  root["title"] = "A scenario of tillrig";
  root["definitions"] =
      json::object{{"action", action_schema()}, {"expectation", expectation_schema()}};
  std::string out;
  write_indented(root, 0, out);
  return out + "\n";
}

}  // namespace tillrig::scenario
