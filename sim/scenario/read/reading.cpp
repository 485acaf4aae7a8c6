#include "sim/scenario/read/reading.hpp"

#include "sim/scenario/read/lines.hpp"

#include <algorithm>

namespace tillrig::scenario {

std::optional<Entry> Reading::entry(const Node& table, std::string_view key) {
  const Entry* found = table.find(key);
  if (found == nullptr) return {};
  Entry copy = *found;
  copy.value = substituted(found->value, variant.bindings, problems);
  return copy;
}

void Reading::known_keys(const Node& table, std::string_view what,
                         std::span<const std::string_view> valid) {
  for (const Entry& each : table.table) {
    if (std::find(valid.begin(), valid.end(), each.key) == valid.end()) {
      problems.unknown(each.where, fmt::format("key of a {}", what), each.key, valid);
    }
  }
}

void Reading::wrong(const Entry& at, std::string_view expected) {
  problems.add(at.value.where, fmt::format("{} is {}", at.key, as_found(at.value)),
               std::string(expected));
}

std::string Reading::text(const Node& table, std::string_view key, bool required) {
  const auto found = entry(table, key);
  if (!found) {
    if (required) problems.add(table.where, fmt::format("{} is missing", key), "a text");
    return {};
  }
  if (found->value.type != Node::Type::text || found->value.text.empty()) wrong(*found, "a text");
  const bool control = std::any_of(found->value.text.begin(), found->value.text.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t';
  });
  if (control) {
    problems.add(found->value.where, fmt::format("{} holds a control character", key),
                 "text that a terminal can show");
  }
  return found->value.text;
}

std::vector<std::pair<std::string, Where>> Reading::texts(const Node& table, std::string_view key) {
  std::vector<std::pair<std::string, Where>> all;
  const auto found = entry(table, key);
  if (!found) return all;
  if (found->value.type != Node::Type::list) wrong(*found, "a list of texts");
  for (const Node& each : found->value.list) {
    if (each.type != Node::Type::text) {
      problems.add(each.where, fmt::format("{} holds {}", key, name(each.type)), "texts");
    }
    all.emplace_back(each.text, each.where);
  }
  return all;
}

std::vector<Node> Reading::tables(std::string_view key) {
  std::vector<Node> found;
  const auto list = entry(document.root(), key);
  if (!list) return found;
  if (list->value.type != Node::Type::list) {
    problems.add(list->where, fmt::format("{} is {}", key, name(list->value.type)),
                 fmt::format("[[{}]]", key));
    return found;
  }
  for (const Node& each : list->value.list) {
    if (each.type == Node::Type::table) {
      found.push_back(each);
    } else {
      problems.add(each.where, fmt::format("{} holds {}", key, name(each.type)),
                   fmt::format("[[{}]]", key));
    }
  }
  return found;
}

}  // namespace tillrig::scenario
