// The tables around the lines say of themselves only what is true.
#include "sim/scenario/read/frame.hpp"

#include "sim/scenario/read/kind.hpp"
#include "sim/scenario/read/plan.hpp"
#include "sim/scenario/read/words_text.hpp"

#include <gtest/gtest.h>

namespace tillrig::scenario {
namespace {

const std::string kFrameNear = std::string(TILLRIG_SOURCE_DIR) + "/scenarios/x.toml";

std::string problems_of(const std::string& text) {
  std::string all;
  for (const Problem& problem : load_text(text, kFrameNear).problems) all += sentence(problem);
  return all;
}

TEST(Frame, EveryKeyIsOfAKindThatHasARowAndSaysWhatHoldsWithoutIt) {
  for (const Frame* row : frames()) {
    EXPECT_FALSE(row->doc.empty() || row->example.empty() || row->form.empty()) << row->name;
    for (const words::Param& param : row->params) {
      EXPECT_NE(words::Table<ValueKind>::find(param.kind), nullptr) << row->name << param.name;
      const bool part = param.kind == FrameKind::table || param.kind == FrameKind::tables;
      EXPECT_TRUE(part || param.required != !param.otherwise.empty())
          << row->name << " does not say whether " << param.name << " is needed";
    }
  }
}

TEST(Frame, EveryExampleIsGood) {
  const std::string story = "title = \"t\"\n";
  const std::string phase = "[[phase]]\nname = \"p\"\n";
  for (const Frame* row : frames()) {
    const std::string example(row->example);
    std::string text;
    if (row->name == "scenario") {
      text = example + phase;
    } else if (row->name == "expect") {
      text = story + phase + "expect = [\n" + example + "\n]\n";
    } else if (row->name == "heal") {
      text = story + phase + "do = [ { fault = \"wan.down\" },\n" + example + "\n]\n";
    } else if (row->name == "fault") {
      text = story + phase + "do = [\n" + example + "\n]\n";
    } else {
      text = story + example;
      if (text.find("[[phase]]") == std::string::npos) text += phase;
    }
    EXPECT_EQ(problems_of(text), "") << text;
  }
}

TEST(Frame, ExplainKnowsEveryTableAndKey) {
  for (const Frame* row : frames()) {
    EXPECT_TRUE(explain_word(row->name)) << row->name;
    for (const words::Param& param : row->params) {
      const auto about = explain_word(param.name);
      ASSERT_TRUE(about) << param.name;
    }
  }
  const auto every = explain_word("within");
  ASSERT_TRUE(every);
  EXPECT_NE(every->find("at most 3650d"), std::string::npos) << *every;
  EXPECT_NE(every->find("left out: at once"), std::string::npos) << *every;
  EXPECT_EQ(explain_word("flwo").error().what, "there is no word \"flwo\"; did you mean \"flow\"?");
}

// What the page says is left out holds: a file that says it in words is the same plan.
TEST(Frame, WhatIsLeftOutIsAsThePageSays) {
  for (const Frame* row : frames()) {
    if (row->name != "flow" && row->name != "store" && row->name != "scenario") continue;
    for (const words::Param& param : row->params) {
      std::string value(param.otherwise);
      if (value.empty() || value == "none" || value.find(' ') != std::string::npos) continue;
      if (param.kind == words::Kind::lasting) value = "\"" + value + "\"";
      const std::string said = std::string(param.name) + " = " + value + "\n";
      const auto text = [&](const std::string& line) {
        const bool top = row->name == "scenario";
        return "title = \"t\"\n" + (top ? line : "") +
               "[[phase]]\nname = \"p\"\n[[flow]]\nevery = \"9s\"\n" +
               (row->name == "flow" ? line : "") + "[store]\n" + (row->name == "store" ? line : "");
      };
      EXPECT_EQ(problems_of(text(said)), "") << said;
      const Scenario with = load_text(text(said), kFrameNear);
      const Scenario without = load_text(text(""), kFrameNear);
      ASSERT_EQ(with.plans.size(), 1U) << said;
      std::string told = explain_plan(with.plans.front());
      // Of the shop, what the file says is told as it stands there.
      if (const auto at = told.find("Of the shop, "); at != std::string::npos) {
        told.erase(at, told.find('\n', at) + 1 - at);
      }
      EXPECT_EQ(told, explain_plan(without.plans.front())) << said;
    }
  }
}

}  // namespace
}  // namespace tillrig::scenario
