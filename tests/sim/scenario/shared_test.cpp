// Phases that files share: put in where they are used, told with both files when they are wrong.
#include "sim/scenario/play/player.hpp"
#include "sim/scenario/read/words_text.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace tillrig::scenario {
namespace {

class Shared : public testing::Test {
 protected:
  void SetUp() override {
    const auto* const test = testing::UnitTest::GetInstance()->current_test_info();
    folder_ = std::filesystem::path(testing::TempDir()) /
              fmt::format("tillrig-shared-{}-{}", test->name(), ::getpid());
    std::filesystem::create_directories(folder_ / "shared");
    std::filesystem::create_directory_symlink(TILLRIG_SOURCE_DIR "/fixtures", folder_ / "fixtures");
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string write(const std::string& name, const std::string& text) {
    std::ofstream(folder_ / name) << text;
    return (folder_ / name).string();
  }
  // The sentences about a file, without the folder.
  std::string problems(const std::string& file) {
    std::string text;
    for (const Problem& problem : load(file).problems) text += sentence(problem) + "\n";
    const std::string folder = folder_.string() + "/";
    for (std::size_t at = text.find(folder); at != std::string::npos; at = text.find(folder)) {
      text.erase(at, folder.size());
    }
    return text;
  }

  static constexpr const char* kUse =
      "title = \"t\"\n[[phase]]\nname = \"first\"\n[[phase]]\nuse = \"shared/sale.toml\"\n"
      "[[phase]]\nname = \"last\"\n";
  static std::string sale_of(const std::string& item) {
    return "[[phase]]\nname = \"a sale\"\ndo = [ { act = \"sale\", items = \"" + item + "\" } ]\n";
  }
  std::filesystem::path folder_;
};

TEST_F(Shared, PhasesStandWhereTheyAreUsedAndAreToldThere) {
  write("shared/sale.toml", sale_of("milk"));
  const Scenario scenario = load(write("story.toml", kUse));
  ASSERT_EQ(scenario.plans.size(), 1U) << problems((folder_ / "story.toml").string());
  const Plan& plan = scenario.plans.front();
  ASSERT_EQ(plan.phases.size(), 3U);
  EXPECT_EQ(plan.phases[1].name, "a sale");
  EXPECT_EQ(plan.phases[1].where.line, 5);
  EXPECT_EQ(plan.phases[1].doing.front().where.line, 5);
  EXPECT_NE(explain_plan(plan).find(
                "first\n\na sale (as in shared/sale.toml)\n  - till-1 sells milk\n\nlast"),
            std::string::npos)
      << explain_plan(plan);
}

TEST_F(Shared, WhatTheSharedFileSaysIsWhatIsPlayed) {
  const auto digest = [&](const std::string& item) {
    write("shared/sale.toml", sale_of(item));
    const Scenario scenario = load(write("story.toml", kUse));
    return scenario.plans.size() == 1 ? run_virtual(scenario.plans.front()).digest : 0;
  };
  const std::uint64_t milk = digest("milk");
  EXPECT_NE(milk, 0U);
  EXPECT_EQ(digest("milk"), milk);
  EXPECT_NE(digest("bread"), milk);
}

TEST_F(Shared, TakeTheValuesOfTheirScenariosCases) {
  write("shared/sale.toml", sale_of("{goods}"));
  const Scenario scenario =
      load(write("story.toml", std::string(kUse) + "[matrix]\ngoods = [\"milk\", \"bread\"]\n"));
  ASSERT_EQ(scenario.plans.size(), 2U) << problems((folder_ / "story.toml").string());
  EXPECT_EQ(scenario.plans[1].phases[1].doing.front().args.text("items"), "bread");
}

TEST_F(Shared, AMistakeNamesBothFiles) {
  const std::string story = write("story.toml", kUse);
  EXPECT_EQ(problems(story),
            "shared/sale.toml: the file cannot be opened; expected a readable TOML file (used by "
            "story.toml:5)\n");
  write("shared/sale.toml", sale_of("mlik"));
  EXPECT_EQ(problems(story),
            "shared/sale.toml:3:32: there is no item \"mlik\"; did you mean \"milk\"? (used by "
            "story.toml:5)\n");
  write("shared/sale.toml", "title = \"t\"\n" + sale_of("milk"));
  EXPECT_EQ(problems(story),
            "shared/sale.toml:1:1: title in a file of shared phases; expected [[phase]] tables and "
            "nothing else (used by story.toml:5)\n");
  write("shared/sale.toml", "[[phase]]\nuse = \"sale.toml\"\n");
  EXPECT_EQ(problems(story),
            "shared/sale.toml:2:1: a shared phase uses a file itself; expected the lines "
            "themselves: shared files use no others (used by story.toml:5)\n");
  write("shared/sale.toml", "");
  EXPECT_EQ(problems(story),
            "shared/sale.toml:1:1: the file has no phases; expected [[phase]] tables (used by "
            "story.toml:5)\n");
  write("shared/sale.toml", "[[phase]\n");
  EXPECT_NE(problems(story).find("this is not TOML"), std::string::npos);
  EXPECT_NE(problems(story).find("(used by story.toml:5)"), std::string::npos);
}

TEST_F(Shared, AUseHasNothingBesideIt) {
  write("shared/sale.toml", sale_of("milk"));
  EXPECT_EQ(problems(write("story.toml",
                           "title = \"t\"\n[[phase]]\nuse = \"shared/sale.toml\"\ndo = []\n")),
            "story.toml:4:1: do does not go with use; expected a phase of its own for it, before "
            "or after\n");
  EXPECT_EQ(problems(write("story.toml", "title = \"t\"\n[[phase]]\nuse = 3\n")),
            "story.toml:3:7: use is 3; expected a file such as \"shared/till-opens.toml\"\n");
}

}  // namespace
}  // namespace tillrig::scenario
