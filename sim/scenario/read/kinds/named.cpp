// Kinds of values that are the name of something: of the shop, of the run, of the vocabulary.
#include "sim/scenario/read/kind.hpp"
#include "sim/scenario/read/step.hpp"
#include "sim/words/mark.hpp"
#include "sim/world/prompt_words.hpp"

#include <fmt/format.h>

#include <algorithm>

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

// Some of the scenario's tills; as one text with spaces between.
Value read_tills(const Found& found) {
  if (found.node.type != Node::Type::list || found.node.list.empty()) return found.wrong();
  std::string names;
  for (const Node& each : found.node.list) {
    if (each.type != Node::Type::text || each.text == "*") return found.wrong();
    const auto read = read_till(found.part(each));
    if (!read) return std::nullopt;
    names += (names.empty() ? "" : " ") + std::get<std::string>(*read);
  }
  return names;
}

// A thing of the shop's, by its name in the fixture.
Value read_of_shop(const Found& found, const std::string& what) {
  if (found.node.type != Node::Type::text) return found.wrong();
  if (found.around.shop == nullptr) return std::nullopt;
  const auto& named = found.around.shop->named;
  if (!named.contains("item"))
    return std::nullopt;  // there is no shop, as was said where it is named
  const auto names = named.find(what);
  if (names == named.end()) return found.unknown(what, {});
  if (is_among(found.node.text, names->second)) return found.node.text;
  return found.unknown(what, {names->second.begin(), names->second.end()});
}

Value read_item(const Found& found) {
  return read_of_shop(found, "item");
}

Value read_customer(const Found& found) {
  return read_of_shop(found, "customer");
}

// One item or several; several are given as one text with spaces between.
Value read_items(const Found& found) {
  if (found.node.type != Node::Type::list) return read_item(found);
  if (found.node.list.empty()) return found.wrong();
  std::string names;
  for (const Node& each : found.node.list) {
    const auto read = read_item(found.part(each));
    if (!read) return std::nullopt;
    names += (names.empty() ? "" : " ") + std::get<std::string>(*read);
  }
  return names;
}

bool is_name(std::string_view text) {
  constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyz";
  constexpr std::string_view kOthers = "abcdefghijklmnopqrstuvwxyz0123456789-";
  return !text.empty() && kLetters.find(text.front()) != std::string_view::npos &&
         text.find_first_not_of(kOthers) == std::string_view::npos;
}

Value read_name(const Found& found) {
  if (found.node.type != Node::Type::text) return found.wrong();
  const std::string_view text = found.node.text;
  if (!is_name(text) || text == "last" || text == "first" || text.starts_with("last-")) {
    return found.wrong();
  }
  return found.node.text;
}

