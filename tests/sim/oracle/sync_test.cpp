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
  killed.at(150s, 12).act(ActEntry::Kind::kill, "till.kill", Day::kTill).act(ActEntry::Kind::quiet);
  unhealed.at(150s, 12).act(ActEntry::Kind::fault, "wan.down");
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

TEST(Inv27, FindsALoginThatIsGivenNoNewGeneration) {
  Day day = good_day();
  day.at(200s, 14).login(7);
  EXPECT_TRUE(verdict_of(day, "INV-27").violations.empty());
  day.at(210s, 15).login(7);
  EXPECT_FALSE(verdict_of(day, "INV-27").violations.empty());
}

TEST(Inv38, FindsTwoRunsThatDiffer) {
  Day day = good_day();
  day.tapes.digest_second = 1;
  EXPECT_TRUE(is_found(day, "INV-38", "", 0));
  day.tapes.digests_known = false;
  EXPECT_EQ(verdict_of(day, "INV-38").judged, 0U);
}

}  // namespace
}  // namespace tillrig::oracle
