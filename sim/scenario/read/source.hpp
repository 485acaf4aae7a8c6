#pragma once

#include "sim/scenario/read/problem.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tillrig::scenario {

struct Entry;

// A value of a TOML file with the place where it stands. Tables keep the order of the file.
struct Node {
  enum class Type { text, integer, flag, decimal, date, list, table };

  Type type = Type::table;
  Where where;
  std::string text;         // text; decimals and dates as found
  std::int64_t number = 0;  // integer, flag
  std::vector<Node> list;
  std::vector<Entry> table;

  // The entry of a table by key; null if there is none or this is no table.
  [[nodiscard]] const Entry* find(std::string_view key) const;
};

// One key of a table.
struct Entry {
  std::string key;
  Where where;
  Node value;
};

// "a text", "a whole number", ...
std::string_view name(Node::Type type);
// The value as a sentence names it: "\"ten\"", "5", "a list".
std::string as_found(const Node& value);

// Reads a whole file; what is wrong is added to `problems`, which names the file.
std::optional<Node> parse_toml(std::string_view text, Problems& problems);
std::optional<Node> parse_toml_file(const std::string& path, Problems& problems);

}  // namespace tillrig::scenario
