#include "tests/devices/terminal/desk.hpp"

#include <gtest/gtest.h>

namespace tillrig::terminal {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using zvt::Framing;

struct CutCase {
  Framing framing;
  LostAck lost_ack;
  Cut cut;
  bool extensions = true;  // till and terminal number messages and tell receipt numbers
};

std::string told(const CutCase& which) {
  return fmt::format("{}{} {} {} {}", which.extensions ? "" : "plain ", base::name(which.framing),
                     base::name(which.lost_ack), base::name(which.cut.point),
                     base::name(which.cut.how));
}

std::vector<CutCase> cut_cases() {
  std::vector<CutCase> out;
  for (const auto& framing : base::names<Framing>()) {
    for (const auto& lost_ack : base::names<LostAck>()) {
      for (const auto& point : base::names<CutPoint>()) {
        for (const auto& how : base::names<CutHow>()) {
          for (const auto late_by : {seconds(3), seconds(80)}) {
            if (how.value != CutHow::late && late_by == seconds(3)) continue;
            const Cut cut{point.value, how.value, late_by};
            for (const bool extensions : {true, false}) {
              out.push_back({framing.value, lost_ack.value, cut, extensions});
            }
          }
        }
      }
    }
  }
  return out;
}

// Whatever is cut and when: what the till believes in the end is what the card was charged.
TEST(ZvtCuts, TheTillBelievesWhatTheCardWasCharged) {
  for (const CutCase& which : cut_cases()) {
    SCOPED_TRACE(told(which));
    TerminalSetup how = Desk::setup(which.framing, which.lost_ack);
    how.zvt.extensions = which.extensions;
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

    // The next customer's payment neither takes it back nor is taken for it.
    ASSERT_TRUE(desk.until_ready());
    Outcome next = desk.pay(desk.charge("next", 1000));
    if (next.verdict == Verdict::unknown) {  // the line was dead still, and nobody had noticed
      ASSERT_EQ(desk.ask(desk.charge("next", 1000)).verdict, Verdict::not_found);
      next = desk.pay(desk.charge("next", 1000));
    }
    EXPECT_EQ(next.verdict, Verdict::approved) << describe(next);
    desk.pass(minutes(10));
    EXPECT_EQ(desk.charges(), 2 + mine) << describe(outcome);
    EXPECT_TRUE(only<Rubbish>(desk.events).empty());
  }
}

// A till that gives up and lets the next customer pay has its lost payment taken back by terminals
// that compare receipt numbers, and by no others.
TEST(ZvtCuts, AStaleReceiptNumberTakesTheUnheardPaymentBack) {
  for (const auto& lost_ack : base::names<LostAck>()) {
    ReadyDesk desk(Framing::tcp, lost_ack.value);
    ASSERT_EQ(desk.pay(desk.charge("previous", 1000)).verdict, Verdict::approved);
    desk.device.protocol().arm({CutPoint::outcome, CutHow::reset});
    ASSERT_EQ(desk.pay(desk.charge("mine", 1000)).verdict, Verdict::unknown);
    ASSERT_TRUE(desk.until_ready());
    const Outcome next = desk.pay(desk.charge("next", 2000));
    ASSERT_EQ(next.verdict, Verdict::approved);
    desk.pass(seconds(30));
    const bool taken_back =
        lost_ack.value == LostAck::sync_1f1f || lost_ack.value == LostAck::auto_reverse;
    EXPECT_EQ(desk.charges(), taken_back ? 2U : 3U) << lost_ack.name;
    if (lost_ack.value == LostAck::sync_1f1f) {
      EXPECT_EQ(next.slip->receipt_number, 2U) << "the number of the one taken back";
    }
  }
}

TEST(ZvtCuts, AnUnheardPaymentIsVoidedUnlessItIsAskedForInTime) {
  for (const bool asks : {true, false}) {
    ReadyDesk desk(Framing::tcp, LostAck::void_unconfirmed_after);
    const Charge charge = desk.charge("mine", 1000);
    desk.device.protocol().arm({CutPoint::outcome, CutHow::reset});
    ASSERT_EQ(desk.pay(charge).verdict, Verdict::unknown);
    desk.connect_at = asks ? desk.now + seconds(30) : desk.now + minutes(5);
    const Outcome outcome = desk.ask(charge);
    EXPECT_EQ(outcome.verdict, asks ? Verdict::approved : Verdict::reversed);
    desk.pass(minutes(10));
    EXPECT_EQ(desk.charges(), asks ? 1U : 0U);
  }
}

// The acceptance sheet's: the cable is out for five seconds right after the PIN.
TEST(ZvtCuts, TheFirstOutcomeFailsAndIsRepeatedOnASerialLine) {
  for (const auto& lost_ack : base::names<LostAck>()) {
    ReadyDesk desk(Framing::serial, lost_ack.value);
    desk.device.protocol().arm({CutPoint::outcome, CutHow::lose});
    EXPECT_EQ(desk.pay(desk.charge("a", 1010)).verdict, Verdict::approved) << lost_ack.name;
    EXPECT_EQ(desk.charges(), 1U);
  }
}

}  // namespace
}  // namespace tillrig::terminal
