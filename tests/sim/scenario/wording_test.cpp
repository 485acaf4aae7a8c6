#include "pos/till/prompts.hpp"
#include "pos/till/sync_manager.hpp"
#include "sim/scenario/read/source.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace tillrig::scenario {
namespace {

std::vector<std::string> texts(const Node& list) {
  std::vector<std::string> all;
  for (const Node& each : list.list) all.push_back(each.text);
  return all;
}

Node articles() {
  Problems problems("fixtures/wording.toml");
  const auto root = parse_toml_file(TILLRIG_SOURCE_DIR "/fixtures/wording.toml", problems);
  EXPECT_TRUE(root && problems.empty());
  return root.value_or(Node());
}

TEST(Wording, ThePromptsHaveTheButtonsOfTheArticles) {
  const Node root = articles();
  const Entry* const prompts = root.find("prompts");
  ASSERT_NE(prompts, nullptr);
  ASSERT_FALSE(prompts->value.table.empty());
  const auto kinds = till::prompt_kinds();
  for (const Entry& wanted : prompts->value.table) {
    const auto kind = std::find_if(kinds.begin(), kinds.end(), [&](const till::PromptKind* each) {
      return each->id == wanted.key;
    });
    ASSERT_NE(kind, kinds.end()) << wanted.key;
    const std::vector<std::string> buttons((*kind)->buttons.begin(), (*kind)->buttons.end());
    EXPECT_EQ(buttons, texts(wanted.value)) << wanted.key;
  }
}

TEST(Wording, TheSyncManagerHasExactlyTheControlsOfTheArticle) {
  const Node root = articles();
  const Entry* const manager = root.find("sync_manager");
  ASSERT_NE(manager, nullptr);
  const Entry* const controls = manager->value.find("controls");
  ASSERT_NE(controls, nullptr);
  EXPECT_EQ(till::sync_manager_controls(), texts(controls->value));
  EXPECT_EQ(till::sync_manager_controls().size(), 8U);
}

}  // namespace
}  // namespace tillrig::scenario
