#include "devices/terminal/zvt/driver.hpp"
#include "tests/devices/terminal/desk.hpp"

#include <gtest/gtest.h>

namespace tillrig::terminal {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using zvt::Framing;

class ZvtDriver : public testing::TestWithParam<Framing> {};

INSTANTIATE_TEST_SUITE_P(Both, ZvtDriver, testing::Values(Framing::tcp, Framing::serial),
                         [](const auto& param) { return std::string(base::name(param.param)); });

TEST_P(ZvtDriver, KnowsWhereTheTerminalStandsBeforeItIsReady) {
  Desk desk(GetParam());
  desk.driver.line_up(desk.now);
  EXPECT_EQ(desk.driver.bookmark(), "");
  EXPECT_FALSE(desk.driver.pay(desk.charge("a", 100), desk.now))
      << "a charge without a bookmark could not be told from the last customer's";
  ASSERT_TRUE(desk.until_ready());
  EXPECT_NE(desk.driver.bookmark(), "");
  EXPECT_EQ(only<Ready>(desk.events).size(), 1U);
}

TEST_P(ZvtDriver, TellsAnApprovedPaymentWithItsSlipAndItsSteps) {
  ReadyDesk desk(GetParam());
  const Outcome outcome = desk.pay(desk.charge("a", 1010));
  EXPECT_EQ(outcome.verdict, Verdict::approved);
  ASSERT_TRUE(outcome.slip);
  EXPECT_EQ(outcome.slip->amount.minor, 1010);
  EXPECT_EQ(outcome.slip->currency, "EUR");
  EXPECT_EQ(outcome.slip->terminal_id, "52500006");
  EXPECT_EQ(outcome.slip->receipt_number, 1U);
  EXPECT_EQ(outcome.slip->masked_pan, "************4711");
  EXPECT_EQ(outcome.slip->card_name, "girocard");
  EXPECT_EQ(desk.charges(), 1U);
  std::vector<Step> steps;
  for (const Progress& progress : only<Progress>(desk.events)) {
    EXPECT_EQ(progress.reference, "a");
    EXPECT_NE(progress.sentence, "");
    steps.push_back(progress.step);
  }
  EXPECT_EQ(steps, (std::vector{Step::started, Step::waiting_for_card, Step::reading_pin,
                                Step::authorising, Step::remove_card}));
  ASSERT_EQ(only<Printed>(desk.events).size(), 1U);
  EXPECT_EQ(only<Printed>(desk.events)[0].lines[0], "* * CARD PAYMENT * *");
  EXPECT_TRUE(only<Rubbish>(desk.events).empty());
}

TEST_P(ZvtDriver, TakesEveryMessageByteByByte) {
  Desk desk(GetParam());
  desk.step = 1;
  ASSERT_TRUE(desk.until_ready());
  EXPECT_EQ(desk.pay(desk.charge("a", 1010)).verdict, Verdict::approved);
  EXPECT_TRUE(only<Rubbish>(desk.events).empty());
}

TEST_P(ZvtDriver, GivesEachOutcomeOfTheHostItsOwnVerdictAndReason) {
  ReadyDesk desk(GetParam());
  desk.device.local_host().set_preset("cents");
  struct Row {
    std::int64_t cents;
    Verdict verdict;
    Reason reason;
  };
  for (const Row& row : {Row{1005, Verdict::declined, Reason::card_refused},
                         Row{1051, Verdict::declined, Reason::no_funds},
                         Row{1054, Verdict::declined, Reason::expired_card},
                         Row{1055, Verdict::declined, Reason::wrong_pin},
                         Row{1062, Verdict::declined, Reason::blocked_card},
                         Row{1091, Verdict::declined, Reason::issuer_down},
                         Row{1068, Verdict::declined, Reason::no_host},
                         Row{1069, Verdict::declined, Reason::no_host},
                         Row{1090, Verdict::declined, Reason::no_host}}) {
    const Outcome outcome = desk.pay(desk.charge("x", row.cents));
    EXPECT_EQ(outcome.verdict, row.verdict) << row.cents;
    EXPECT_EQ(outcome.reason, row.reason) << row.cents << ' ' << base::name(outcome.reason);
    EXPECT_TRUE(desk.until_ready());
  }
  desk.pass(minutes(5));
  EXPECT_EQ(desk.charges(), 0U) << "what the host had charged without being heard is reversed";

  const Outcome partial = desk.pay(desk.charge("part", 1061));
  EXPECT_EQ(partial.verdict, Verdict::approved_in_part);
  EXPECT_EQ(partial.slip->amount.minor, 530);
  const Outcome more = desk.pay(desk.charge("more", 1063));
  EXPECT_EQ(more.verdict, Verdict::wrong_amount);
  EXPECT_EQ(more.slip->amount.minor, 1169);
  const Outcome dollars = desk.pay(desk.charge("dollars", 1064));
  EXPECT_EQ(dollars.verdict, Verdict::wrong_currency);
  EXPECT_EQ(dollars.slip->currency, "USD");
}

TEST_P(ZvtDriver, DeclinesACurrencyTheTerminalDoesNotHave) {
  ReadyDesk desk(GetParam());
  Charge charge = desk.charge("a", 1000);
  charge.currency = "USD";
  const Outcome outcome = desk.pay(charge);
  EXPECT_EQ(outcome.verdict, Verdict::refused);
  EXPECT_EQ(outcome.reason, Reason::wrong_currency);
  charge.currency = "XXX";
  EXPECT_FALSE(desk.driver.pay(charge, desk.now));
  charge.currency = "EUR";
  charge.amount.minor = 0;
  EXPECT_FALSE(desk.driver.pay(charge, desk.now));
}

TEST_P(ZvtDriver, StopsAPaymentThatStillWaitsForItsCard) {
  TerminalSetup how = Desk::setup(GetParam(), LostAck::keep);
  how.machine.automatic_customer = false;
  Desk desk(how);
  ASSERT_TRUE(desk.until_ready());
  ASSERT_TRUE(desk.driver.pay(desk.charge("a", 1000), desk.now));
  desk.pass(seconds(29));
  ASSERT_TRUE(desk.driver.abort(desk.now));
  const Outcome outcome = desk.answer();
  EXPECT_EQ(outcome.verdict, Verdict::aborted);
  EXPECT_EQ(outcome.reason, Reason::cancelled);
  ASSERT_EQ(only<AbortAnswered>(desk.events).size(), 1U);
  EXPECT_TRUE(only<AbortAnswered>(desk.events)[0].accepted);
  EXPECT_EQ(desk.charges(), 0U);
}

TEST_P(ZvtDriver, TellsTheApprovalWhenAnAbortComesTooLate) {
  ReadyDesk desk(GetParam());
  ASSERT_TRUE(desk.driver.pay(desk.charge("a", 1000), desk.now));
  desk.run([&] { return desk.device.machine().stage() == Stage::authorising; }, minutes(1));
  ASSERT_TRUE(desk.driver.abort(desk.now));
  EXPECT_EQ(desk.answer().verdict, Verdict::approved);
  ASSERT_EQ(only<AbortAnswered>(desk.events).size(), 1U);
  EXPECT_FALSE(only<AbortAnswered>(desk.events)[0].accepted);
}

TEST_P(ZvtDriver, WaitsAsLongAsTheTerminalShowsThatItIsAtWork) {
  TerminalSetup how = Desk::setup(GetParam(), LostAck::keep);
  how.machine.automatic_customer = false;
  how.machine.card_timeout = minutes(5);
  Desk desk(how);
  ASSERT_TRUE(desk.until_ready());
  ASSERT_TRUE(desk.driver.pay(desk.charge("a", 1000), desk.now));
  desk.pass(minutes(4));  // beyond T4
  EXPECT_TRUE(only<Answered>(desk.events).empty());
  ASSERT_TRUE(desk.act("card", "contactless"));
  EXPECT_EQ(desk.answer().verdict, Verdict::approved);
}

TEST_P(ZvtDriver, DoesNotKnowWhenTheTerminalFallsSilent) {
  ReadyDesk desk(GetParam());
  desk.device.protocol().set_mute(true);
  const Charge charge = desk.charge("a", 1000);
  const base::Instant asked = desk.now;
  const Outcome outcome = desk.pay(charge);
  EXPECT_EQ(outcome.verdict, Verdict::unknown);
  EXPECT_EQ(outcome.reason, Reason::no_answer);
  EXPECT_EQ(only<HangUp>(desk.events).size(), 1U);
  EXPECT_LE(desk.now - asked, seconds(20)) << "T3, with the repeats of a serial line";
  desk.device.protocol().set_mute(false);
  EXPECT_EQ(desk.ask(charge).verdict, Verdict::not_found);
  EXPECT_EQ(desk.charges(), 0U);
}

TEST_P(ZvtDriver, DoesNotKnowWhenTheLineIsLostAfterTheApproval) {
  ReadyDesk desk(GetParam());
  const Charge charge = desk.charge("a", 1000);
  desk.device.protocol().arm({CutPoint::end, CutHow::reset});
  const Outcome outcome = desk.pay(charge);
  EXPECT_EQ(outcome.verdict, Verdict::unknown);
  EXPECT_EQ(outcome.reason, Reason::line_lost);
  ASSERT_TRUE(outcome.slip) << "what had been said before is a hint";
  const Outcome asked = desk.ask(charge);
  EXPECT_EQ(asked.verdict, Verdict::approved);
  EXPECT_EQ(asked.slip->receipt_number, outcome.slip->receipt_number);
}

TEST_P(ZvtDriver, NeverTakesThePreviousCustomersPaymentOfTheSameAmount) {
  ReadyDesk desk(GetParam());
  ASSERT_EQ(desk.pay(desk.charge("previous", 1000)).verdict, Verdict::approved);
  const Charge charge = desk.charge("mine", 1000);
  desk.device.protocol().arm({CutPoint::before_taken, CutHow::reset});
  ASSERT_EQ(desk.pay(charge).verdict, Verdict::unknown);
  const Outcome outcome = desk.ask(charge);
  EXPECT_EQ(outcome.verdict, Verdict::not_found) << base::name(outcome.verdict);
  EXPECT_EQ(desk.charges(), 1U);
}

TEST_P(ZvtDriver, DoesNotTakeALaterPaymentForAnEarlierAttempt) {
  ReadyDesk desk(GetParam());
  const Charge first = desk.charge("first", 1000);
  ASSERT_EQ(desk.pay(desk.charge("a", 700)).verdict, Verdict::approved);
  const Charge second = desk.charge("second", 1000);
  ASSERT_EQ(desk.pay(desk.charge("b", 500)).verdict, Verdict::approved);
  ASSERT_EQ(desk.pay(desk.charge("c", 1000)).verdict, Verdict::approved);
  for (const Charge& charge : {first, second}) {
    const Outcome outcome = desk.ask(charge);
    EXPECT_EQ(outcome.verdict, Verdict::unknown);
    EXPECT_EQ(outcome.reason, Reason::not_the_last);
  }
}

TEST_P(ZvtDriver, DoesNotBelieveAnotherTerminal) {
  ReadyDesk desk(GetParam());
  Charge charge = desk.charge("mine", 1000);
  ASSERT_EQ(desk.pay(charge).verdict, Verdict::approved);
  charge.since = "zvt 11111111 0 0 ";
  EXPECT_EQ(desk.ask(charge).reason, Reason::other_terminal);
  charge.since.clear();
  EXPECT_EQ(desk.ask(charge).reason, Reason::no_bookmark);
}

TEST_P(ZvtDriver, HearsThatAPaymentIsStillInProgress) {
  ReadyDesk desk(GetParam());
  desk.device.machine().set_busy(true);
  desk.disconnect();
  desk.run([&] { return desk.connected; }, minutes(1));
  ASSERT_TRUE(desk.driver.ask(desk.charge("a", 1000), desk.now));
  EXPECT_EQ(desk.answer().verdict, Verdict::in_progress);
  EXPECT_FALSE(only<NotReady>(desk.events).empty());
  desk.device.machine().set_busy(false);
  EXPECT_TRUE(desk.until_ready()) << "it registers again by itself";
}

TEST_P(ZvtDriver, ReversesByTheReceiptNumberOnce) {
  ReadyDesk desk(GetParam());
  const Charge charge = desk.charge("a", 1000);
  const Outcome paid = desk.pay(charge);
  ASSERT_TRUE(paid.slip);
  ASSERT_TRUE(desk.driver.reverse(charge, *paid.slip, desk.now));
  EXPECT_EQ(desk.answer(), (Outcome{Verdict::reversed, Reason::none, paid.slip}));
  EXPECT_EQ(desk.charges(), 0U);
  ASSERT_TRUE(desk.driver.reverse(charge, *paid.slip, desk.now));
  const Outcome again = desk.answer();
  EXPECT_EQ(again.verdict, Verdict::reversed);
  EXPECT_EQ(again.reason, Reason::already_reversed);
  CardSlip other = *paid.slip;
  other.receipt_number = 77;
  ASSERT_TRUE(desk.driver.reverse(charge, other, desk.now));
  EXPECT_EQ(desk.answer().reason, Reason::not_reversible);
}

TEST_P(ZvtDriver, LocksPaymentsAfterAFailedEndOfDayUntilAGoodOne) {
  ReadyDesk desk(GetParam());
  const Charge charge = desk.charge("a", 1000);
  ASSERT_EQ(desk.pay(charge).verdict, Verdict::approved);
  desk.device.host_line().set_down(true);
  ASSERT_TRUE(desk.driver.end_of_day(desk.now));
  EXPECT_EQ(desk.answer().verdict, Verdict::failed);
  const Outcome locked = desk.pay(desk.charge("b", 1000));
  EXPECT_EQ(locked.verdict, Verdict::refused);
  EXPECT_EQ(locked.reason, Reason::end_of_day_open);
  desk.device.host_line().set_down(false);
  ASSERT_TRUE(desk.driver.end_of_day(desk.now));
  EXPECT_EQ(desk.answer().verdict, Verdict::done);
  const Outcome forgotten = desk.ask(charge);
  EXPECT_NE(forgotten.verdict, Verdict::declined) << "it was paid";
  EXPECT_EQ(desk.pay(desk.charge("b", 1000)).verdict, Verdict::approved);
}

TEST_P(ZvtDriver, AfterARebootTheStatusEnquiryDecides) {
  for (const Stage stage : {Stage::waiting_for_card, Stage::authorising, Stage::answered}) {
    ReadyDesk desk(GetParam());
    const Charge charge = desk.charge("a", 1000);
    ASSERT_TRUE(desk.driver.pay(charge, desk.now));
    desk.device.protocol().arm({CutPoint::outcome, CutHow::silent});
    ASSERT_TRUE(desk.run([&] { return desk.device.machine().stage() == stage; }, minutes(1)));
    static_cast<void>(desk.device.power_cut(desk.now));
    EXPECT_EQ(desk.answer().verdict, Verdict::unknown);
    const Outcome outcome = desk.ask(charge);
    EXPECT_TRUE(is_final(outcome.verdict)) << base::name(outcome.verdict);
    desk.pass(minutes(5));
    EXPECT_EQ(desk.charges(), charged(outcome.verdict) == Charged::yes ? 1U : 0U);
  }
}

TEST_P(ZvtDriver, SaysWhyTheTerminalTakesNoPaymentAtOpening) {
  Desk desk(GetParam());
  desk.device.machine().set_update_required(true);
  EXPECT_FALSE(desk.until_ready());
  ASSERT_FALSE(only<NotReady>(desk.events).empty());
  EXPECT_EQ(only<NotReady>(desk.events)[0].reason, Reason::update_required);
  ASSERT_TRUE(desk.act("update"));
  EXPECT_TRUE(desk.until_ready());
  desk.device.machine().set_battery_low(true);
  EXPECT_EQ(desk.pay(desk.charge("a", 100)).reason, Reason::battery_low);
}

TEST_P(ZvtDriver, ReportsRubbishWithItsBytesAndGoesOn) {
  ReadyDesk desk(GetParam());
  desk.driver.feed("\x7fgarbage", desk.now);
  desk.pass(seconds(1));
  const auto rubbish = only<Rubbish>(desk.events);
  ASSERT_FALSE(rubbish.empty());
  EXPECT_NE(rubbish[0].sentence.find("7f676172626167"), std::string::npos) << rubbish[0].sentence;
  EXPECT_EQ(desk.pay(desk.charge("a", 1000)).verdict, Verdict::approved);
}

TEST_P(ZvtDriver, DoesNotAcknowledgeAnOutcomeNobodyAskedFor) {
  ReadyDesk desk(GetParam());
  zvt::Message message;
  message.command = zvt::kStatusInfo;
  message.body.result = 0;
  message.body.amount = 1000;
  base::Bytes bytes = encode(zvt::write(message));
  if (GetParam() == Framing::serial) bytes = zvt::frame(bytes);
  desk.driver.feed(bytes, desk.now);
  EXPECT_EQ(desk.driver.take_bytes(), GetParam() == Framing::serial ? "\x06" : "");
  desk.take_events();
  ASSERT_EQ(only<Rubbish>(desk.events).size(), 1U);
  EXPECT_TRUE(only<Answered>(desk.events).empty());
}

}  // namespace
}  // namespace tillrig::terminal
