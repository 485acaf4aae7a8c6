// Kinds of values that only the tables around the lines have. Those without a way to read them are
// read by whoever reads their part of the file.
#include "sim/scenario/read/frame.hpp"

#include "pos/base/mutant.hpp"
#include "pos/base/version.hpp"
#include "sim/scenario/read/kind.hpp"
#include "sim/words/requirements.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <set>

namespace tillrig::scenario::frame_kinds {
namespace {

using words::Row;
using Value = std::optional<words::Args::Value>;

// A list of words, each of them checked, as one text with blanks between.
template <class Check>
Value read_words(const Found& found, Check check) {
  if (found.node.type != Node::Type::list) return found.wrong();
  std::string all;
  for (const Node& each : found.node.list) {
    if (each.type != Node::Type::text || each.text.empty()) {
      found.problems.add(each.where, fmt::format("{} holds {}", found.param.name, as_found(each)),
                         "texts");
      continue;
    }
    if (!check(each)) continue;
    all += (all.empty() ? "" : " ") + each.text;
  }
  return all;
}

Value read_tags(const Found& found) {
  return read_words(found, [&](const Node& each) {
    if (each.text.find_first_of(" \t\n,!") == std::string::npos) return true;
    found.problems.add(each.where, fmt::format("\"{}\" is no tag", each.text),
                       "a word, such as \"outage\"");
    return false;
  });
}

Value read_requirements(const Found& found) {
  std::vector<std::string_view> ids;
  for (const words::Requirement& requirement : words::requirements()) ids.push_back(requirement.id);
  return read_words(found, [&](const Node& each) {
    if (std::find(ids.begin(), ids.end(), each.text) != ids.end()) return true;
    found.problems.unknown(each.where, "requirement", each.text, ids);
    return false;
  });
}

Value read_mutants(const Found& found) {
  return read_words(found, [&](const Node& each) {
    if (base::find_mutant(each.text) != nullptr) return true;
    std::vector<std::string_view> mutants;
    for (const base::Mutant* row : base::all_mutants()) mutants.push_back(row->name);
    found.problems.unknown(each.where, "mutant", each.text, mutants);
    return false;
  });
}

Value read_beds(const Found& found) {
  static constexpr std::array<std::string_view, 3> kBeds{"virtual", "live", "hardware"};
  if (found.node.type == Node::Type::list && found.node.list.empty()) {
    found.problems.add(found.node.where, "[beds] suits no bed, so nothing would be played",
                       std::string(kind_of(found.param).wanted));
    return std::nullopt;
  }
  return read_words(found, [&](const Node& each) {
    if (std::find(kBeds.begin(), kBeds.end(), each.text) != kBeds.end()) return true;
    found.problems.unknown(each.where, "bed", each.text, kBeds);
    return false;
  });
}

Value read_names(const Found& found) {
  if (found.node.type != Node::Type::list || found.node.list.empty()) return found.wrong();
  std::set<std::string> seen;
  return read_words(found, [&](const Node& each) {
    static constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyz0123456789-";
    const bool form = each.text.find_first_not_of(kLetters) == std::string::npos;
    if (each.text == "cloud" || each.text == "player") {
      found.problems.add(
          each.where,
          fmt::format("\"{}\" is the rig's own name for another part of a run", each.text),
          "another name, such as \"till-1\"");
      return false;
    }
    if (!form) {
      found.problems.add(each.where, fmt::format("\"{}\" is no name for a till", each.text),
                         "small letters, digits and '-', such as \"till-1\"");
      return false;
    }
    if (seen.insert(each.text).second) return true;
    found.problems.add(each.where, fmt::format("two tills have the name \"{}\"", each.text));
    return false;
  });
}

Value read_spread(const Found& found) {
  if (found.node.type != Node::Type::text || !parse_spread(found.node.text)) return found.wrong();
  return found.node.text;
}

// How many, as "1..3"; or which, as SKUs with blanks between.
Value read_goods(const Found& found) {
  const Node& node = found.node;
  if (node.type == Node::Type::list) {
    return words::Table<ValueKind>::find(words::Kind::items)->read(found);
  }
  if (node.type == Node::Type::integer && node.number > 0 && node.number <= kMostGoods) {
    return fmt::format("{0}..{0}", node.number);
  }
  if (node.type != Node::Type::text || !parse_range(node.text)) return found.wrong();
  return node.text;
}

Value read_version(const Found& found) {
  if (found.node.type != Node::Type::text || !base::parse_version(found.node.text)) {
    return found.wrong();
  }
  return found.node.text;
}

Value read_day(const Found& found) {
  if (found.node.type != Node::Type::text || !parse_day(found.node.text)) return found.wrong();
  return found.node.text;
}

constexpr std::string_view kLines =
    R"({"anyOf":[{"$ref":"#/definitions/action"},{"type":"array","items":{"$ref":"#/definitions/action"}}]})";
constexpr std::string_view kAny = R"({"type":["string","integer","boolean"]})";
constexpr std::string_view kTexts = R"({"type":"array","items":{"type":"string"}})";

const Row<ValueKind> kTable({.name = FrameKind::table, .told = "table", .wanted = "a table"});
const Row<ValueKind> kTables({.name = FrameKind::tables,
                              .told = "list of tables",
                              .wanted = "tables, [[ ]]"});
const Row<ValueKind> kDoing({.name = FrameKind::doing,
                             .told = "list of steps, faults, heals and waits, or one",
                             .wanted = "a list of lines such as [ { act = \"complete\" } ]",
                             .schema = kLines});
const Row<ValueKind> kExpect(
    {.name = FrameKind::expect,
     .told = "list of expectations",
     .wanted = "a list of lines such as [ { sale = \"last\", is = \"completed\" } ]",
     .schema = R"({"type":"array","items":{"$ref":"#/definitions/expectation"}})"});
const Row<ValueKind> kAnswers({.name = FrameKind::answers,
                               .told = "table, { no_internet = \"Continue\" }",
                               .wanted = "a table of a button for each prompt, such as "
                                         "{ no_internet = \"Continue\" }",
                               .schema = R"({"type":"object"})"});
const Row<ValueKind> kAxis(
    {.name = FrameKind::axis,
     .told = "list, { from = 1, count = 25 }, or \"port-calls:complete\"",
     .wanted = "a list such as [\"none\", \"torn\"], { from = 1, count = 25 } or "
               "\"port-calls:complete\"",
     .schema = R"({"type":["array","object","string"]})"});
const Row<ValueKind> kGiven({.name = FrameKind::given,
                             .told = "text, whole number, or true or false",
                             .wanted = "a text, a whole number, or true or false",
                             .schema = kAny});
const Row<ValueKind> kSpread({.name = FrameKind::spread,
                              .told = "duration, \"45s\" or \"45s ~20s\" (give or take)",
                              .wanted = "how often: every = \"45s\" or \"45s ~20s\"",
                              .read = read_spread});
const Row<ValueKind> kGoods(
    {.name = FrameKind::goods,
     .told = "2, \"1..3\", or a list of items",
     .wanted = "how many items a sale has, at most 100, such as 2 or \"1..3\", or a list of items",
     .read = read_goods,
     .schema = R"({"type":["string","integer","array"]})"});
const Row<ValueKind> kNames({.name = FrameKind::names,
                             .told = "list of names, [\"till-1\"]",
                             .wanted = "a list of names such as [\"till-1\", \"till-2\"]",
                             .read = read_names,
                             .schema = kTexts});
const Row<ValueKind> kDay({.name = FrameKind::day,
                           .told = "trading day, \"08:00..18:00\" or \"18:00..02:00\"",
                           .wanted = "a trading day such as \"08:00..18:00\"",
                           .read = read_day});
const Row<ValueKind> kVersion({.name = FrameKind::version,
                               .told = "version, \"1.14.10\"",
                               .wanted = "a version such as \"1.14.10\" or \"1.14.10-rc1\"",
                               .read = read_version});
const Row<ValueKind> kBeds(
    {.name = FrameKind::beds,
     .told = "list of virtual, live and hardware",
     .wanted = "suits = a list of: virtual, live, hardware",
     .read = read_beds,
     .schema = R"({"type":"array","items":{"enum":["virtual","live","hardware"]},"minItems":1})"});
const Row<ValueKind> kTags({.name = FrameKind::tags,
                            .told = "list of words, [\"outage\"]",
                            .wanted = "a list of texts",
                            .read = read_tags,
                            .schema = kTexts});
const Row<ValueKind> kRequirements(
    {.name = FrameKind::requirements,
     .told = "list of ids, [\"OUT-04\"]",
     .wanted = "a list of texts",
     .read = read_requirements,
     .schema =
         R"({"type":"array","items":{"type":"string","pattern":"^(CE|OUT|MP|SM|X)-[0-9]{2}$"}})"});
const Row<ValueKind> kMutants({.name = FrameKind::mutants,
                               .told = "list of mutants",
                               .wanted = "a list of texts",
                               .read = read_mutants,
                               .schema = kTexts});
const Row<ValueKind> kFault({.name = FrameKind::fault,
                             .told = "fault",
                             .wanted = "the name of a fault"});
const Row<ValueKind> kFile({.name = FrameKind::file,
                            .told = "file, \"shared/till-opens.toml\"",
                            .wanted = "a file such as \"shared/till-opens.toml\"",
                            .schema = R"({"type":"string"})"});

}  // namespace
}  // namespace tillrig::scenario::frame_kinds
