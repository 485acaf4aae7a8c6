#include "sim/scenario/read/source.hpp"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace tillrig::scenario {
namespace {

Where where_of(const toml::source_region& region) {
  return {static_cast<int>(region.begin.line), static_cast<int>(region.begin.column)};
}

Node convert(const toml::node& from);

Node convert_table(const toml::table& from) {
  Node node;
  node.type = Node::Type::table;
  for (const auto& [key, value] : from) {
    node.table.push_back({std::string(key.str()), where_of(key.source()), convert(value)});
  }
  std::stable_sort(node.table.begin(), node.table.end(),
                   [](const Entry& a, const Entry& b) { return a.where < b.where; });
  return node;
}

Node convert(const toml::node& from) {
  Node node;
  if (const auto* table = from.as_table()) {
    node = convert_table(*table);
  } else if (const auto* list = from.as_array()) {
    node.type = Node::Type::list;
    for (const toml::node& each : *list) node.list.push_back(convert(each));
  } else if (const auto* text = from.as_string()) {
    node.type = Node::Type::text;
    node.text = text->get();
  } else if (const auto* integer = from.as_integer()) {
    node.type = Node::Type::integer;
    node.number = integer->get();
  } else if (const auto* flag = from.as_boolean()) {
    node.type = Node::Type::flag;
    node.number = flag->get() ? 1 : 0;
  } else if (const auto* decimal = from.as_floating_point()) {
    node.type = Node::Type::decimal;
    node.text = fmt::format("{}", decimal->get());
  } else {
    node.type = Node::Type::date;
  }
  node.where = where_of(from.source());
  return node;
}

// The library reads a dotted key by recursion, without a limit of its own: "a.a.a. ..." of some
// ten thousand parts ends the program. The line of the first such key; 0 for none. A line inside a
// text of several lines that looks like such a key is refused too.
constexpr std::size_t kMostKeyParts = 1000;

int too_deep_key(std::string_view text) {
  int number = 0;
  while (!text.empty()) {
    ++number;
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    // In a table on one line every value may be followed by another key.
    std::size_t dots = 0;
    for (const char c : line) {
      const bool part = std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-' ||
                        c == ' ' || c == '"' || c == '\'';
      dots = c == '.' ? dots + 1 : part ? dots : 0;
      if (dots > kMostKeyParts) return number;
    }
  }
  return 0;
}

}  // namespace

const Entry* Node::find(std::string_view key) const {
  for (const Entry& entry : table) {
    if (entry.key == key) return &entry;
  }
  return nullptr;
}

std::string_view name(Node::Type type) {
  switch (type) {
    case Node::Type::text:
      return "a text";
    case Node::Type::integer:
      return "a whole number";
    case Node::Type::flag:
      return "true or false";
    case Node::Type::decimal:
      return "a number with a point";
    case Node::Type::date:
      return "a date or time";
    case Node::Type::list:
      return "a list";
    case Node::Type::table:
      return "a table";
  }
  return "a value";
}

std::string as_found(const Node& value) {
  switch (value.type) {
    case Node::Type::text:
      return fmt::format("\"{}\"", value.text);
    case Node::Type::integer:
      return fmt::format("{}", value.number);
    case Node::Type::flag:
      return value.number != 0 ? "true" : "false";
    case Node::Type::decimal:
      return fmt::format("the decimal number {}", value.text);
    case Node::Type::list:
      return value.list.empty() ? "an empty list" : "a list";
    default:
      return std::string(name(value.type));
  }
}

std::optional<Node> parse_toml(std::string_view text, Problems& problems) {
  if (const int line = too_deep_key(text); line > 0) {
    problems.add({line, 1}, fmt::format("a key of more than {} parts", kMostKeyParts),
                 "keys as in the shipped scenarios");
    return std::nullopt;
  }
  try {
    const toml::table table = toml::parse(text, problems.file());
    Node root = convert_table(table);
    root.where = {1, 1};
    return root;
  } catch (const toml::parse_error& error) {
    problems.add(where_of(error.source()),
                 fmt::format("this is not TOML: {}", error.description()));
  }
  return std::nullopt;
}

std::optional<Node> parse_toml_file(const std::string& path, Problems& problems) {
  constexpr std::uintmax_t kMostBytes = 1024 * 1024;
  std::error_code ignored;
  const auto status = std::filesystem::status(path, ignored);
  if (std::filesystem::exists(status) && !std::filesystem::is_regular_file(status)) {
    problems.add({}, "this is no file of text", "a TOML file");
    return std::nullopt;
  }
  const std::uintmax_t bytes = std::filesystem::file_size(path, ignored);
  if (!ignored && bytes > kMostBytes) {
    problems.add({}, fmt::format("the file has {} bytes", bytes),
                 fmt::format("a scenario or fixture of at most {}", kMostBytes));
    return std::nullopt;
  }
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    problems.add({}, "the file cannot be opened", "a readable TOML file");
    return std::nullopt;
  }
  std::ostringstream text;
  text << file.rdbuf();
  if (!file) {
    problems.add({}, "the file cannot be read", "a readable TOML file");
    return std::nullopt;
  }
  return parse_toml(text.str(), problems);
}

}  // namespace tillrig::scenario
