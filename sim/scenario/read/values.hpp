#pragma once

#include "pos/base/money.hpp"
#include "pos/base/time.hpp"
#include "sim/scenario/read/problem.hpp"
#include "sim/scenario/read/source.hpp"
#include "sim/words/args.hpp"
#include "sim/words/word.hpp"
#include "sim/world/shop.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tillrig::scenario {

using base::Duration;

// The trading calendar: named times, as durations from the opening of the first day.
struct Calendar {
  Duration opens = std::chrono::hours(8);    // of the day
  Duration closes = std::chrono::hours(18);  // likewise; past 24 hours: of the next one
  Duration turns{};                          // so long after midnight it is still the day before
};

// What values are checked against.
struct Surroundings {
  std::vector<std::string_view> tills;
  const world::Shop* shop = nullptr;
  base::Currency currency{"EUR", 2};
  Calendar calendar;
};

// "250ms", "20s", "1h30m", "2d". Nothing negative, nothing without a unit.
std::optional<Duration> parse_duration(std::string_view text);
// "45s ~20s": about every 45 s, give or take 20.
struct Spread {
  Duration mean{};
  Duration give_or_take{};
};
std::optional<Spread> parse_spread(std::string_view text);
// "1..3": from so many to so many items of a sale, both from 1 to kMostGoods.
constexpr std::int64_t kMostGoods = 100;
struct Range {
  std::int64_t least = 1;
  std::int64_t most = 3;
};
std::optional<Range> parse_range(std::string_view text);
// "64kbit/s", "10Mbit/s", "1MB/s" as bytes a second.
std::optional<std::uint64_t> parse_bandwidth(std::string_view text);
// Whether a sale is meant by its place among all of a run, "last", "last-1", "first", "#3", and not
// by a name.
bool by_place(std::string_view sale);
// A time of the calendar, from the opening on: "open+2h", "close-10m", "12:30", "2h".
std::optional<Duration> parse_clock(std::string_view text, const Calendar& calendar);
// "08:00..18:00"; "18:00..02:00" closes after midnight.
std::optional<Calendar> parse_day(std::string_view text);
// "2026-03-02": its midnight, in ms since 1970.
std::optional<std::int64_t> parse_date(std::string_view text);

// "ledger.synced#40@till-1": without a number the first, without a place anywhere.
struct MarkPoint {
  std::string mark;
  std::uint64_t count = 1;
  std::string lane;  // empty: any
};
std::optional<MarkPoint> parse_mark(std::string_view text);

// "cash card" as its words.
std::vector<std::string_view> split(std::string_view words);
// Whether a value is one of a closed list; a word of it that ends in * stands for all that begin
// so.
bool is_one_of(std::string_view value, std::string_view list);

std::string describe(Duration duration);  // "1h30m"

// Checks one value against what its parameter takes and puts it under the parameter's name.
void read_value(const words::Param& param, const Node& value, const Surroundings& around,
                words::Args& args, Problems& problems);

}  // namespace tillrig::scenario
