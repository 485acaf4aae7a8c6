// Kinds of values that are the name of something: of the shop, of the run, of the vocabulary.
#include "sim/scenario/read/kind.hpp"
#include "sim/words/mark.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace tillrig::scenario::named {
namespace {

using words::Row;
using Value = std::optional<words::Args::Value>;

template <class Name>
bool is_among(std::string_view name, const std::vector<Name>& names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

Value read_till(const Found& found) {
  if (found.node.type != Node::Type::text) return found.wrong();
  const auto& tills = found.around.tills;
  if (found.node.text != "*" && !is_among(found.node.text, tills)) {
    return found.unknown("till", tills);
  }
  return found.node.text;
}

// One of the shop's things of this kind, by its name in the fixture.
Value read_thing(const Found& found) {
  if (found.node.type != Node::Type::text) return found.wrong();
  const std::string_view kind = found.param.kind;
  if (found.around.shop == nullptr) return std::nullopt;
  const auto& named = found.around.shop->named;
  const auto names = named.find(kind);
  if (names == named.end()) return std::nullopt;  // there is no shop, as was said where it is named
  if (is_among(found.node.text, names->second)) return found.node.text;
  return found.unknown(kind, {names->second.begin(), names->second.end()});
}

// One or several; several are given as one text with spaces between.
Value read_things(const Found& found) {
  if (found.node.type != Node::Type::list) return read_thing(found);
  if (found.node.list.empty()) return found.wrong();
  std::string names;
  for (const Node& each : found.node.list) {
    const auto read = read_thing(found.part(each));
    if (!read) return std::nullopt;
    names += (names.empty() ? "" : " ") + std::get<std::string>(*read);
  }
  return names;
}

bool counts_from_one(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() && number > 0;
}

Value read_sale(const Found& found) {
  if (found.node.type != Node::Type::text) return found.wrong();
  const std::string_view text = found.node.text;
  bool good = text == "last" || text == "first";
  if (text.starts_with("last-")) good = counts_from_one(text.substr(5));
  if (text.starts_with("#")) good = counts_from_one(text.substr(1));
  if (!good) return found.wrong();
  return found.node.text;
}

// Whose receipts: one sale's, or those of a till.
Value read_paper(const Found& found) {
  if (found.node.type != Node::Type::text || !found.node.text.starts_with("sale:")) {
    return read_till(found);
  }
  Node sale = found.node;
  sale.text = sale.text.substr(5);
  if (!read_sale(found.part(sale))) return std::nullopt;
  return found.node.text;
}

Value read_mark(const Found& found) {
  if (found.node.type != Node::Type::text) return found.wrong();
  const auto point = parse_mark(found.node.text);
  if (!point) return found.wrong();
  const words::Mark* const row = words::Table<words::Mark>::find(point->mark);
  if (row == nullptr) {
    std::vector<std::string_view> valid;
    for (const auto* each : words::Table<words::Mark>::all()) valid.push_back(each->name);
    found.problems.unknown(found.node.where, "mark", point->mark, valid);
    return std::nullopt;
  }
  std::vector<std::string_view> places = found.around.tills;
  places.push_back("cloud");
  if (!point->lane.empty() && !is_among(point->lane, places)) {
    found.problems.unknown(found.node.where, "till", point->lane, places);
    return std::nullopt;
  }
  const bool cloud = point->lane == "cloud";
  if (!point->lane.empty() && ((row->who == "till" && cloud) || (row->who == "cloud" && !cloud))) {
    found.problems.add(found.node.where,
                       fmt::format("the mark {} never occurs at {}", point->mark, point->lane),
                       cloud ? "a till" : "@cloud");
    return std::nullopt;
  }
  return found.node.text;
}

const Row<ValueKind> kTill(
    {.name = "till", .told = "till", .wanted = "the name of a till, or \"*\"", .read = read_till});
const Row<ValueKind> kItem({.name = "item",
                            .told = "item or list of items",
                            .wanted = "the SKU of an item of the fixture, or a list of them",
                            .read = read_things,
                            .schema = R"({"type":["string","array"]})"});
const Row<ValueKind> kSale(
    {.name = "sale",
     .told = "sale, \"last\" or \"#3\"",
     .wanted = "\"last\", \"last-1\", \"first\" or \"#3\" (the third sale of the run)",
     .read = read_sale});
const Row<ValueKind> kPaper({.name = "paper",
                             .told = "sale, \"sale:last\", or till",
                             .wanted = "\"sale:last\", \"sale:#3\" or the name of a till",
                             .read = read_paper});
const Row<ValueKind> kMark({.name = "mark",
                            .told = "mark, \"ledger.synced#40@till-1\"",
                            .wanted = "a mark such as \"ledger.synced#40@till-1\"",
                            .read = read_mark});

}  // namespace
}  // namespace tillrig::scenario::named
