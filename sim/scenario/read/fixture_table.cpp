#include "sim/scenario/read/fixture_table.hpp"

#include "pos/base/visible.hpp"

#include <fmt/format.h>

namespace tillrig::scenario {
namespace {

bool has_control_character(std::string_view text) {
  return text.find_first_of("\n\t") != std::string_view::npos || base::visible(text) != text;
}

}  // namespace

const Node* FixtureTable::take(std::string_view key, Node::Type type, std::string_view expected,
                               Need need) {
  known_.push_back(key);
  const Entry* const entry = table_.find(key);
  if (entry == nullptr) {
    if (need == Need::must) {
      problems_.add(table_.where, fmt::format("{} is missing in {}", key, what_),
                    std::string(expected));
    }
    return nullptr;
  }
  if (entry->value.type == type) return &entry->value;
  problems_.add(entry->value.where, fmt::format("{} is {}", key, name(entry->value.type)),
                std::string(expected));
  return nullptr;
}

std::string FixtureTable::text(std::string_view key, Need need, std::string otherwise) {
  const Node* const value = take(key, Node::Type::text, "a text", need);
  if (value == nullptr) return otherwise;
  if (has_control_character(value->text)) {
    problems_.add(value->where, fmt::format("{} has a control character in it", key),
                  "a text that can be printed in one line");
  }
  return value->text;
}

std::vector<std::string> FixtureTable::texts(std::string_view key) {
  std::vector<std::string> all;
  const Node* const list = take(key, Node::Type::list, "a list of texts", Need::may);
  if (list == nullptr) return all;
  for (const Node& each : list->list) {
    if (each.type != Node::Type::text) {
      problems_.add(each.where, fmt::format("{} holds {}", key, name(each.type)), "texts");
    } else if (has_control_character(each.text)) {
      problems_.add(each.where, fmt::format("{} has a control character in it", key),
                    "texts that can be printed in one line");
    }
    all.push_back(each.text);
  }
  return all;
}

bool FixtureTable::flag(std::string_view key, bool otherwise) {
  const Node* const value = take(key, Node::Type::flag, "true or false", Need::may);
  return value == nullptr ? otherwise : value->number != 0;
}

std::int64_t FixtureTable::whole(std::string_view key, std::int64_t otherwise, std::int64_t least,
                                 std::int64_t most) {
  const std::string expected = fmt::format("a whole number from {} to {}", least, most);
  const Node* const value = take(key, Node::Type::integer, expected, Need::may);
  if (value == nullptr) return otherwise;
  if (value->number >= least && value->number <= most) return value->number;
  problems_.add(value->where, fmt::format("{} is {}", key, value->number), expected);
  return otherwise;
}

std::optional<base::Money> FixtureTable::money(std::string_view key, Need need,
                                               const base::Currency& currency) {
  const std::string expected =
      fmt::format("an amount of {} and above, such as \"{}\"", base::format_money({}, currency),
                  base::format_money({129}, currency));
  const Node* const value = take(key, Node::Type::text, expected, need);
  if (value == nullptr) return std::nullopt;
  const auto amount = base::parse_money(value->text, currency);
  if (amount && *amount >= base::Money{}) return *amount;
  problems_.add(value->where,
                amount ? fmt::format("{} is {}", key, value->text) : amount.error().what, expected);
  return std::nullopt;
}

std::optional<base::Rate> FixtureTable::rate(std::string_view key) {
  const Node* const value = take(key, Node::Type::text, "a percentage such as \"19\"", Need::must);
  if (value == nullptr) return std::nullopt;
  const auto rate = base::parse_rate(value->text);
  if (rate) return *rate;
  problems_.add(value->where, rate.error().what, "a percentage such as \"19\"");
  return std::nullopt;
}

std::vector<const Node*> FixtureTable::tables(std::string_view key) {
  known_.push_back(key);
  std::vector<const Node*> all;
  const Entry* const entry = table_.find(key);
  if (entry == nullptr) return all;
  if (entry->value.type == Node::Type::table) all.push_back(&entry->value);
  for (const Node& each : entry->value.list) {
    if (each.type == Node::Type::table) all.push_back(&each);
  }
  if (all.empty()) {
    problems_.add(entry->value.where, fmt::format("{} is {}", key, name(entry->value.type)),
                  fmt::format("a table [{}] or [[{}]]", key, key));
  }
  return all;
}

Where FixtureTable::where(std::string_view key) const {
  const Entry* const entry = table_.find(key);
  return entry != nullptr ? entry->value.where : table_.where;
}

void FixtureTable::problem(std::string_view key, std::string found, std::string expected) {
  problems_.add(where(key), std::move(found), std::move(expected));
}

void FixtureTable::finish() {
  for (const Entry& entry : table_.table) {
    if (std::find(known_.begin(), known_.end(), entry.key) != known_.end()) continue;
    problems_.unknown(entry.where, "setting of " + what_, entry.key, known_);
  }
}

}  // namespace tillrig::scenario
