#pragma once

#include "sim/scenario/read/values.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tillrig::scenario {

// A value as it was found, on its way into the arguments of a line. Each of the sentences says what
// is wrong with it and gives nothing.
struct Found {
  const words::Param& param;
  const Node& node;
  const Surroundings& around;
  Problems& problems;

  // It is not what its kind wants.
  std::nullopt_t wrong() const;
  // It is the name of nothing that there is; `what`: "item".
  std::nullopt_t unknown(std::string_view what, const std::vector<std::string_view>& valid) const;
  // One of several that it holds.
  [[nodiscard]] Found part(const Node& each) const { return {param, each, around, problems}; }
};

// What a value in a scenario file may be: a row in the folder kinds, and all that the parser,
// `tillrig explain` and the schema for editors know of it.
struct ValueKind {
  std::string_view name;    // as Param::kind has it: "duration"
  std::string_view told;    // to people, with an example: "duration, \"20s\""
  std::string_view wanted;  // and where something else stands: "a duration with its unit, ..."
  // Checks the value and gives it as an argument, or says what is wrong.
  // Null: it is a part of the file that has a reader of its own.
  std::optional<words::Args::Value> (*read)(const Found&) = nullptr;
  // Says what is wrong with a value beside the others of its line; null: nothing can be.
  void (*agrees)(const Found&, const words::Args& line) = nullptr;
  // A JSON schema of it; where that is empty, any text will do for an editor.
  std::string_view schema = {};
  // The closed list of a parameter, as Param::one_of; null, empty: none.
  std::string (*list)(const words::Param&) = nullptr;
  // A number of this kind, as it would stand in a file; null: as it is.
  std::string (*shown)(std::int64_t, const base::Currency&) = nullptr;
};

// Every parameter's kind has a row.
const ValueKind& kind_of(const words::Param& param);
// A number of the parameter's kind as it would stand in a file.
std::string shown_value(const words::Param& param, std::int64_t number,
                        const base::Currency& currency);
// What a parameter takes, for people: its kind, its bound, whether it is needed or what holds
// without it.
std::string told_kind(const words::Param& param);
// The words that a parameter's value is one of; empty: no list.
std::string closed_list(const words::Param& param);

}  // namespace tillrig::scenario
