#include "sim/scenario/read/values.hpp"

#include "sim/words/mark.hpp"
#include "sim/world/prompt_words.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>

namespace tillrig::scenario {
namespace {

using namespace std::chrono_literals;  // NOLINT(google-build-using-namespace)
using words::Kind;
using words::Param;

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

std::string_view wanted(Kind kind) {
  switch (kind) {
    case Kind::text:
      return "a text";
    case Kind::integer:
      return "a whole number, 0 or more";
    case Kind::count:
      return "a whole number, 1 or more";
    case Kind::flag:
      return "true or false";
    case Kind::duration:
      return "a duration with its unit, such as \"20s\", \"4h\" or \"1h30m\"";
    case Kind::money:
      return "an amount as a text, such as \"4.20\" (never a number: those are not exact)";
    case Kind::quantity:
      return "a quantity as a text, such as \"2\" or \"0.250\"";
    case Kind::rate:
      return "a percentage as a text from \"0\" to \"100\", such as \"10\"";
    case Kind::till:
      return "the name of a till, or \"*\"";
    case Kind::item:
      return "the SKU of an item of the fixture, or a list of them";
    case Kind::sale:
      return "\"last\", \"last-1\", \"first\" or \"#3\" (the third sale of the run)";
    case Kind::line:
      return "the number of a line of the cart, from 1";
    case Kind::clock:
      return "a time such as \"08:30\", \"open+2h\" or \"close-10m\"";
    case Kind::mark:
      return "a mark such as \"ledger.synced#40@till-1\"";
    case Kind::prompt:
      return "the id of a prompt";
  }
  return "a value";
}

// One value on its way into the arguments.
class ValueReader {
 public:
  ValueReader(const Param& param, const Node& value, const Surroundings& around, words::Args& args,
              Problems& problems)
      : param_(param), value_(value), around_(around), args_(args), problems_(problems) {}

  void read() {
    switch (param_.kind) {
      case Kind::text:
        return read_text(param_.one_of);
      case Kind::prompt:
        return read_text(prompt_list(param_));
      case Kind::integer:
        return read_number(0);
      case Kind::count:
      case Kind::line:
        return read_number(1);
      case Kind::flag:
        if (value_.type != Node::Type::flag) return wrong();
        return set(value_.number);
      case Kind::duration:
        return read_parsed(parse_duration(value_.text));
      case Kind::clock:
        return read_parsed(parse_clock(value_.text, around_.calendar));
      case Kind::money:
        return read_money();
      case Kind::quantity:
        return read_quantity();
      case Kind::rate:
        return read_rate();
      case Kind::till:
        return read_till();
      case Kind::item:
        return read_items();
      case Kind::sale:
        return read_sale();
      case Kind::mark:
        return read_mark();
    }
  }

 private:
  void wrong() {
    problems_.add(value_.where, fmt::format("{} is {}", param_.name, as_found(value_)),
                  std::string(wanted(param_.kind)));
  }
  void set(words::Args::Value value) { args_.set(std::string(param_.name), std::move(value)); }

  void read_text(std::string_view one_of) {
    if (value_.type != Node::Type::text || value_.text.empty()) return wrong();
    if (!one_of.empty() && !is_one_of(value_.text, one_of)) {
      return problems_.unknown(value_.where, fmt::format("value of {}", param_.name), value_.text,
                               split(one_of));
    }
    set(value_.text);
  }
  void read_number(std::int64_t least) {
    if (value_.type != Node::Type::integer || value_.number < least) return wrong();
    set(value_.number);
  }
  void read_parsed(std::optional<Duration> parsed) {
    if (value_.type != Node::Type::text || !parsed) return wrong();
    set(parsed->count());
  }
  void read_money() {
    if (value_.type != Node::Type::text) return wrong();
    const auto amount = base::parse_money(value_.text, around_.currency);
    if (!amount || amount->minor < 0) return wrong();
    set(amount->minor);
  }
  void read_quantity() {
    if (value_.type != Node::Type::text) return wrong();
    const auto quantity = base::parse_quantity(value_.text);
    if (!quantity || quantity->thousandths <= 0) return wrong();
    set(quantity->thousandths);
  }
  void read_rate() {
    if (value_.type != Node::Type::text) return wrong();
    const auto rate = base::parse_rate(value_.text);
    if (!rate) return wrong();
    set(rate->basis_points);
  }
  void read_till() {
    if (value_.type != Node::Type::text) return wrong();
    const auto& tills = around_.tills;
    if (value_.text != "*" && std::find(tills.begin(), tills.end(), value_.text) == tills.end()) {
      return problems_.unknown(value_.where, "till", value_.text, tills);
    }
    set(value_.text);
  }
  bool is_item(const Node& node) {
    if (node.type != Node::Type::text) {
      problems_.add(node.where, fmt::format("{} is {}", param_.name, as_found(node)),
                    std::string(wanted(param_.kind)));
      return false;
    }
    const auto& items = around_.items;
    if (items.empty()) return false;  // there is no shop, as was said where it is named
    if (std::find(items.begin(), items.end(), node.text) != items.end()) return true;
    problems_.unknown(node.where, "item", node.text, items);
    return false;
  }
  void read_items() {
    if (value_.type != Node::Type::list) {
      if (is_item(value_)) set(value_.text);
      return;
    }
    if (value_.list.empty()) return wrong();
    std::string skus;
    for (const Node& each : value_.list) {
      if (!is_item(each)) return;
      skus += (skus.empty() ? "" : " ") + each.text;
    }
    set(skus);
  }
  void read_sale() {
    if (value_.type != Node::Type::text) return wrong();
    const std::string_view text = value_.text;
    bool good = text == "last" || text == "first";
    if (text.starts_with("last-")) good = whole(text.substr(5)).value_or(0) > 0;
    if (text.starts_with("#")) good = whole(text.substr(1)).value_or(0) > 0;
    if (!good) return wrong();
    set(value_.text);
  }
  void read_mark() {
    if (value_.type != Node::Type::text) return wrong();
    const auto point = parse_mark(value_.text);
    if (!point) return wrong();
    if (words::Table<words::Mark>::find(point->mark) == nullptr) {
      std::vector<std::string_view> valid;
      for (const auto* row : words::Table<words::Mark>::all()) valid.push_back(row->name);
      return problems_.unknown(value_.where, "mark", point->mark, valid);
    }
    std::vector<std::string_view> places = around_.tills;
    places.push_back("cloud");
    if (!point->lane.empty() &&
        std::find(places.begin(), places.end(), point->lane) == places.end()) {
      return problems_.unknown(value_.where, "till", point->lane, places);
    }
    set(value_.text);
  }

  const Param& param_;
  const Node& value_;
  const Surroundings& around_;
  words::Args& args_;
  Problems& problems_;
};

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

std::optional<Duration> parse_clock(std::string_view text, const Calendar& calendar) {
  text = trim(text);
  const bool from_open = text.starts_with("open");
  const bool from_close = text.starts_with("close");
  if (!from_open && !from_close) {
    if (const auto of_day = time_of_day(text)) {
      if (*of_day < calendar.opens) return {};
      return *of_day - calendar.opens;
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
  if (!opens || !closes || *opens >= *closes) return {};
  return Calendar{*opens, *closes};
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

void read_value(const Param& param, const Node& value, const Surroundings& around,
                words::Args& args, Problems& problems) {
  ValueReader(param, value, around, args, problems).read();
}

std::string prompt_list(const words::Param& param) {
  return param.one_of.empty() ? world::prompt_words()
                              : fmt::format("{} {}", param.one_of, world::prompt_words());
}

}  // namespace tillrig::scenario
