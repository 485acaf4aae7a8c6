// The vocabulary says of itself only what is true.
#include "sim/scenario/read/kind.hpp"
#include "sim/scenario/read/step.hpp"
#include "sim/scenario/read/words_text.hpp"
#include "sim/words/fault.hpp"
#include "sim/words/mark.hpp"
#include "tests/sim/scenario/shipped.hpp"

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include <algorithm>

namespace tillrig::scenario {
namespace {

const std::string kWordsNear = std::string(TILLRIG_SOURCE_DIR) + "/scenarios/x.toml";

void expect_good(std::string_view name, const std::string& text) {
  for (const Problem& problem : load_text(text, kWordsNear).problems) {
    ADD_FAILURE() << name << ": " << sentence(problem) << "\n" << text;
  }
}

// Few words need a second till.
std::string_view store_for(std::string_view line) {
  return line.find("till-2") == std::string_view::npos
             ? ""
             : "[store]\ntills = [\"till-1\", \"till-2\"]\n";
}

std::string in_phase(std::string_view key, std::string_view line) {
  return fmt::format("title = \"t\"\n{}[[phase]]\nname = \"p\"\n{} = [\n{}\n]\n", store_for(line),
                     key, line);
}

template <class T>
void expect_kinds_have_rows() {
  for (const auto* row : words::Table<T>::all()) {
    for (const words::Param& param : row->params) {
      EXPECT_NE(words::Table<ValueKind>::find(param.kind), nullptr)
          << row->name << " takes " << param.name << ", of a kind \"" << param.kind << "\"";
    }
  }
}

TEST(Words, EveryParameterIsOfAKindThatTheParserCanRead) {
  expect_kinds_have_rows<Step>();
  expect_kinds_have_rows<words::Fault>();
  expect_kinds_have_rows<Expectation>();
}

TEST(Words, EveryExampleIsALineOfAScenario) {
  for (const auto* row : words::Table<Step>::all()) {
    expect_good(row->name, in_phase("do", row->example));
  }
  for (const auto* row : words::Table<words::Fault>::all()) {
    expect_good(row->name, in_phase("do", row->example));
  }
  for (const auto* row : words::Table<Expectation>::all()) {
    expect_good(row->name, in_phase("expect", row->example));
  }
  for (const auto* row : words::Table<words::Mark>::all()) {
    expect_good(row->name,
                fmt::format("title = \"t\"\n[[when]]\n{}\ndo = []\n[[phase]]\nname = \"p\"\n",
                            row->example));
  }
}

bool takes(const words::Word& row, std::string_view key) {
  return std::any_of(row.params.begin(), row.params.end(),
                     [&](const words::Param& param) { return param.name == key; });
}

TEST(Words, EveryRowIsCompleteAndNamedOnce) {
  std::string last;
  for (const auto* row : words::Table<Step>::all()) {
    EXPECT_NE(row->name, last);
    EXPECT_FALSE(row->doc.empty() || row->example.empty() || row->plain.empty()) << row->name;
    EXPECT_NE(row->play, nullptr) << row->name;
    last = row->name;
  }
  for (const auto* row : words::Table<Expectation>::all()) {
    EXPECT_FALSE(row->doc.empty() || row->example.empty() || row->plain.empty()) << row->name;
    ASSERT_FALSE(row->params.empty()) << row->name;
    EXPECT_EQ(row->params.front().name, row->name) << "its own key stands first";
    for (const KeyRule& rule : row->rules) {
      EXPECT_TRUE(takes(*row, rule.key)) << row->name;
      for (const auto key : split(rule.needs)) EXPECT_TRUE(takes(*row, key)) << row->name;
      for (const auto key : split(rule.without)) EXPECT_TRUE(takes(*row, key)) << row->name;
    }
  }
}

TEST(Words, ListAndExplainShowEveryRow) {
  for (const std::string_view what : lists()) {
    const auto listed = list_words(what);
    ASSERT_TRUE(listed) << what;
    EXPECT_FALSE(listed->empty()) << what;
  }
  const auto about = explain_word("power-cut");
  ASSERT_TRUE(about);
  EXPECT_NE(about->find("none prefix all torn"), std::string::npos) << *about;
  const auto rules = explain_word("outbox");
  ASSERT_TRUE(rules);
  EXPECT_NE(rules->find("outbox needs one of: pending, quarantined, uploaded"), std::string::npos)
      << *rules;
  EXPECT_EQ(list_words("stpes").error().what,
            "there is no list \"stpes\"; did you mean \"steps\"?");
  EXPECT_EQ(explain_word("wan.dwon").error().what,
            "there is no word \"wan.dwon\"; did you mean \"wan.down\"?");
}

TEST(Words, TheSchemaIsJsonAndKnowsEveryStep) {
  boost::system::error_code bad;
  const auto schema = boost::json::parse(scenario::schema(), bad);
  ASSERT_FALSE(bad);
  const auto& acts =
      schema.at("definitions").at("action").at("properties").at("act").at("anyOf").at(0).at("enum");
  EXPECT_EQ(acts.as_array().size(), words::Table<Step>::all().size() - 1);  // wait is a key itself
  EXPECT_EQ(schema.at("$schema").as_string(), "http://json-schema.org/draft-07/schema#");
  EXPECT_TRUE(schema.at("properties").at("phase").at("items").is_object());
}

TEST(Words, EveryShippedScenarioIsGoodAndCanBeToldInEnglish) {
  const std::vector<std::string> files = shipped_scenarios();
  EXPECT_GE(files.size(), 10U);
  const Checked checked = check_files(files);
  EXPECT_TRUE(checked.good) << checked.text;
  for (const std::string& file : files) {
    for (const Plan& plan : load(file).plans) {
      const std::string text = explain_plan(plan);
      EXPECT_EQ(text.find('{'), std::string::npos) << text;
      EXPECT_NE(text.find(plan.title), std::string::npos);
    }
  }
}

}  // namespace
}  // namespace tillrig::scenario
