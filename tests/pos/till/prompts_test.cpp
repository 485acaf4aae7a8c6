#include "pos/till/prompts.hpp"

#include <gtest/gtest.h>

namespace tillrig::till {
namespace {

using base::Code;

struct Seen final : Screen {
  void show(const Shown& shown) override { all.push_back(shown); }
  std::vector<Shown> all;
};

Prompt no_internet(bool modal = true) {
  return {"no_internet", "Nothing answers.", {std::string(kContinue)}, modal};
}

bool names(const base::Error& error, std::string_view what) {
  return error.what.find(what) != std::string::npos;
}

TEST(Prompts, StandOnceUntilPressed) {
  Seen screen;
  Prompts prompts(screen);
  prompts.open(no_internet());
  prompts.open(no_internet());
  ASSERT_EQ(screen.all.size(), 1U);
  EXPECT_EQ(screen.all[0].kind, Shown::Kind::prompt);
  EXPECT_EQ(screen.all[0].prompt, no_internet());
  EXPECT_TRUE(prompts.stands("no_internet"));
  EXPECT_TRUE(prompts.modal());

  ASSERT_TRUE(prompts.press("no_internet", kContinue));
  EXPECT_FALSE(prompts.stands("no_internet"));
  EXPECT_FALSE(prompts.modal());
  ASSERT_EQ(screen.all.size(), 2U);
  EXPECT_EQ(screen.all[1].kind, Shown::Kind::prompt_closed);
  EXPECT_EQ(screen.all[1].prompt.id, "no_internet");
  EXPECT_EQ(screen.all[1].text, kContinue);
}

TEST(Prompts, SayWhatHoldsNowAndStayOne) {
  Seen screen;
  Prompts prompts(screen);
  prompts.open(no_internet(false));
  prompts.open({"no_internet", "A login page answers.", {std::string(kContinue)}, true});
  ASSERT_EQ(prompts.all().size(), 1U);
  EXPECT_EQ(prompts.all()[0].text, "A login page answers.");
  EXPECT_FALSE(prompts.modal()) << "the cashier went on selling under it";
  ASSERT_EQ(screen.all.size(), 2U);
  EXPECT_EQ(screen.all[1].kind, Shown::Kind::prompt);
  EXPECT_EQ(screen.all[1].prompt, prompts.all()[0]);
  ASSERT_TRUE(prompts.press("no_internet", kContinue));
  EXPECT_TRUE(prompts.all().empty());
}

TEST(Prompts, AnUnknownButtonIsRefusedNamingThoseThereAre) {
  Seen screen;
  Prompts prompts(screen);
  prompts.open({"loyalty", "Not available.", {"Proceed", "Disable"}, false});
  const auto pressed = prompts.press("loyalty", "Continue");
  ASSERT_FALSE(pressed);
  EXPECT_EQ(pressed.error().code, Code::bad_input);
  EXPECT_TRUE(names(pressed.error(), "Proceed, Disable"));
  EXPECT_TRUE(names(pressed.error(), "Continue"));
  EXPECT_TRUE(prompts.stands("loyalty"));
}

TEST(Prompts, AnUnknownPromptIsRefusedNamingWhatStands) {
  Seen screen;
  Prompts prompts(screen);
  const auto none = prompts.press("no_internet", "Continue");
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, Code::not_found);
  EXPECT_TRUE(names(none.error(), "none"));
  prompts.open({"printer", "No paper.", {"OK"}, false});
  EXPECT_TRUE(names(prompts.press("no_internet", "Continue").error(), "printer"));
}

TEST(Prompts, AreWithdrawnWhenTheirReasonIsOver) {
  Seen screen;
  Prompts prompts(screen);
  prompts.withdraw("no_internet", "the line is back");
  EXPECT_TRUE(screen.all.empty());
  prompts.open(no_internet(false));
  prompts.open({"printer", "No paper.", {"OK"}, false});
  prompts.withdraw("no_internet", "the line is back");
  EXPECT_FALSE(prompts.stands("no_internet"));
  EXPECT_TRUE(prompts.stands("printer"));
  ASSERT_EQ(screen.all.size(), 3U);
  EXPECT_EQ(screen.all[2].text, "the line is back");
}

TEST(PromptsDeathTest, APromptWithoutAButtonIsABrokenPromise) {
  Seen screen;
  Prompts prompts(screen);
  EXPECT_DEATH(prompts.open({"trap", "No way out.", {}, true}), "button");
}

}  // namespace
}  // namespace tillrig::till
