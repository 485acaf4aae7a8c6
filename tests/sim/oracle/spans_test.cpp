#include "tests/sim/oracle/day.hpp"

// INV-18, INV-20: what spans hours.
namespace tillrig::oracle {
namespace {

using Shown = CashierEntry::Kind;

void set_local_mode(Day& day, bool on, const std::string& hours) {
  OrderEntry order;
  day.shows(Shown::other, "", "");  // for its moment
  order.at = day.tapes.cashier.back().at;
  order.order = day.tapes.cashier.back().order;
  order.till = Day::kTill;
  order.line = 20;
  order.what = "local_mode";
  order.fields.add("on", std::int64_t{on});
  if (!hours.empty()) order.fields.add("hours", hours);
  order.outcome = OrderEntry::Outcome::done;
  day.tapes.orders.push_back(order);
}

// From 200 s on for an hour and a half.
Day local_day() {
  Day day = good_day();
  day.at(200s, 20);
  set_local_mode(day, true, "1.5");
  day.shows(Shown::connection, "local", "local");
  return day;
}

// The reminder after an hour comes, and goes with it.
Day reminded_day(base::Duration gone = 5600s) {
  Day day = local_day();
  day.at(3800s, 21).prompt("local_mode", {"OK", "Go online"});
  day.at(5600s, 21).shows(Shown::connection, "none", "starting");
  day.at(gone, 21)
      .shows(Shown::other, "prompt_closed", "")
      .facts.add("prompt", std::string("local_mode"));
  return day;
}

TEST(Inv18, HoldsWhenItIsSilentAndEndsInTime) {
  Day day = reminded_day();
  day.at(5601s, 21).login(9);
  EXPECT_TRUE(verdict_of(day, "INV-18").violations.empty());
  EXPECT_GT(verdict_of(day, "INV-18").judged, 0U);
}

TEST(Inv18, FindsAReminderThatDoesNotComeOrStays) {
  Day silent = local_day();
  silent.at(5600s, 21).shows(Shown::connection, "none", "starting");
  EXPECT_TRUE(is_found(silent, "INV-18", "", 20));
  Day stays = reminded_day(5700s);
  EXPECT_TRUE(is_found(stays, "INV-18", "", 20));
}

TEST(Inv18, FindsAWrongTimeThatIsLeft) {
  Day day = reminded_day();
  StateLook look;
  look.at = Instant{0} + 600s;
  look.till = Day::kTill;
  look.local_ms = 5'000'000;
  day.tapes.states.push_back(look);
  EXPECT_TRUE(verdict_of(day, "INV-18").violations.empty());
  day.tapes.states.back().local_ms = 400'000;
  EXPECT_TRUE(is_found(day, "INV-18", "", 20));
}

TEST(Inv18, FindsHoursThatAreTooMany) {
  Day day = reminded_day();
  day.at(5700s, 22);
  set_local_mode(day, true, "73");
  EXPECT_TRUE(is_found(day, "INV-18", "", 20));
}

TEST(Inv18, FindsAWordToTheCloud) {
  Day day = local_day();
  day.at(1000s, 21).login(9);
  EXPECT_TRUE(is_found(day, "INV-18", "", 20));
}

TEST(Inv18, WhatIsUnderWayAtItsBeginningMayBeFinished) {
  Day day = local_day();
  day.at(201s, 21).login(9);
  EXPECT_TRUE(verdict_of(day, "INV-18").violations.empty());
}

TEST(Inv18, FindsAnEndThatIsTooLate) {
  Day day = local_day();
  day.at(5602s, 21).shows(Shown::connection, "none", "starting");
  EXPECT_TRUE(is_found(day, "INV-18", "", 20));
}

TEST(Inv18, FindsLocalModeThatNobodySet) {
  Day day = good_day();
  day.at(300s, 22).shows(Shown::connection, "local", "local");
  EXPECT_TRUE(is_found(day, "INV-18", "", 22));
}

TEST(Inv18, FindsAScreenThatBlamesTheLine) {
  Day day = local_day();
  day.at(300s, 21).shows(Shown::connection, "link", "local");
  EXPECT_TRUE(is_found(day, "INV-18", "", 21));
}

TEST(Inv18, EndsWhenSomebodyTakesTheCheckAway) {
  Day day = local_day();
  day.at(300s, 21);
  set_local_mode(day, false, "");
  day.shows(Shown::connection, "none", "starting");
  day.at(301s, 21).login(9);
  EXPECT_TRUE(verdict_of(day, "INV-18").violations.empty());
}

// A probe that the cloud answers.
void ping(Day& day) {
  WireEntry wire = day.login(1);
  day.tapes.wire.back().method = "GET";
  day.tapes.wire.back().target = "/v1/ping?nonce=1";
  day.tapes.wire.back().answer = R"({"nonce":"1","feed":0})";
}

// In step at 300 s for the last time; nothing waits.
Day stale_day() {
  Day day = good_day();
  day.at(300s, 20);
  CashierEntry& counters = day.shows(Shown::counters, "", "");
  counters.pending = 0;
  day.shows(Shown::stage, "", "register");
  ping(day);
  return day;
}

TEST(Inv20, HoldsWhenItIsToldAfterADay) {
  Day day = stale_day();
  day.at(300s + 24h + 1s, 21).prompt("not_synced", {"Close"});
  day.at(300s + 25h, 22).shows(Shown::stage, "", "closed");
  EXPECT_TRUE(verdict_of(day, "INV-20").violations.empty());
  EXPECT_GT(verdict_of(day, "INV-20").judged, 0U);
}

// The cloud was asked before the till had logged in: it counts from its start.
TEST(Inv20, HoldsWhenItIsToldALittleBeforeWhatIsSeen) {
  Day day = stale_day();
  day.at(300s + 24h - 1s, 21).act(ActEntry::Kind::stop, "till.close", Day::kTill);
  day.act(ActEntry::Kind::start, "till", Day::kTill);
  day.shows(Shown::stage, "", "register");
  day.prompt("not_synced", {"Close"});
  day.at(300s + 25h, 22).shows(Shown::stage, "", "closed");
  EXPECT_TRUE(verdict_of(day, "INV-20").violations.empty());
}

TEST(Inv20, FindsAMessageThatComesTooEarly) {
  Day day = stale_day();
  day.at(300s + 23h, 21).prompt("not_synced", {"Close"});
  EXPECT_TRUE(is_found(day, "INV-20", "", 21));
}

TEST(Inv20, FindsThatNothingIsSaid) {
  Day day = stale_day();
  day.at(300s + 25h, 22).shows(Shown::stage, "", "closed");
  EXPECT_TRUE(is_found(day, "INV-20", "", 20));
}

TEST(Inv20, APingWhileSalesWaitBringsNothingIntoStep) {
  Day day = stale_day();
  day.at(400s, 20);
  day.shows(Shown::counters, "", "").pending = 2;
  day.at(300s + 20h, 20);
  ping(day);
  day.at(300s + 25h, 22).shows(Shown::stage, "", "closed");
  EXPECT_TRUE(is_found(day, "INV-20", "", 20));
}

TEST(Inv20, APingThatTellsOfAnUnreadChangeBringsNothingIntoStep) {
  Day day = stale_day();
  day.at(300s + 20h, 20);
  ping(day);
  day.tapes.wire.back().answer = R"({"nonce":"1","feed":3})";
  day.at(300s + 25h, 22).shows(Shown::stage, "", "closed");
  EXPECT_TRUE(is_found(day, "INV-20", "", 20));
}

TEST(Inv20, FindsARegisterThatOpensWithoutSayingSo) {
  Day day = stale_day();
  day.at(2h, 20).act(ActEntry::Kind::stop, "till.close", Day::kTill);
  day.shows(Shown::stage, "", "closed");
  day.at(30h, 21).act(ActEntry::Kind::start, "till", Day::kTill);
  Day told = day;
  day.at(30h + 2s, 22).shows(Shown::stage, "", "register");
  EXPECT_TRUE(is_found(day, "INV-20", "", 22));
  told.at(30h + 1s, 21).prompt("not_synced", {"Close"});
  told.at(30h + 2s, 22).shows(Shown::stage, "", "register");
  EXPECT_TRUE(verdict_of(told, "INV-20").violations.empty());
}

// Online for long, and then the line is gone.
Day cut_off_day(base::Duration told) {
  Day day;
  day.at(1s, 1).act(ActEntry::Kind::start, "till", Day::kTill);
  day.at(2s, 1).shows(Shown::connection, "none", "online");
  day.at(900s, 2).act(ActEntry::Kind::fault, "wan.down", "*");
  day.at(900s + told, 2).shows(Shown::connection, "link", "offline");
  day.at(960s, 3).counters();
  return day;
}

TEST(Inv49, FindsATillThatSaysLateThatItsLineIsGone) {
  EXPECT_EQ(verdict_of(cut_off_day(15s), "INV-49").judged, 1U);
  EXPECT_TRUE(verdict_of(cut_off_day(15s), "INV-49").violations.empty());
  EXPECT_TRUE(is_found(cut_off_day(30s), "INV-49", "", 2));
}

TEST(Inv49, SaysNothingOfALineThatWasBadJustBefore) {
  Day day = cut_off_day(30s);
  ActEntry before{Instant{0} + 600s, ActEntry::Kind::heal, "wan.latency", "*", 1};
  day.tapes.acts.insert(day.tapes.acts.begin() + 1, before);
  EXPECT_EQ(verdict_of(day, "INV-49").judged, 0U);
}

TEST(Inv20, FindsArrowsOfAWrongColour) {
  Day day = good_day();
  StateLook look;
  look.at = Instant{0} + 150s;
  look.till = Day::kTill;
  look.arrows = "green";
  day.tapes.states.push_back(look);
  EXPECT_TRUE(verdict_of(day, "INV-20").violations.empty());
  day.tapes.states.back().arrows = "red";
  EXPECT_TRUE(is_found(day, "INV-20", "", 0));
}

}  // namespace
}  // namespace tillrig::oracle
