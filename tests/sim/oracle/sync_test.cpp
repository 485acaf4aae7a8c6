#include "tests/sim/oracle/day.hpp"

#include <algorithm>

// INV-23, INV-24, INV-27, INV-38: what waits gets to the cloud, by one uploader, whatever is in
// its way.
namespace tillrig::oracle {
namespace {

void forget_wire_after(Day& day, base::Duration since_start) {
  std::erase_if(day.tapes.wire,
                [&](const WireEntry& wire) { return wire.sent > Instant{0} + since_start; });
}

// The whole exchange, so much later.
void put_off(WireEntry& wire, base::Duration by) {
  wire.sent = wire.sent + by;
  if (wire.reached_cloud != Instant::never()) wire.reached_cloud = wire.reached_cloud + by;
  if (wire.ended != Instant::never()) wire.ended = wire.ended + by;
}

TEST(Inv23, FindsATillThatDoesNotComeBackOnline) {
  Day day = good_day();
  std::erase_if(day.tapes.cashier, [](const CashierEntry& entry) {
    return entry.text == "online" && entry.at > Instant{0} + 50s;
  });
  EXPECT_TRUE(is_found(day, "INV-23", "", 10));
}

TEST(Inv23, FindsATillThatIsTooLateOnline) {
  Day day = good_day();
  for (CashierEntry& entry : day.tapes.cashier) {
    if (entry.text == "online" && entry.at > Instant{0} + 50s) entry.at = Instant{0} + 118s;
  }
  EXPECT_TRUE(is_found(day, "INV-23", "", 10));
}

TEST(Inv23, FindsATillThatIsOnlineAndDoesNotSend) {
  Day day = good_day();
  for (WireEntry& wire : day.tapes.wire) {
    if (wire.sent > Instant{0} + 100s) put_off(wire, 10s);
  }
  EXPECT_TRUE(is_found(day, "INV-23", "", 10));
}

TEST(Inv23, FindsSalesThatStayBehind) {
  Day day = good_day();
  WireEntry& last = day.tapes.wire.back();
  last.status = last.cloud_status = 500;
  last.answer = last.cloud_answer = "no";
  EXPECT_TRUE(is_found(day, "INV-23", "till-1.1.3", 7));
}

TEST(Inv23, GivesASlowLineItsTime) {
  Day day = good_day();
  WireEntry& last = day.tapes.wire.back();
  last.ended = Instant{0} + 168s;  // 64 s after it was online
  EXPECT_TRUE(is_found(day, "INV-23", "till-1.1.3", 7));
  day.tapes.wan_bytes_per_second = 200;
  EXPECT_TRUE(verdict_of(day, "INV-23").violations.empty());
}

TEST(Inv23, CountsWhatWasSentInTimeInARunThatEndsSoonAfter) {
  Day day = good_day();
  const auto judged = verdict_of(day, "INV-23").judged;
  for (auto& act : day.tapes.acts) act.at = std::min(act.at, Instant{0} + 110s);
  day.tapes.cloud.back().at = day.tapes.registers.back().at = Instant{0} + 110s;
  EXPECT_EQ(verdict_of(day, "INV-23").judged, judged);
  WireEntry& last = day.tapes.wire.back();
  last.status = 500;
  const Verdict verdict = verdict_of(day, "INV-23");
  EXPECT_TRUE(verdict.violations.empty()) << "it had a minute, and the run was over";
  EXPECT_LT(verdict.judged, judged);
}

TEST(Inv23, FindsASaleThatTheTillGaveUp) {
  Day day = good_day();
  day.register_row("till-1.1.3").sync = "quarantined";
  EXPECT_TRUE(is_found(day, "INV-23", "till-1.1.3", 7));
}

TEST(Inv23, DoesNotJudgeATillThatWasKilledOrAWorldThatWasNotHealed) {
  Day killed = good_day();
  forget_wire_after(killed, 100s);
  ASSERT_TRUE(is_found(killed, "INV-23", "", 10));
  Day unhealed = killed;
  killed.at(106s, 12).act(ActEntry::Kind::kill, "till.kill", Day::kTill).act(ActEntry::Kind::quiet);
  unhealed.at(106s, 12).act(ActEntry::Kind::fault, "wan.down");
  for (Day* day : {&killed, &unhealed}) {
    day->tapes.registers.clear();
    EXPECT_EQ(verdict_of(*day, "INV-23").judged, 0U);
  }
}

TEST(Inv24, FindsAQuarantineThatTheCloudDidNotAskFor) {
  Day day = good_day();
  std::erase_if(day.tapes.wire, [](const WireEntry& wire) {
    return wire.answer.find("rejected") != std::string::npos;
  });
  EXPECT_TRUE(is_found(day, "INV-24", "till-1.1.5", 9));
}

TEST(Inv24, FindsARefusedSaleThatTheTillDoesNotShow) {
  Day day = good_day();
  day.register_row("till-1.1.5").sync = "queued";
  EXPECT_TRUE(is_found(day, "INV-24", "till-1.1.5", 9));
}

TEST(Inv24, FindsAQuarantineThatDoesNotSayWhy) {
  Day day = good_day();
  day.register_row("till-1.1.5").why = "";
  EXPECT_TRUE(is_found(day, "INV-24", "till-1.1.5", 9));
}

TEST(Inv24, FindsASaleThatWaitsBehindARefusedOne) {
  Day day = good_day();
  day.register_row("till-1.1.3").sync = "queued";
  EXPECT_TRUE(is_found(day, "INV-24", "till-1.1.3", 7));
}

TEST(Inv24, AllowsARefundToWaitForItsOwnSale) {
  Day day = good_day();
  const std::string refund = day.at(60s, 12).sells(6, 5, -999, "till-1.1.5");
  day.at(171s, 13).act(ActEntry::Kind::quiet).looks();
  ASSERT_EQ(day.register_row(refund).sync, "queued");
  EXPECT_TRUE(verdict_of(day, "INV-24").violations.empty());
}

TEST(Inv27, FindsASaleThatIsUnderWayTwice) {
  Day day = good_day();
  WireEntry second = day.tapes.wire.back();
  second.exchange = 99;
  put_off(second, 5ms);
  day.tapes.wire.push_back(second);
  EXPECT_TRUE(is_found(day, "INV-27", "till-1.1.3", 7));
  put_off(day.tapes.wire.back(), 20ms);
  EXPECT_TRUE(verdict_of(day, "INV-27").violations.empty());
}

TEST(Inv27, LetsARestartedTillSendWhatItsDeadProcessHadUnderWay) {
  Day day = good_day();
  WireEntry hanging = day.tapes.wire.back();
  hanging.sent = Instant{0} + 60s;
  hanging.ended = Instant::never();
  hanging.status = hanging.cloud_status = 0;
  day.tapes.wire.push_back(hanging);
  ASSERT_TRUE(is_found(day, "INV-27", "till-1.1.3", 7));
  ActEntry kill{Instant{0} + 61s, ActEntry::Kind::kill, "till.kill", Day::kTill, 9};
  day.tapes.acts.insert(day.tapes.acts.begin() + 2, kill);
  EXPECT_TRUE(verdict_of(day, "INV-27").violations.empty());
}

TEST(Inv27, FindsAFencedBatchThatChangedTheCloud) {
  Day day = good_day();
  const std::string id = day.at(180s, 12).sells(6, 5, 100);
  day.login(3);
  day.login(2);
  day.at(181s, 12).sends({id});
  EXPECT_TRUE(is_found(day, "INV-27", id, 12));
}

// An upload is turned away with this status, by somebody in between.
void turned_away(Day& day, const std::string& id, int status) {
  WireEntry& wire = day.sends({id});
  wire.status = status;
  wire.cloud_status = 0;
  wire.from_cloud = false;
  wire.answer = wire.cloud_answer = "no";
}

TEST(Inv27, FindsALoginThatIsGivenNoNewGeneration) {
  Day day = good_day();
  const std::string id = day.at(190s, 13).sells(6, 5, 500);
  turned_away(day.at(199s, 14), id, 409);
  day.at(200s, 14).login(7);
  EXPECT_TRUE(verdict_of(day, "INV-27").violations.empty());
  turned_away(day.at(209s, 15), id, 409);
  day.at(210s, 15).login(7);
  EXPECT_FALSE(verdict_of(day, "INV-27").violations.empty());
}

TEST(Inv27, FindsALoginThatNothingAskedFor) {
  Day day = good_day();
  const std::string id = day.at(190s, 13).sells(6, 5, 500);
  turned_away(day.at(199s, 14), id, 401);
  day.at(200s, 14).login(7);
  EXPECT_TRUE(verdict_of(day, "INV-27").violations.empty());
  day.at(210s, 15).login(8);
  EXPECT_FALSE(verdict_of(day, "INV-27").violations.empty());
}

TEST(Inv27, FindsAFencedQuestionThatIsAnswered) {
  Day day = good_day();
  const std::string id = day.at(190s, 13).sells(6, 5, 500);
  turned_away(day.at(199s, 14), id, 401);
  WireEntry question = day.tapes.wire.back();
  question.exchange = 99;
  question.method = "GET";
  question.target = "/v1/receipts/till-1.1.2";
  question.reached_cloud = Instant{0} + 205s;
  question.ended = Instant{0} + 206s;
  day.at(200s, 14).login(7);
  question.cloud_status = question.status = 409;
  day.tapes.wire.push_back(question);
  EXPECT_TRUE(verdict_of(day, "INV-27").violations.empty());
  day.tapes.wire.back().cloud_status = 200;
  EXPECT_FALSE(verdict_of(day, "INV-27").violations.empty());
}

TEST(Inv23, FindsATillThatSendsLateAfterAnOutageInTheMiddleOfTheRun) {
  Day day = good_day();
  std::erase_if(day.tapes.acts, [](const ActEntry& act) {
    return act.kind == ActEntry::Kind::all_healed || act.kind == ActEntry::Kind::quiet;
  });
  day.at(171s, 12).act(ActEntry::Kind::fault, "clock.jump", Day::kTill);  // it is never whole again
  EXPECT_TRUE(verdict_of(day, "INV-23").violations.empty());
  for (WireEntry& wire : day.tapes.wire) {
    if (wire.sent > Instant{0} + 100s) put_off(wire, 10s);
  }
  EXPECT_TRUE(is_found(day, "INV-23", "", 10));
}

TEST(Inv23, ATillThatWasAskedToWaitMaySendLater) {
  Day day = good_day();
  WireEntry& first = day.tapes.wire.at(3);
  ASSERT_GT(first.sent, Instant{0} + 100s);
  WireEntry asked = first;
  asked.exchange = 99;
  asked.sent = asked.reached_cloud = Instant{0} + 30s;
  asked.ended = Instant{0} + 31s;
  asked.status = 429;
  asked.retry_after = 2min;
  asked.cloud_status = 0;
  asked.answer = asked.cloud_answer = "";
  day.tapes.wire.insert(day.tapes.wire.begin() + 3, asked);
  for (WireEntry& wire : day.tapes.wire) {
    if (wire.sent > Instant{0} + 100s) put_off(wire, 50s);
  }
  EXPECT_TRUE(verdict_of(day, "INV-23").violations.empty());
}

TEST(Inv46, FindsWhatWasSentBeforeTheTimeThatTheCloudAskedFor) {
  Day day = good_day();
  const std::string id = day.at(180s, 12).sells(6, 5, 500);
  turned_away(day, id, 429);
  day.tapes.wire.back().retry_after = 60s;
  day.at(240s, 13).sends({id});
  EXPECT_EQ(verdict_of(day, "INV-46").judged, 1U);
  EXPECT_FALSE(verdict_of(day, "INV-46").violations.empty());
  day.tapes.wire.back().sent = Instant{0} + 180s + 60s + 20ms;
  day.tapes.wire.back().ended = day.tapes.wire.back().reached_cloud = Instant{0} + 241s;
  EXPECT_TRUE(verdict_of(day, "INV-46").violations.empty());
}

TEST(Inv46, ATillThatWasStartedAnewRemembersNoWait) {
  Day day = good_day();
  const std::string id = day.at(180s, 12).sells(6, 5, 500);
  turned_away(day, id, 503);
  day.tapes.wire.back().retry_after = 60s;
  day.at(185s, 12).act(ActEntry::Kind::kill, "till.kill", Day::kTill);
  day.at(186s, 12).act(ActEntry::Kind::start, "till", Day::kTill);
  day.at(190s, 13).sends({id});
  EXPECT_TRUE(verdict_of(day, "INV-46").violations.empty());
}

TEST(Inv47, FindsAnUploadThatIsNotSoonTriedAgain) {
  Day day = good_day();
  const std::string id = day.at(180s, 12).sells(6, 5, 500);
  turned_away(day, id, 500);
  Day slow = day;
  day.at(184s, 13).sends({id});
  day.at(300s, 14).looks();
  EXPECT_EQ(verdict_of(day, "INV-47").judged, 1U);
  EXPECT_TRUE(verdict_of(day, "INV-47").violations.empty());
  slow.at(190s, 13).sends({id});
  slow.at(300s, 14).looks();
  EXPECT_TRUE(is_found(slow, "INV-47", id, 12));
}

TEST(Inv47, EachFailureInARowDoublesThePause) {
  Day day = good_day();
  const std::string id = day.at(180s, 12).sells(6, 5, 500);
  for (const base::Duration at : {180s, 181s, 183s, 187s}) {
    day.at(at, 13);
    turned_away(day, id, 500);
  }
  day.at(199s, 13).sends({id});
  day.at(300s, 14).looks();
  EXPECT_TRUE(verdict_of(day, "INV-47").violations.empty());
  put_off(day.tapes.wire.back(), 3s);
  EXPECT_TRUE(is_found(day, "INV-47", id, 12));
}

TEST(Inv47, WhatFailsTogetherIsOneFailure) {
  Day day = good_day();
  const std::string id = day.at(180s, 12).sells(6, 5, 500);
  for (int i = 0; i < 4; ++i) {
    turned_away(day, id, 500);
    day.tapes.wire.back().ended = Instant{0} + 181s;
  }
  Day slow = day;
  day.at(186s, 13).sends({id});
  day.at(300s, 14).looks();
  EXPECT_TRUE(verdict_of(day, "INV-47").violations.empty());
  slow.at(189s, 13).sends({id});
  slow.at(300s, 14).looks();
  EXPECT_TRUE(is_found(slow, "INV-47", id, 12)) << "four failures would have had 13 s";
}

TEST(Inv47, FindsALoginThatIsNotSoonTriedAgain) {
  Day day = good_day();
  WireEntry& failed = day.at(180s, 12).login(7);
  failed.status = 503;
  failed.from_cloud = false;
  Day slow = day;
  day.at(184s, 13).login(7);
  day.at(300s, 14).looks();
  EXPECT_TRUE(verdict_of(day, "INV-47").violations.empty());
  slow.at(190s, 13).login(7);
  slow.at(300s, 14).looks();
  EXPECT_FALSE(verdict_of(slow, "INV-47").violations.empty());
}

TEST(Inv47, FindsATillThatIsToldToSendNowAndDoesNot) {
  Day day = good_day();
  const std::string id = day.at(180s, 12).sells(6, 5, 500);
  OrderEntry order;
  order.at = Instant{0} + 181s;
  order.till = Day::kTill;
  order.what = "trigger_up";
  order.outcome = OrderEntry::Outcome::done;
  day.tapes.orders.push_back(order);
  Day late = day;
  day.at(181s, 13).sends({id});
  day.at(300s, 14).looks();
  EXPECT_TRUE(verdict_of(day, "INV-47").violations.empty());
  late.at(185s, 13).sends({id});
  late.at(300s, 14).looks();
  EXPECT_FALSE(verdict_of(late, "INV-47").violations.empty());
}

TEST(Inv47, FindsATillThatUploadsWhileItSaysThatItIsNotConnected) {
  Day day = good_day();
  day.at(178s, 12).shows(CashierEntry::Kind::connection, "link", "offline");
  const std::string id = day.at(180s, 12).sells(6, 5, 500);
  day.at(190s, 13).sends({id});
  day.at(300s, 14).looks();
  EXPECT_FALSE(verdict_of(day, "INV-47").violations.empty());
  OrderEntry order;
  order.at = Instant{0} + 189s;
  order.till = Day::kTill;
  order.what = "trigger_up";
  order.outcome = OrderEntry::Outcome::done;
  day.tapes.orders.push_back(order);
  EXPECT_TRUE(verdict_of(day, "INV-47").violations.empty()) << "it was told to send, once";
}

TEST(Inv47, FindsATillThatDoesNotPauseBetweenFailures) {
  Day day = good_day();
  const std::string id = day.at(180s, 12).sells(6, 5, 500);
  Day slow = day;
  for (int i = 0; i < 12; ++i) {
    day.at(181s + i * 1s, 13);
    turned_away(day, id, 500);
    slow.at(181s + i * 2s, 13);
    turned_away(slow, id, 500);
  }
  day.at(210s, 14).sends({id});
  day.at(300s, 15).looks();
  slow.at(210s, 14).sends({id});
  slow.at(300s, 15).looks();
  EXPECT_FALSE(verdict_of(day, "INV-47").violations.empty());
  EXPECT_TRUE(verdict_of(slow, "INV-47").violations.empty());
}

TEST(Inv47, FindsATillThatAsksAtOnceAboutWhatTheCloudSaidNothingOf) {
  Day day = good_day();
  const std::string first = day.at(180s, 12).sells(6, 5, 500);
  const std::string second = day.at(181s, 13).sells(7, 6, 500);
  WireEntry& wire = day.at(182s, 14).sends({first, second});
  const std::size_t named = wire.answer.rfind(",{\"uuid\"");
  ASSERT_NE(named, std::string::npos);
  wire.answer.erase(named, wire.answer.find("}]", named) + 1 - named);
  wire.cloud_answer = wire.answer;
  Day slow = day;
  day.at(182500ms, 15).sends({second}, "duplicate");
  slow.at(184s, 15).sends({second}, "duplicate");
  day.at(300s, 16).looks();
  slow.at(300s, 16).looks();
  EXPECT_FALSE(verdict_of(day, "INV-47").violations.empty());
  EXPECT_TRUE(verdict_of(slow, "INV-47").violations.empty());
}

TEST(Inv48, FindsAFlagForNothing) {
  Day day = good_day();
  EXPECT_TRUE(verdict_of(day, "INV-48").violations.empty());
  day.cloud_row("till-1.1.2").facts.add("flag", std::string("refund_amount"));
  EXPECT_TRUE(is_found(day, "INV-48", "till-1.1.2", 3));
}

TEST(Inv01, FindsAConflictThatTheCloudDoesNotList) {
  Day day = good_day();
  day.tapes.refused_known = true;
  day.tapes.refused = {"till-1.1.5"};
  EXPECT_TRUE(verdict_of(day, "INV-01").violations.empty());
  day.tapes.refused.clear();
  EXPECT_FALSE(verdict_of(day, "INV-01").violations.empty());
}

TEST(Inv24, FindsABatchThatComesWholeAgainAlthoughItWasTurnedAway) {
  Day day = good_day();
  const std::string one = day.at(180s, 12).sells(6, 5, 500);
  const std::string two = day.at(180s, 12).sells(7, 6, 500);
  const auto refuse = [&] {
    WireEntry& wire = day.at(181s, 13).sends({one, two});
    wire.status = wire.cloud_status = 400;
    wire.answer = wire.cloud_answer = "no";
  };
  refuse();
  Day parts = day;
  parts.at(182s, 13).sends({one});
  parts.at(183s, 13).sends({two});
  parts.at(300s, 14).looks();
  EXPECT_TRUE(verdict_of(parts, "INV-24").violations.empty());
  day.at(182s, 13).sends({one, two});
  day.at(300s, 14).looks();
  EXPECT_FALSE(verdict_of(day, "INV-24").violations.empty());
}

TEST(Inv27, FindsALoginThatIsUsedAlthoughItWasTurnedAway) {
  Day day = good_day();
  const std::string id = day.at(180s, 12).sells(6, 5, 500);
  for (int i = 0; i < 9; ++i) {
    day.at(181s + i * 10s, 13);
    turned_away(day, id, 409);
    day.tapes.wire.back().from_cloud = true;
  }
  EXPECT_TRUE(verdict_of(day, "INV-27").violations.empty()) << "so many may have been under way";
  day.at(300s, 14).sends({id});
  EXPECT_FALSE(verdict_of(day, "INV-27").violations.empty());
}

TEST(Inv38, FindsTwoRunsThatDiffer) {
  Day day = good_day();
  day.tapes.digest_second = 1;
  EXPECT_TRUE(is_found(day, "INV-38", "", 0));
  day.tapes.digests_known = false;
  EXPECT_EQ(verdict_of(day, "INV-38").judged, 0U);
}

TEST(Inv01, FindsWhatTheCloudHasTakenAndListsAsRefused) {
  Day day = good_day();
  day.tapes.refused_known = true;
  day.tapes.refused = {"till-1.1.5"};
  EXPECT_TRUE(verdict_of(day, "INV-01").violations.empty());
  day.tapes.refused = {"till-1.1.2", "till-1.1.5"};
  EXPECT_TRUE(is_found(day, "INV-01", "till-1.1.2", 3));
}

TEST(Inv15, FindsCreditBeyondWhatThereWasThatIsNotFlagged) {
  Day day = good_day();
  day.tapes.postings = {{"till-1.1.2", "credit", "ana", 300},
                        {"till-1.1.3", "credit", "ana", -500}};
  const auto told = [&] {
    const Verdict verdict = verdict_of(day, "INV-15");
    return std::any_of(verdict.violations.begin(), verdict.violations.end(), [](const auto& each) {
      return each.what.find("flagged") != std::string::npos;
    });
  };
  EXPECT_TRUE(told());
  day.cloud_row("till-1.1.3").facts.add("flag", std::string("overdrawn"));
  EXPECT_FALSE(told());
  day.tapes.postings.front().amount = 600;
  EXPECT_TRUE(told()) << "there was enough";
}

}  // namespace
}  // namespace tillrig::oracle
