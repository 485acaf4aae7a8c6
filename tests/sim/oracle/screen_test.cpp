#include "tests/sim/oracle/day.hpp"

#include <algorithm>

// INV-25, INV-26: what the cashier sees.
namespace tillrig::oracle {
namespace {

using Shown = CashierEntry::Kind;

TEST(Inv25, FindsAPromptWithoutAButton) {
  Day day = good_day();
  day.at(60s, 20).prompt("odd", {});
  EXPECT_TRUE(is_found(day, "INV-25", "", 20));
}

TEST(Inv25, FindsAKnownPromptWithOtherButtons) {
  Day day = good_day();
  day.at(60s, 20).prompt("no_internet", {"Continue", "Cancel"});
  EXPECT_TRUE(is_found(day, "INV-25", "", 20));
}

TEST(Inv25, FindsARegisterThatOpensByItselfWithoutALine) {
  Day day = good_day();
  day.at(180s, 20).act(ActEntry::Kind::kill, "till.kill", Day::kTill);
  day.at(181s, 21).act(ActEntry::Kind::start, "till", Day::kTill);
  day.at(182s, 22).prompt("no_internet", {"Continue"});
  Day pressed = day;
  day.shows(Shown::stage, "", "register");
  EXPECT_TRUE(is_found(day, "INV-25", "", 22));
  pressed.shows(Shown::pressed, "no_internet", "Continue");
  pressed.shows(Shown::stage, "", "register");
  EXPECT_TRUE(verdict_of(pressed, "INV-25").violations.empty());
}

TEST(Inv25, FindsAMessageThatStaysWhenTheLineIsBack) {
  Day day = good_day();
  day.at(180s, 20).shows(Shown::connection, "link", "offline");
  day.prompt("no_internet", {"Continue"});
  day.at(190s, 21).shows(Shown::connection, "none", "online");
  Day gone = day;
  day.at(200s, 22).counters();
  EXPECT_TRUE(is_found(day, "INV-25", "", 21));
  gone.shows(Shown::other, "prompt_closed", "").facts.add("prompt", std::string("no_internet"));
  gone.at(200s, 22).counters();
  EXPECT_TRUE(verdict_of(gone, "INV-25").violations.empty());
}

TEST(Inv25, FindsAMessageOfNoInternetOnATillThatIsNotOffline) {
  Day day = good_day();
  day.at(180s, 20).shows(Shown::connection, "slow", "suspect");
  day.prompt("no_internet", {"Continue"});
  EXPECT_TRUE(is_found(day, "INV-25", "", 20));
}

TEST(Inv25, FindsAPromptWithoutWords) {
  Day day = good_day();
  day.at(60s, 20).prompt("printer", {"OK"}).tapes.cashier.back().text = "!";
  EXPECT_TRUE(is_found(day, "INV-25", "", 20));
}

TEST(Inv25, FindsAnotherCauseInTheWordsOfThisOne) {
  Day day = good_day();
  day.at(60s, 20)
      .shows(Shown::connection, "link", "offline")
      .facts.add("words", std::string("No cable."));
  day.at(61s, 21)
      .shows(Shown::connection, "dns", "offline")
      .facts.add("words", std::string("No such name."));
  EXPECT_TRUE(verdict_of(day, "INV-25").violations.empty());
  day.at(62s, 22)
      .shows(Shown::connection, "refused", "offline")
      .facts.add("words", std::string("No cable."));
  EXPECT_TRUE(is_found(day, "INV-25", "", 22));
}

TEST(Inv25, FindsAMessageThatIsAboutAnotherCause) {
  Day day = good_day();
  day.at(60s, 20)
      .shows(Shown::connection, "link", "offline")
      .facts.add("words", std::string("No cable."));
  day.prompt("no_internet", {"Continue"});
  EXPECT_TRUE(is_found(day, "INV-25", "", 20));
  day.tapes.cashier.back().text = "No cable. Sales are kept.";
  EXPECT_TRUE(verdict_of(day, "INV-25").violations.empty());
}

TEST(Inv25, FindsAPressForNoPrompt) {
  Day day = good_day();
  day.at(60s, 20).shows(Shown::pressed, "no_internet", "Continue");
  EXPECT_TRUE(is_found(day, "INV-25", "", 20));
}

TEST(Inv25, FindsAPressOfAButtonThatIsNotThere) {
  Day day = good_day();
  day.at(60s, 20).prompt("no_internet", {"Continue"}).shows(Shown::pressed, "no_internet", "OK");
  EXPECT_TRUE(is_found(day, "INV-25", "", 20));
}

TEST(Inv25, FindsAPromptThatAKillTookAway) {
  Day day = good_day();
  day.at(180s, 20).shows(Shown::connection, "link", "offline");
  day.prompt("no_internet", {"Continue"});
  day.at(181s, 21).act(ActEntry::Kind::kill, "till.kill", Day::kTill);
  day.at(182s, 22).act(ActEntry::Kind::start, "till", Day::kTill);
  day.at(183s, 23).shows(Shown::pressed, "no_internet", "Continue");
  EXPECT_TRUE(is_found(day, "INV-25", "", 23));
}

TEST(Inv25, FindsABlockingPromptThatNobodyAnswered) {
  Day day = good_day();
  day.at(160s, 20).prompt("critical_error", {"OK"});
  EXPECT_TRUE(is_found(day, "INV-25", "", 20));
  day.at(161s, 20).shows(Shown::pressed, "critical_error", "OK");
  EXPECT_TRUE(verdict_of(day, "INV-25").violations.empty());
}

TEST(Inv25, APromptGoesWithAProcessThatIsKilledInTheSameMoment) {
  Day day = good_day();
  day.at(160s, 20).prompt("critical_error", {"OK"});
  day.at(160s, 20).act(ActEntry::Kind::kill, "till.kill", Day::kTill);
  day.at(161s, 21).act(ActEntry::Kind::start, "till", Day::kTill);
  EXPECT_TRUE(verdict_of(day, "INV-25").violations.empty());
}

TEST(Inv25, FindsASaleThatWentPastABlockingPrompt) {
  Day day = good_day();
  day.at(160s, 20).prompt("critical_error", {"OK"});
  const std::string id = day.at(161s, 21).sells(6, 5, 100);
  EXPECT_TRUE(is_found(day, "INV-25", id, 21));
}

TEST(Inv26, FindsMoreUploadedThanTheCloudAnswered) {
  Day day = good_day();
  day.at(60s, 20).counters();
  ++day.tapes.cashier.back().uploaded;
  EXPECT_TRUE(is_found(day, "INV-26", "", 20));
}

TEST(Inv26, DoesNotCountAnAnswerThatWasLostOrCut) {
  Day day = good_day();
  const std::string id = day.at(180s, 20).sells(6, 5, 100);
  day.sends({id});
  day.at(181s, 21).counters().looks();
  EXPECT_TRUE(verdict_of(day, "INV-26").violations.empty());
  WireEntry& wire = day.tapes.wire.back();
  wire.answer.resize(wire.answer.size() - 1);
  EXPECT_TRUE(is_found(day, "INV-26", "", 21));
}

TEST(Inv26, FindsAWrongValueOfWhatWaits) {
  Day day = good_day();
  day.at(180s, 20).sells(6, 5, 500);
  day.at(180s, 20).sells(7, 6, -200, "till-1.1.6");
  day.counters();
  CashierEntry& shown = day.tapes.cashier.back();
  shown.quarantined = 0;
  shown.pending = 3;  // with the refused one
  shown.facts.add("value", std::int64_t{500 - 200 + 999});
  EXPECT_TRUE(verdict_of(day, "INV-26").violations.empty());
  shown.facts = {};
  shown.facts.add("value", std::int64_t{500 + 200 + 999});
  EXPECT_TRUE(is_found(day, "INV-26", "", 20));
}

TEST(Inv26, FindsATimeOfWaitingWithoutAnythingThatWaits) {
  Day day = good_day();
  for (CashierEntry& entry : day.tapes.cashier) {
    if (entry.kind != Shown::counters) continue;
    entry.facts.add("oldest_ms", std::int64_t{entry.pending > 0 ? 1'000 : 0});
  }
  EXPECT_TRUE(verdict_of(day, "INV-26").violations.empty());
  const auto idle = std::find_if(
      day.tapes.cashier.begin(), day.tapes.cashier.end(),
      [](const auto& entry) { return entry.kind == Shown::counters && entry.pending == 0; });
  ASSERT_NE(idle, day.tapes.cashier.end());
  idle->facts = {};
  idle->facts.add("oldest_ms", std::int64_t{1'000});
  EXPECT_TRUE(is_found(day, "INV-26", "", idle->line));
}

TEST(Inv26, AnAcknowledgementOfSomethingElseProvesNothing) {
  Day day = good_day();
  WireEntry& wire = day.tapes.wire.at(2);
  const std::string hash = "hash-of-till-1.1.2";
  ASSERT_NE(wire.answer.find(hash), std::string::npos);
  wire.answer.replace(wire.answer.find(hash), hash.size(), "hash-of-something");
  EXPECT_TRUE(is_found(day, "INV-26", "", 3));
}

TEST(Inv26, FindsFewerWaitingThanOwed) {
  Day day = good_day();
  const auto at = std::find_if(day.tapes.cashier.begin(), day.tapes.cashier.end(),
                               [](const CashierEntry& entry) { return entry.pending == 3; });
  ASSERT_NE(at, day.tapes.cashier.end());
  at->pending = 2;
  EXPECT_TRUE(is_found(day, "INV-26", "", 9));
}

TEST(Inv26, FindsCountersThatARestartForgot) {
  Day day = good_day();
  day.at(180s, 20).act(ActEntry::Kind::kill, "till.kill", Day::kTill);
  day.at(181s, 21).act(ActEntry::Kind::start, "till", Day::kTill).counters();
  EXPECT_TRUE(verdict_of(day, "INV-26").violations.empty());
  day.tapes.cashier.back().uploaded = 0;
  EXPECT_TRUE(is_found(day, "INV-26", "", 21));
}

TEST(Inv26, FindsWhatIsOwedAgainAfterAStart) {
  Day day = good_day();
  day.at(180s, 20).act(ActEntry::Kind::stop, "till", Day::kTill);
  day.at(181s, 21).act(ActEntry::Kind::start, "till", Day::kTill).counters();
  EXPECT_TRUE(verdict_of(day, "INV-26").violations.empty());
  day.tapes.cashier.back().pending += 5;
  EXPECT_TRUE(is_found(day, "INV-26", "", 21));
}

TEST(Inv26, FindsCountersThatAreNotThoseOfRegisterSales) {
  Day day = good_day();
  day.tapes.registers.back().pending = 2;
  EXPECT_TRUE(is_found(day, "INV-26", "", 0));
  day.tapes.registers.back().pending = 0;
  day.tapes.registers.back().uploaded = 9;
  EXPECT_TRUE(is_found(day, "INV-26", "", 0));
}

TEST(Inv26, FindsASaleThatIsGreenAndNotInTheCloud) {
  Day day = good_day();
  day.not_in_cloud("till-1.1.3");
  EXPECT_TRUE(is_found(day, "INV-26", "till-1.1.3", 7));
}

}  // namespace
}  // namespace tillrig::oracle
