// Kinds of values that say all there is to say: numbers, amounts, times and words.
#include "sim/scenario/read/kind.hpp"
#include "sim/world/prompt_words.hpp"

#include <fmt/format.h>

namespace tillrig::scenario::plain {
namespace {

using words::Param;
using words::Row;
using Value = std::optional<words::Args::Value>;

Value read_text(const Found& found) {
  const Node& node = found.node;
  if (node.type != Node::Type::text || node.text.empty()) return found.wrong();
  const std::string list = closed_list(found.param);
  if (!list.empty() && !is_one_of(node.text, list)) {
    return found.unknown(fmt::format("value of {}", found.param.name), split(list));
  }
  return node.text;
}

template <std::int64_t least>
Value read_number(const Found& found) {
  const Node& node = found.node;
  if (node.type != Node::Type::integer || node.number < least) return found.wrong();
  return node.number;
}

// Bytes a second.
Value read_bandwidth(const Found& found) {
  if (found.node.type != Node::Type::text) return found.wrong();
  const auto bytes = parse_bandwidth(found.node.text);
  if (!bytes) return found.wrong();
  return static_cast<std::int64_t>(*bytes);
}

Value read_flag(const Found& found) {
  if (found.node.type != Node::Type::flag) return found.wrong();
  return found.node.number;
}

Value read_duration(const Found& found) {
  const auto parsed = parse_duration(found.node.text);
  if (found.node.type != Node::Type::text || !parsed) return found.wrong();
  return parsed->count();
}

Value read_lasting(const Found& found) {
  const auto parsed = parse_duration(found.node.text);
  if (found.node.type != Node::Type::text || !parsed || parsed->count() == 0) return found.wrong();
  return parsed->count();
}

Value read_whole(const Found& found) {
  if (found.node.type != Node::Type::integer) return found.wrong();
  return found.node.number;
}

Value read_shift(const Found& found) {
  const std::string_view text = found.node.text;
  if (found.node.type != Node::Type::text || text.empty()) return found.wrong();
  if (text.front() != '+' && text.front() != '-') return found.wrong();
  const auto parsed = parse_duration(text.substr(1));
  if (!parsed || parsed->count() == 0) return found.wrong();
  return text.front() == '-' ? -parsed->count() : parsed->count();
}

Value read_date(const Found& found) {
  if (found.node.type != Node::Type::text || !parse_date(found.node.text)) return found.wrong();
  return found.node.text;
}

Value read_clock(const Found& found) {
  const auto parsed = parse_clock(found.node.text, found.around.calendar);
  if (found.node.type != Node::Type::text || !parsed) return found.wrong();
  return parsed->count();
}

Value read_money(const Found& found) {
  if (found.node.type != Node::Type::text) return found.wrong();
  const auto amount = base::parse_money(found.node.text, found.around.currency);
  if (amount && amount->minor >= 0) return amount->minor;
  const base::Currency& currency = found.around.currency;
  found.problems.add(
      found.node.where,
      amount ? fmt::format("the amount '{}' is below 0", found.node.text) : amount.error().what,
      fmt::format("an amount of {} such as \"{}\"", currency.code,
                  base::format_money({420}, currency)));
  return std::nullopt;
}

Value read_quantity(const Found& found) {
  if (found.node.type != Node::Type::text) return found.wrong();
  const auto quantity = base::parse_quantity(found.node.text);
  if (!quantity || quantity->thousandths <= 0) return found.wrong();
  return quantity->thousandths;
}

// A list of single values, as one text with blanks between.
template <Value (*read_one)(const Found&)>
Value read_several(const Found& found) {
  if (found.node.type != Node::Type::list || found.node.list.empty()) return found.wrong();
  std::string texts;
  for (const Node& each : found.node.list) {
    if (!read_one(found.part(each))) return std::nullopt;
    if (!texts.empty()) texts += ' ';
    texts += each.type == Node::Type::integer ? fmt::format("{}", each.number) : each.text;
  }
  return texts;
}

Value read_rate(const Found& found) {
  if (found.node.type != Node::Type::text) return found.wrong();
  const auto rate = base::parse_rate(found.node.text);
  if (!rate) return found.wrong();
  return rate->basis_points;
}

std::string own_list(const Param& param) {
  return std::string(param.one_of);
}
std::string prompt_ids(const Param& param) {
  const std::string& ids = world::prompt_words();
  return param.one_of.empty() ? ids : fmt::format("{} {}", param.one_of, ids);
}

std::string shown_duration(std::int64_t ns, const base::Currency&) {
  return describe(Duration{ns});
}
std::string shown_money(std::int64_t minor, const base::Currency& currency) {
  return base::format_money(base::Money{minor}, currency);
}
std::string shown_quantity(std::int64_t thousandths, const base::Currency&) {
  return base::format_quantity(base::Quantity{thousandths});
}

std::string shown_rate(std::int64_t basis_points, const base::Currency&) {
  return base::format_quantity(base::Quantity{basis_points * 10}) + " %";
}
std::string shown_shift(std::int64_t ns, const base::Currency&) {
  return (ns < 0 ? "-" : "+") + describe(Duration{ns < 0 ? -ns : ns});
}
std::string shown_bandwidth(std::int64_t bytes_per_second, const base::Currency&) {
  return fmt::format("{}kbit/s", bytes_per_second * 8 / 1'000);
}
std::string shown_flag(std::int64_t flag, const base::Currency&) {
  return flag != 0 ? "true" : "false";
}

constexpr std::string_view kFromOne = R"({"type":"integer","minimum":1})";
constexpr std::string_view kDecimal = R"({"type":"string","pattern":"^[0-9]+(\\.[0-9]+)?$"})";

const Row<ValueKind> kText(
    {.name = "text", .told = "text", .wanted = "a text", .read = read_text, .list = own_list});
const Row<ValueKind> kInteger({.name = "integer",
                               .told = "whole number",
                               .wanted = "a whole number, 0 or more",
                               .read = read_number<0>,
                               .schema = R"({"type":"integer","minimum":0})"});
const Row<ValueKind> kCount({.name = "count",
                             .told = "whole number, from 1",
                             .wanted = "a whole number, 1 or more",
                             .read = read_number<1>,
                             .schema = kFromOne});
const Row<ValueKind> kLine({.name = "line",
                            .told = "line of the cart, from 1",
                            .wanted = "the number of a line of the cart, from 1",
                            .read = read_number<1>,
                            .schema = kFromOne});
const Row<ValueKind> kLines({.name = "lines",
                             .told = "lines of a sale, [1, 3]",
                             .wanted = "a list of lines of a sale, counted from 1: [1, 3]",
                             .read = read_several<read_number<1>>,
                             .schema = R"({"type":"array"})"});
const Row<ValueKind> kQuantities({.name = "quantities",
                                  .told = "quantities, [\"1\", \"0.5\"]",
                                  .wanted = "a list of quantities as texts: [\"1\", \"0.5\"]",
                                  .read = read_several<read_quantity>,
                                  .schema = R"({"type":"array"})"});
const Row<ValueKind> kFlag({.name = "flag",
                            .told = "true or false",
                            .wanted = "true or false",
                            .read = read_flag,
                            .schema = R"({"type":"boolean"})",
                            .shown = shown_flag});
const Row<ValueKind> kDuration(
    {.name = "duration",
     .told = "duration, \"20s\"",
     .wanted = "a duration with its unit, such as \"20s\", \"4h\" or \"1h30m\"",
     .read = read_duration,
     .schema = R"({"type":"string","pattern":"^([0-9]+(d|h|m|s|ms|us|ns))+$"})",
     .shown = shown_duration});
const Row<ValueKind> kLasting(
    {.name = "lasting",
     .told = "duration above 0, \"20s\"",
     .wanted = "a duration above 0 with its unit, such as \"20s\", \"4h\" or \"1h30m\"",
     .read = read_lasting,
     .schema = R"({"type":"string","pattern":"^([0-9]+(d|h|m|s|ms|us|ns))+$"})",
     .shown = shown_duration});
const Row<ValueKind> kWhole({.name = "whole",
                             .told = "whole number, below 0 too",
                             .wanted = "a whole number",
                             .read = read_whole,
                             .schema = R"({"type":"integer"})"});
const Row<ValueKind> kShift(
    {.name = "shift",
     .told = "shift, \"-3h\" or \"+2d\"",
     .wanted = "a duration above 0 with its sign and unit, such as \"-3h\" or \"+2d\"",
     .read = read_shift,
     .schema = R"({"type":"string","pattern":"^[+-]([0-9]+(d|h|m|s|ms|us|ns))+$"})",
     .shown = shown_shift});
const Row<ValueKind> kClock({.name = "clock",
                             .told = "time, \"14:30\" or \"open+2h\"",
                             .wanted = "a time such as \"08:30\", \"open+2h\" or \"close-10m\"",
                             .read = read_clock});
const Row<ValueKind> kDate({.name = "date",
                            .told = "date, \"2026-03-02\"",
                            .wanted = "a date of the calendar such as \"2026-03-02\"",
                            .read = read_date});
const Row<ValueKind> kMoney(
    {.name = "money",
     .told = "amount, \"4.20\"",
     .wanted = "an amount as a text, such as \"4.20\" (never a number: those are not exact)",
     .read = read_money,
     .schema = kDecimal,
     .shown = shown_money});
const Row<ValueKind> kQuantity({.name = "quantity",
                                .told = "quantity, \"0.250\"",
                                .wanted = "a quantity as a text, such as \"2\" or \"0.250\"",
                                .read = read_quantity,
                                .schema = kDecimal,
                                .shown = shown_quantity});
const Row<ValueKind> kRate(
    {.name = "rate",
     .told = "percentage, \"10\"",
     .wanted = "a percentage as a text from \"0\" to \"100\", such as \"10\"",
     .read = read_rate,
     .schema = kDecimal,
     .shown = shown_rate});
const Row<ValueKind> kBandwidth(
    {.name = "bandwidth",
     .told = "bandwidth, \"64kbit/s\", \"10Mbit/s\" or \"1MB/s\"",
     .wanted = "a bandwidth such as \"64kbit/s\", \"10Mbit/s\" or \"1MB/s\"",
     .read = read_bandwidth,
     .shown = shown_bandwidth});
const Row<ValueKind> kPrompt({.name = "prompt",
                              .told = "prompt",
                              .wanted = "the id of a prompt",
                              .read = read_text,
                              .list = prompt_ids});

}  // namespace
}  // namespace tillrig::scenario::plain
