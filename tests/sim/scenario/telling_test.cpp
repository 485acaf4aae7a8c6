// `tillrig explain FILE` keeps nothing back: a key that is added or changed is heard.
#include "sim/scenario/read/document.hpp"
#include "sim/scenario/read/frame.hpp"
#include "sim/scenario/read/kind.hpp"
#include "sim/scenario/read/step.hpp"
#include "sim/scenario/read/words_text.hpp"
#include "sim/words/fault.hpp"
#include "tests/sim/scenario/shipped.hpp"

#include <gtest/gtest.h>

#include <map>

namespace tillrig::scenario {
namespace {

const std::string kTellingNear = std::string(TILLRIG_SOURCE_DIR) + "/scenarios/x.toml";

// All that is told of a file's runs; empty: it is not good.
std::string telling(const Scenario& scenario) {
  std::string text;
  for (const Plan& plan : scenario.plans) text += explain_plan(plan);
  return text;
}
std::string telling_of(const std::string& text) {
  return telling(load_text(text, kTellingNear));
}

// The forms in which a value may be told.
std::vector<std::string> forms_of(const Node& value, const Calendar& calendar) {
  if (value.type == Node::Type::integer) return {fmt::format("{}", value.number)};
  std::vector<std::string> forms{value.text};
  if (const auto lasts = parse_duration(value.text)) forms.push_back(describe(*lasts));
  if (const auto time = parse_clock(value.text, calendar)) forms.push_back(describe(*time));
  if (const auto spread = parse_spread(value.text)) forms.push_back(describe(spread->mean));
  if (const auto range = parse_range(value.text)) {
    forms.push_back(fmt::format("{} to {} items", range->least, range->most));
  }
  if (const auto mark = parse_mark(value.text)) forms.push_back("the mark " + mark->mark);
  if (const auto* step = words::Table<Step>::find(value.text)) {
    const std::string_view plain = step->plain;
    const std::size_t begin = plain.starts_with('{') ? plain.find('}') + 1 : 0;
    forms.emplace_back(plain.substr(begin, plain.find('{', begin) - begin));
    while (forms.back().ends_with(' ')) forms.back().pop_back();
  }
  return forms;
}

// A flag is told as a half sentence of its own.
std::vector<std::string> forms_of_flag(std::string_view key, const Node& value) {
  if (key == "optional") return {"if it finds anything to do", "if it comes", "may be unable"};
  return {fmt::format("{} {}", key, value.number != 0 ? "true" : "false"),
          fmt::format("{}: {}", key, value.number != 0 ? "true" : "false")};
}

void expect_told(const Node& node, std::string_view key, const Calendar& calendar,
                 const std::string& text, const std::string& file) {
  for (const Node& each : node.list) expect_told(each, key, calendar, text, file);
  for (const Entry& each : node.table) expect_told(each.value, each.key, calendar, text, file);
  if (node.type == Node::Type::list || node.type == Node::Type::table) return;
  if (node.text.starts_with('{')) return;  // the case's value is told in its place
  const auto forms =
      node.type == Node::Type::flag ? forms_of_flag(key, node) : forms_of(node, calendar);
  const bool told = std::any_of(forms.begin(), forms.end(), [&](const std::string& form) {
    return text.find(form) != std::string::npos;
  });
  EXPECT_TRUE(told) << file << ":" << node.where.line << ": " << key << " = " << as_found(node)
                    << " is not told in\n"
                    << text;
}

TEST(Telling, OfAFileNamesEachOfItsValues) {
  for (const std::string& file : shipped_scenarios()) {
    const Scenario scenario = load(file);
    ASSERT_FALSE(scenario.plans.empty()) << file;
    Calendar calendar;
    const Entry* const store = scenario.plans.front().document->root().find("store");
    if (store != nullptr && store->value.find("day") != nullptr) {
      calendar = *parse_day(store->value.find("day")->value.text);
    }
    expect_told(scenario.plans.front().document->root(), "", calendar, telling(scenario), file);
  }
}

// A value of each kind, as it would stand in a file.
const std::map<std::string_view, std::string, std::less<>> kSamples = {
    {"text", "\"sample\""},
    {"integer", "7"},
    {"whole", "-7"},
    {"shift", "\"-7h\""},
    {"count", "7"},
    {"line", "7"},
    {"flag", "true"},
    {"duration", "\"7s\""},
    {"lasting", "\"7s\""},
    {"clock", "\"open+7m\""},
    {"money", "\"7.77\""},
    {"quantity", "\"7\""},
    {"rate", "\"7\""},
    {"till", "\"till-1\""},
    {"tills", "[\"till-1\"]"},
    {"item", "\"bread\""},
    {"items", "\"bread\""},
    {"customer", "\"ben\""},
    {"sale", "\"#7\""},
    {"name", "\"seven\""},
    {"lines", "[7]"},
    {"quantities", "[\"7\"]"},
    {"paper", "\"sale:#7\""},
    {"mark", "\"scan.read\""},
    {"prompt", "\"printer\""},
    {"button", "\"Continue\""},
    {"step", "\"enter\""},
    {"books", "\"sale:#7\""},
    {"spread", "\"7s ~3s\""},
    {"goods", "[\"bread\"]"},
    {"names", "[\"till-7\"]"},
    {"day", "\"07:00..17:00\""},
    {"date", "\"2026-03-28\""},
    {"bandwidth", "\"7MB/s\""},
    {"version", "\"1.14.7\""},
    {"beds", "[\"virtual\"]"},
    {"tags", "[\"sample\"]"},
    {"requirements", "[\"OUT-07\"]"},
    {"mutants", "[\"no_dedupe\"]"},
    {"answers", "{ printer = \"OK\" }"}};

std::string sample_of(const words::Param& param) {
  const std::string closed = closed_list(param);
  const auto list = split(closed);
  if (!list.empty() && list.back().find('*') == std::string_view::npos) {
    return fmt::format("\"{}\"", list.back());
  }
  const auto found = kSamples.find(param.kind);
  EXPECT_TRUE(found != kSamples.end() || kind_of(param).read == nullptr)
      << "a sample of the kind " << param.kind << " is missing";
  return found == kSamples.end() ? std::string() : found->second;
}

// The example of a row with a key more, or with another value for it.
std::string with_key(std::string line, const words::Param& param, const std::string& value) {
  const std::string key = fmt::format(" {} = ", param.name);
  const std::size_t at = line.find(key);
  if (at == std::string::npos) {
    line.insert(line.rfind('}'), fmt::format(", {} = {} ", param.name, value));
    return line;
  }
  const std::size_t begin = at + key.size();
  const std::size_t end =
      line[begin] == '[' ? line.find(']', begin) + 1 : line.find_first_of(", }", begin);
  return line.replace(begin, end - begin, value);
}

template <class Row>
void expect_every_key_is_heard(std::string_view list) {
  int heard = 0;
  for (const Row* row : words::Table<Row>::all()) {
    const auto file = [&](const std::string& line) {
      const bool two = line.find("till-2") != std::string::npos;
      return fmt::format("title = \"t\"\n{}[[phase]]\nname = \"p\"\n{} = [\n{}\n]\n",
                         two ? "[store]\ntills = [\"till-1\", \"till-2\"]\n" : "", list, line);
    };
    const std::string plain = telling_of(file(std::string(row->example)));
    EXPECT_NE(plain, "") << row->name;
    for (const words::Param& param : row->params) {
      if (param.name == "till") continue;  // there is one
      const std::string line = with_key(std::string(row->example), param, sample_of(param));
      if (line == row->example) continue;
      const std::string more = telling_of(file(line));
      if (more.empty()) continue;  // the two do not go together
      ++heard;
      EXPECT_NE(more, plain) << row->name << ": " << param.name << " is not told";
    }
  }
  EXPECT_GE(heard, 10);
}

TEST(Telling, OfALineHearsEveryKey) {
  expect_every_key_is_heard<Step>("do");
  expect_every_key_is_heard<words::Fault>("do");
  expect_every_key_is_heard<Expectation>("expect");
}

TEST(Telling, OfATableHearsEveryKey) {
  const std::map<std::string_view, std::string, std::less<>> bases = {
      {"scenario", ""},
      {"flow", "[[flow]]\nevery = \"1m\"\n"},
      {"at", "[[at]]\ntime = \"open\"\ndo = []\n"},
      {"when", "[[when]]\nmark = \"sale.begun\"\ndo = []\n"},
      {"store", "[store]\n"},
      {"line", "[store.line]\n"},
      {"disk", "[store.disk]\n"},
      {"beds", "[beds]\n"}};
  for (const auto& [name, base] : bases) {
    for (const words::Param& param : frame(name).params) {
      const std::string value = sample_of(param);
      if (value.empty() || param.name == "fixture" || param.name == "act") continue;
      if (base.find(fmt::format("\n{} = ", param.name)) != std::string::npos) continue;
      std::string line = fmt::format("{} = {}\n", param.name, value);
      if (param.name == "every" && name == "at") line += "times = 3\n";
      if (param.name == "times") line += "every = \"9s\"\n";
      const auto file = [&](const std::string& more) {
        const std::string head = name == "scenario" ? more : "";
        const std::string tail = name == "scenario" ? "" : base + more;
        const std::string title = param.name == "title" && !more.empty() ? "" : "title = \"t\"\n";
        return title + head + "[[phase]]\nname = \"p\"\n" + tail;
      };
      const std::string more = telling_of(file(line));
      EXPECT_NE(more, "") << file(line);
      EXPECT_NE(more, telling_of(file(""))) << name << ": " << param.name << " is not told";
    }
  }
}

}  // namespace
}  // namespace tillrig::scenario
