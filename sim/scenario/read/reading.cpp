#include "sim/scenario/read/reading.hpp"

#include "sim/scenario/read/lines.hpp"

namespace tillrig::scenario {

std::optional<Entry> Reading::entry(const Node& table, std::string_view key) {
  const Entry* found = table.find(key);
  if (found == nullptr) return {};
  Entry copy = *found;
  copy.value = substituted(found->value, variant.bindings, problems);
  return copy;
}

void Reading::wrong(const Entry& at, std::string_view expected) {
  problems.add(at.value.where, fmt::format("{} is {}", at.key, as_found(at.value)),
               std::string(expected));
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
