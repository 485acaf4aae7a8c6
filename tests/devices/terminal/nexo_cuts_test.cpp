#include "tests/devices/terminal/desk.hpp"

#include <gtest/gtest.h>

namespace tillrig::terminal {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

struct NexoCut {
  LostAck lost_ack;
  Cut cut;
  bool sealed = false;
};

std::vector<NexoCut> nexo_cuts() {
  const nexo::NexoTerminal any({}, Desk(Desk::nexo_setup()).device.machine());
  std::vector<NexoCut> out;
  for (const auto& lost_ack : base::names<LostAck>()) {
    for (const auto& point : base::names<CutPoint>()) {
      if (!any.has(point.value)) continue;
      for (const auto& how : base::names<CutHow>()) {
        for (const auto late_by : {seconds(3), seconds(80), seconds(130)}) {
          if (how.value != CutHow::late && late_by != seconds(80)) continue;
          for (const bool sealed : {false, true}) {
            if (sealed && lost_ack.value != LostAck::keep) continue;
            out.push_back({lost_ack.value, {point.value, how.value, late_by}, sealed});
          }
        }
      }
    }
  }
  return out;
}

// Whatever is cut and when: what the till believes in the end is what the card was charged.
TEST(NexoCuts, TheTillBelievesWhatTheCardWasCharged) {
  for (const NexoCut& which : nexo_cuts()) {
    SCOPED_TRACE(fmt::format("{} {} {} {}s {}", base::name(which.lost_ack),
                             base::name(which.cut.point), base::name(which.cut.how),
                             which.cut.late_by.count() / 1'000'000'000,
                             which.sealed ? "sealed" : "plain"));
    TerminalSetup how = Desk::nexo_setup(which.lost_ack);
    if (which.sealed) how.nexo.key = nexo::Key{"shop", 1, "a passphrase"};
    Desk desk(how);
    ASSERT_TRUE(desk.until_ready());
    ASSERT_EQ(desk.pay(desk.charge("previous", 1000)).verdict, Verdict::approved);

    const Charge charge = desk.charge("mine", 1000);
    desk.device.protocol().arm(which.cut);
    Outcome outcome = desk.pay(charge);
    EXPECT_EQ(desk.device.protocol().cuts(), 1U) << "the cut never came about";
    if (!is_final(outcome.verdict)) outcome = desk.ask(charge);
    EXPECT_TRUE(is_final(outcome.verdict)) << describe(outcome);

    desk.pass(minutes(10));
    const std::size_t mine = charged(outcome.verdict) == Charged::yes ? 1 : 0;
    EXPECT_EQ(desk.charges(), 1 + mine) << describe(outcome);

    ASSERT_TRUE(desk.until_ready());
    Outcome next = desk.pay(desk.charge("next", 1000));
    if (next.verdict == Verdict::unknown) {  // the line was dead still, and nobody had noticed
      ASSERT_EQ(desk.ask(desk.charge("next", 1000)).verdict, Verdict::not_found);
      next = desk.pay(desk.charge("again", 1000));
    }
    EXPECT_EQ(next.verdict, Verdict::approved) << describe(next);
    desk.pass(minutes(10));
    EXPECT_EQ(desk.charges(), 2 + mine) << describe(outcome);
    EXPECT_TRUE(only<Rubbish>(desk.events).empty()) << only<Rubbish>(desk.events)[0].sentence;
    if (HasFailure()) break;
  }
}

TEST(NexoCuts, AnUnheardPaymentIsVoidedUnlessItIsAskedForInTime) {
  for (const bool asks : {true, false}) {
    ReadyDesk desk(Desk::nexo_setup(LostAck::void_unconfirmed_after));
    const Charge charge = desk.charge("mine", 1000);
    desk.device.protocol().arm({CutPoint::approved, CutHow::reset});
    ASSERT_EQ(desk.pay(charge).verdict, Verdict::unknown);
    desk.connect_at = asks ? desk.now + seconds(30) : desk.now + minutes(5);
    const Outcome outcome = desk.ask(charge);
    EXPECT_EQ(outcome.verdict, asks ? Verdict::approved : Verdict::reversed);
    desk.pass(minutes(10));
    EXPECT_EQ(desk.charges(), asks ? 1U : 0U);
  }
}

TEST(NexoCuts, AnApprovalThatNobodyHeardIsGivenBackAtOnceWhereTheTerminalDoesSo) {
  ReadyDesk desk(Desk::nexo_setup(LostAck::auto_reverse));
  const Charge charge = desk.charge("mine", 1000);
  desk.device.protocol().arm({CutPoint::approved, CutHow::reset});
  ASSERT_EQ(desk.pay(charge).verdict, Verdict::unknown);
  const Outcome outcome = desk.ask(charge);
  EXPECT_EQ(outcome.verdict, Verdict::reversed);
  EXPECT_EQ(outcome.reason, Reason::by_itself);
  ASSERT_TRUE(outcome.slip);
  EXPECT_EQ(outcome.slip->receipt_number, 1U);
  EXPECT_EQ(desk.charges(), 0U);
}

// A copy of an answer belongs to no question.
TEST(NexoCuts, AnAnswerThatComesTwiceIsTakenOnce) {
  ReadyDesk desk(Desk::nexo_setup());
  desk.device.protocol().arm({CutPoint::outcome, CutHow::twice});
  EXPECT_EQ(desk.pay(desk.charge("a", 1000)).verdict, Verdict::approved);
  EXPECT_EQ(desk.pay(desk.charge("b", 2000)).verdict, Verdict::approved);
  EXPECT_EQ(only<Answered>(desk.events).size(), 2U);
  EXPECT_EQ(desk.charges(), 2U);
}

TEST(NexoCuts, OnlyPointsThatThisProtocolHasAreTaken) {
  Desk desk(Desk::nexo_setup());
  EXPECT_TRUE(desk.act("cut", "outcome reset"));
  EXPECT_FALSE(desk.act("cut", "end_ack reset"));
}

}  // namespace
}  // namespace tillrig::terminal
