#include "sim/scenario/read/values.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace tillrig::scenario {
namespace {

using namespace std::chrono_literals;  // NOLINT(google-build-using-namespace)

struct Unit {
  std::string_view name;
  std::int64_t ns;
};
constexpr Unit kUnits[] = {{"d", 86'400'000'000'000},
                           {"h", 3'600'000'000'000},
                           {"m", 60'000'000'000},
                           {"s", 1'000'000'000},
                           {"ms", 1'000'000},
                           {"us", 1'000},
                           {"ns", 1}};

std::string_view trim(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

std::optional<std::int64_t> whole(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || text.empty()) return {};
  return value;
}

// "08:30" as the time since midnight.
std::optional<Duration> time_of_day(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos || text.size() != 5 || colon != 2) return {};
  const auto hours = whole(text.substr(0, 2));
  const auto minutes = whole(text.substr(3));
  if (!hours || !minutes || *hours < 0 || *hours > 23 || *minutes < 0 || *minutes > 59) return {};
  return std::chrono::hours(*hours) + std::chrono::minutes(*minutes);
}

}  // namespace

std::vector<std::string_view> split(std::string_view text) {
  std::vector<std::string_view> words;
  while (!(text = trim(text)).empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    words.push_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  return words;
}

bool is_one_of(std::string_view value, std::string_view list) {
  const auto words = split(list);
  return std::any_of(words.begin(), words.end(), [&](std::string_view word) {
    if (!word.ends_with('*')) return value == word;
    word.remove_suffix(1);
    return value.size() > word.size() && value.starts_with(word);
  });
}

std::optional<Duration> parse_duration(std::string_view text) {
  text = trim(text);
  if (text.empty()) return {};
  std::int64_t total = 0;
  while (!text.empty()) {
    std::size_t digits = 0;
    while (digits < text.size() && text[digits] >= '0' && text[digits] <= '9') ++digits;
    const auto count = whole(text.substr(0, digits));
    if (!count) return {};
    std::size_t end = digits;
    while (end < text.size() && text[end] >= 'a' && text[end] <= 'z') ++end;
    const std::string_view word = text.substr(digits, end - digits);
    const auto* unit = std::find_if(std::begin(kUnits), std::end(kUnits),
                                    [&](const Unit& each) { return each.name == word; });
    if (unit == std::end(kUnits)) return {};
    std::int64_t part = 0;
    if (__builtin_mul_overflow(*count, unit->ns, &part)) return {};
    if (__builtin_add_overflow(total, part, &total)) return {};
    text.remove_prefix(end);
  }
  return Duration{total};
}

std::optional<Spread> parse_spread(std::string_view text) {
  const std::size_t about = text.find('~');
  const auto mean = parse_duration(text.substr(0, about));
  if (!mean || *mean <= 0ns) return {};
  Spread spread{*mean, {}};
  if (about == std::string_view::npos) return spread;
  const auto around = parse_duration(text.substr(about + 1));
  if (!around || *around >= *mean) return {};
  spread.give_or_take = *around;
  return spread;
}

std::optional<Range> parse_range(std::string_view text) {
  const std::size_t dots = text.find("..");
  if (dots == std::string_view::npos) return {};
  const auto least = whole(text.substr(0, dots));
  const auto most = whole(text.substr(dots + 2));
  if (!least || !most || *least < 1 || *most < *least || *most > kMostGoods) return {};
  return Range{*least, *most};
}

std::optional<std::uint64_t> parse_bandwidth(std::string_view text) {
  struct Rate {
    std::string_view name;
    std::uint64_t bits;
  };
  constexpr std::uint64_t kByte = 8;
  constexpr Rate kRates[] = {{"kbit/s", 1'000},
                             {"Mbit/s", 1'000'000},
                             {"kB/s", kByte * 1'000},
                             {"MB/s", kByte * 1'000'000}};
  std::uint64_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  constexpr std::uint64_t kMost = 1'000'000;
  if (error != std::errc() || count == 0 || count > kMost) return {};
  std::string_view unit(end, static_cast<std::size_t>(text.data() + text.size() - end));
  while (!unit.empty() && unit.front() == ' ') unit.remove_prefix(1);
  for (const Rate& each : kRates) {
    if (each.name == unit) return std::max<std::uint64_t>(count * each.bits / kByte, 1);
  }
  return {};
}

std::optional<Duration> parse_clock(std::string_view text, const Calendar& calendar) {
  text = trim(text);
  const bool from_open = text.starts_with("open");
  const bool from_close = text.starts_with("close");
  if (!from_open && !from_close) {
    if (const auto of_day = time_of_day(text)) {
      const bool next = calendar.closes > 24h && *of_day < calendar.opens;
      if (*of_day < calendar.opens && !next) return {};
      return *of_day - calendar.opens + (next ? 24h : 0h);
    }
    return parse_duration(text);
  }
  const Duration base = from_open ? Duration{} : calendar.closes - calendar.opens;
  text.remove_prefix(from_open ? 4 : 5);
  if (text.empty()) return base;
  const auto shift = parse_duration(text.substr(1));
  if (!shift || (text.front() != '+' && text.front() != '-')) return {};
  const Duration at = text.front() == '+' ? base + *shift : base - *shift;
  if (at < 0ns) return {};
  return at;
}

std::optional<Calendar> parse_day(std::string_view text) {
  const std::size_t dots = text.find("..");
  if (dots == std::string_view::npos) return {};
  const auto opens = time_of_day(text.substr(0, dots));
  const auto closes = time_of_day(text.substr(dots + 2));
  if (!opens || !closes || *opens == *closes) return {};
  // One that closes after midnight is the day of its opening until the middle of its rest.
  if (*opens < *closes) return Calendar{*opens, *closes, {}};
  return Calendar{*opens, *closes + 24h, *closes + (*opens - *closes) / 2};
}

std::optional<std::int64_t> parse_date(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return {};
  const auto year = whole(text.substr(0, 4));
  const auto month = whole(text.substr(5, 2));
  const auto day = whole(text.substr(8, 2));
  if (!year || !month || !day || *year < 2000 || *month < 1 || *day < 1) return {};
  const std::chrono::year_month_day date{std::chrono::year(static_cast<int>(*year)),
                                         std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok()) return {};
  return std::chrono::milliseconds(std::chrono::sys_days(date).time_since_epoch()).count();
}

std::optional<MarkPoint> parse_mark(std::string_view text) {
  MarkPoint point;
  const std::size_t at = text.find('@');
  if (at != std::string_view::npos) {
    point.lane = text.substr(at + 1);
    if (point.lane.empty()) return {};
    text = text.substr(0, at);
  }
  const std::size_t hash = text.find('#');
  if (hash != std::string_view::npos) {
    const auto count = whole(text.substr(hash + 1));
    if (!count || *count < 1) return {};
    point.count = static_cast<std::uint64_t>(*count);
    text = text.substr(0, hash);
  }
  if (text.empty()) return {};
  point.mark = text;
  return point;
}

bool by_place(std::string_view sale) {
  const auto counts = [](std::string_view text) {
    const auto number = whole(text);
    return number && *number > 0;
  };
  return sale == "last" || sale == "first" ||
         (sale.starts_with("last-") && counts(sale.substr(5))) ||
         (sale.starts_with("#") && counts(sale.substr(1)));
}

std::string describe(Duration duration) {
  std::int64_t left = duration.count();
  if (left == 0) return "0s";
  std::string text;
  for (const Unit& unit : kUnits) {
    if (const std::int64_t count = left / unit.ns; count > 0) {
      text += fmt::format("{}{}", count, unit.name);
      left %= unit.ns;
    }
  }
  return text;
}

}  // namespace tillrig::scenario