// Whether the name was given to a sale is told when the whole file was read.
Value read_sale(const Found& found) {
  if (found.node.type != Node::Type::text) return found.wrong();
  const std::string_view text = found.node.text;
  const bool name = is_name(text) && !text.starts_with("last-");
  if (!by_place(text) && !name) return found.wrong();
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

std::string books(const words::Param& param) {
  return std::string(param.one_of);
}

// What the cloud has of one sale, or of all of a kind.
Value read_books(const Found& found) {
  if (found.node.type != Node::Type::text) return found.wrong();
  if (!found.node.text.starts_with("sale:")) {
    if (is_one_of(found.node.text, found.param.one_of)) return found.node.text;
    return found.unknown(fmt::format("value of {}", found.param.name), split(found.param.one_of));
  }
  Node sale = found.node;
  sale.text = sale.text.substr(5);
  if (!read_sale(found.part(sale))) return std::nullopt;
  return found.node.text;
}

Value read_step_name(const Found& found) {
  if (found.node.type != Node::Type::text) return found.wrong();
  const auto* const step = words::Table<Step>::find(found.node.text);
  const bool refusable = step != nullptr && step->name != "wait";
  if (refusable) return found.node.text;
  std::vector<std::string_view> steps;
  for (const Step* each : words::Table<Step>::all()) {
    if (each->name != "wait") steps.push_back(each->name);
  }
  return found.unknown("step", steps);
}

Value read_button(const Found& found) {
  if (found.node.type != Node::Type::text || found.node.text.empty()) return found.wrong();
  return found.node.text;
}

void is_button_of_its_prompt(const Found& found, const words::Args& line) {
  const std::string prompt = line.text("prompt");
  const auto buttons = world::prompt_buttons(prompt);
  if (buttons.empty() || is_among(found.node.text, buttons))
    return;  // the prompt is unknown itself
  found.unknown("button of " + prompt, buttons);
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

// The mark's n-th time, and how often the mark came: one of the two.
void is_alone_with_its_place(const Found& found, const words::Args& line) {
  const auto point = parse_mark(found.node.text);
  if (!point || found.node.text.find('#') == std::string::npos || !line.has("count")) return;
  found.problems.add(found.node.where,
                     fmt::format("\"{}\" is one of its times, and count asks how many there were",
                                 found.node.text),
                     fmt::format("\"{}\" with count, or no count", point->mark));
}

const Row<ValueKind> kTill(
    {.name = "till", .told = "till", .wanted = "the name of a till, or \"*\"", .read = read_till});
const Row<ValueKind> kTills({.name = "tills",
                             .told = "list of tills, [\"till-1\", \"till-2\"]",
                             .wanted = "a list of the names of tills",
                             .read = read_tills,
                             .schema = R"({"type":"array"})"});
const Row<ValueKind> kItem({.name = "item",
                            .told = "item, \"milk\"",
                            .wanted = "the SKU of one item of the fixture",
                            .read = read_item});
const Row<ValueKind> kCustomer({.name = "customer",
                                .told = "customer, \"ana\"",
                                .wanted = "the id of one customer of the fixture",
                                .read = read_customer});
const Row<ValueKind> kItems({.name = "items",
                             .told = "item or list of items",
                             .wanted = "the SKU of an item of the fixture, or a list of them",
                             .read = read_items,
                             .schema = R"({"type":["string","array"]})"});
const Row<ValueKind> kBooks({.name = "books",
                             .told = "sale, \"sale:last\", or a kind of entry",
                             .wanted = "\"sale:last\", \"sale:#3\" or a kind of entry",
                             .read = read_books,
                             .list = books});
const Row<ValueKind> kStep(
    {.name = "step", .told = "step", .wanted = "the name of a step", .read = read_step_name});
const Row<ValueKind> kButton({.name = "button",
                              .told = "button of the prompt",
                              .wanted = "what stands on a button of the prompt",
                              .read = read_button,
                              .agrees = is_button_of_its_prompt});
const Row<ValueKind> kName(
    {.name = "name",
     .told = "name, \"cheese\"",
     .wanted = "a name of small letters, digits and hyphens, not last or first",
     .read = read_name,
     .schema = R"({"type":"string","pattern":"^[a-z][a-z0-9-]*$"})"});
const Row<ValueKind> kSale(
    {.name = "sale",
     .told = "sale, \"last\", \"#3\" or its name",
     .wanted = "\"last\", \"last-1\", \"first\", \"#3\" (the third sale of the run) or a name that "
               "`as` gave to one",
     .read = read_sale});
const Row<ValueKind> kPaper({.name = "paper",
                             .told = "sale, \"sale:last\", or till",
                             .wanted = "\"sale:last\", \"sale:#3\" or the name of a till",
                             .read = read_paper});
const Row<ValueKind> kMark({.name = "mark",
                            .told = "mark, \"ledger.synced#40@till-1\"",
                            .wanted = "a mark such as \"ledger.synced#40@till-1\"",
                            .read = read_mark,
                            .agrees = is_alone_with_its_place});

}  // namespace
}  // namespace tillrig::scenario::named
