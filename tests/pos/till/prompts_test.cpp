#include "pos/till/prompts.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <utility>

namespace tillrig::till {
namespace {

using base::Code;

struct SeenPrompts final : Screen {
  void show(const Shown& shown) override { all.push_back(shown); }
  std::vector<Shown> all;
};

const PromptKind kLoyalty{"loyalty", {"Proceed", "Disable"}};

bool names(const base::Error& error, std::string_view what) {
  return error.what.find(what) != std::string::npos;
}

bool stands(const Prompts& prompts, const PromptKind& kind) {
  const auto all = prompts.all();
  return std::any_of(all.begin(), all.end(),
                     [&](const Prompt& each) { return each.id == kind.id; });
}

TEST(Prompts, ThoseOfTheArticleComeWithTheirVersion) {
  SeenPrompts screen;
  Prompts old(screen, "1.14.9", {});
  EXPECT_FALSE(old.has(kNoInternet));
  EXPECT_TRUE(old.has(kPrinter));
  old.open(kNoInternet, "Nothing answers.", {}, true);
  EXPECT_FALSE(stands(old, kNoInternet));
  EXPECT_TRUE(Prompts(screen, "1.14.10", {}).has(kNoInternet));
}

TEST(Prompts, StandOnceUntilPressed) {
  SeenPrompts screen;
  Prompts prompts(screen, "1.15.0", {});
  prompts.open(kNoInternet, "Nothing answers.", {}, true);
  prompts.open(kNoInternet, "Nothing answers.", {}, true);
  ASSERT_EQ(screen.all.size(), 1U);
  const Prompt expected{"no_internet", "Nothing answers.", {"Continue"}, true};
  EXPECT_EQ(std::get<PromptShown>(screen.all[0]).prompt, expected);
  EXPECT_TRUE(stands(prompts, kNoInternet));
  EXPECT_TRUE(prompts.modal());

  ASSERT_TRUE(prompts.press("no_internet", "Continue"));
  EXPECT_FALSE(stands(prompts, kNoInternet));
  EXPECT_FALSE(prompts.modal());
  ASSERT_EQ(screen.all.size(), 2U);
  const auto& closed = std::get<PromptClosed>(screen.all[1]);
  EXPECT_EQ(closed.prompt, "no_internet");
  EXPECT_EQ(closed.button, "Continue");
  EXPECT_EQ(closed.because, "");
}

TEST(Prompts, SayWhatHoldsNowAndStayOne) {
  SeenPrompts screen;
  Prompts prompts(screen, "1.15.0", {});
  prompts.open(kNoInternet, "Nothing answers.");
  prompts.open(kNoInternet, "A login page answers.", {}, true);
  ASSERT_EQ(prompts.all().size(), 1U);
  EXPECT_EQ(prompts.all()[0].text, "A login page answers.");
  EXPECT_FALSE(prompts.modal()) << "the cashier went on selling under it";
  ASSERT_EQ(screen.all.size(), 2U);
  EXPECT_EQ(std::get<PromptShown>(screen.all[1]).prompt, prompts.all()[0]);
  ASSERT_TRUE(prompts.press("no_internet", "Continue"));
  EXPECT_TRUE(prompts.all().empty());
}

// Each button has its act, in the row's order; one without does nothing.
TEST(Prompts, APressedButtonHandsOverWhatItDoes) {
  for (const auto& [button, expected] : {std::pair{"Proceed", 1}, std::pair{"Disable", 0}}) {
    SeenPrompts screen;
    Prompts prompts(screen, "1.15.0", {});
    int acted = 0;
    prompts.open(kLoyalty, "Not available.", {[&acted] {
                   ++acted;
                   return base::Awaitable<void>();
                 }});
    const auto act = prompts.press("loyalty", button);
    ASSERT_TRUE(act);
    ASSERT_EQ(static_cast<bool>(*act), expected == 1) << button;
    if (*act) static_cast<void>((*act)());
    EXPECT_EQ(acted, expected) << button;
  }
}

TEST(Prompts, EveryRowHasAnIdOfItsOwnAndAButton) {
  std::set<std::string_view> ids;
  for (const PromptKind* kind : prompt_kinds()) {
    EXPECT_TRUE(ids.insert(kind->id).second) << kind->id;
    EXPECT_FALSE(kind->buttons.empty()) << kind->id;
  }
  EXPECT_TRUE(ids.contains("critical_error"));
}

TEST(Prompts, AnUnknownButtonIsRefusedNamingThoseThereAre) {
  SeenPrompts screen;
  Prompts prompts(screen, "1.15.0", {});
  prompts.open(kLoyalty, "Not available.");
  const auto pressed = prompts.press("loyalty", "Continue");
  ASSERT_FALSE(pressed);
  EXPECT_EQ(pressed.error().code, Code::bad_input);
  EXPECT_TRUE(names(pressed.error(), "Proceed, Disable"));
  EXPECT_TRUE(names(pressed.error(), "Continue"));
  EXPECT_TRUE(stands(prompts, kLoyalty));
}

TEST(Prompts, AnUnknownPromptIsRefusedNamingWhatStands) {
  SeenPrompts screen;
  Prompts prompts(screen, "1.15.0", {});
  const auto none = prompts.press("no_internet", "Continue");
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, Code::not_found);
  EXPECT_TRUE(names(none.error(), "none"));
  prompts.open(kPrinter, "No paper.");
  EXPECT_TRUE(names(prompts.press("no_internet", "Continue").error(), "printer"));
}

TEST(Prompts, AreWithdrawnWhenTheirReasonIsOver) {
  SeenPrompts screen;
  Prompts prompts(screen, "1.15.0", {});
  prompts.withdraw(kNoInternet, "the line is back");
  EXPECT_TRUE(screen.all.empty());
  prompts.open(kNoInternet, "Nothing answers.");
  prompts.open(kPrinter, "No paper.");
  prompts.withdraw(kNoInternet, "the line is back");
  EXPECT_FALSE(stands(prompts, kNoInternet));
  EXPECT_TRUE(stands(prompts, kPrinter));
  ASSERT_EQ(screen.all.size(), 3U);
  EXPECT_EQ(std::get<PromptClosed>(screen.all[2]).because, "the line is back");
  EXPECT_EQ(std::get<PromptClosed>(screen.all[2]).button, "");
}

TEST(PromptsDeathTest, APromptWithoutAButtonIsABrokenPromise) {
  EXPECT_DEATH(PromptKind("trap", {}, true), "button");
}

}  // namespace
}  // namespace tillrig::till
