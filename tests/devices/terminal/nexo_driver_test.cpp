#include "tests/devices/terminal/desk.hpp"

#include <gtest/gtest.h>

namespace tillrig::terminal {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

// A driver whose terminal is a text: what it asks is read here, what it is answered comes from
// here.
struct Scripted {
  Scripted() : driver(nexo::DriverOptions()) {
    driver.line_up(now);
    const nexo::Message hello = asked();
    EXPECT_EQ(hello.header.category, "Diagnosis");
    nexo::Message well = nexo::answer_to(hello.header, {});
    well.status = "OK";
    well.header.poi_id = "P400Plus-1";
    answer(well);
    EXPECT_TRUE(driver.ready());
    static_cast<void>(driver.take_events());
  }

  nexo::Message asked() {
    base::HttpReader<base::HttpRequest> reader(nexo::kMostBodyBytes);
    EXPECT_TRUE(reader.feed(driver.take_bytes()));
    const auto request = reader.next();
    EXPECT_TRUE(request) << "nothing was asked";
    if (!request) return {};
    EXPECT_EQ(request->target, "/nexo");
    const auto message = nexo::read(request->body);
    EXPECT_TRUE(message) << message.error().what;
    return message.value_or(nexo::Message{});
  }
  void answer_text(const std::string& body, int status = 200) {
    base::HttpResponse response;
    response.status = status;
    response.body = body;
    driver.feed(base::write_http(response), now);
  }
  void answer(const nexo::Message& message) { answer_text(nexo::write(message)); }
  // Of the payment that has been asked for.
  nexo::Message approval(const nexo::Message& payment, std::int64_t cents) const {
    nexo::Message message = nexo::answer_to(payment.header, {});
    message.header.poi_id = "P400Plus-1";
    CardSlip slip;
    slip.terminal_id = "52500006";
    slip.receipt_number = 7;
    slip.trace = 9;
    slip.amount = base::Money{cents};
    slip.currency = "EUR";
    message.paid = nexo::paid_of({payment.sale->id, {}, {}, {}}, slip);
    return message;
  }
  nexo::Message pay(std::string reference, std::int64_t cents) {
    EXPECT_TRUE(driver.pay({std::move(reference), base::Money{cents}, "EUR", {}}, now));
    return asked();
  }
  Outcome outcome() {
    events = driver.take_events();
    const auto answers = only<Answered>(events);
    EXPECT_EQ(answers.size(), 1U);
    return answers.empty() ? Outcome{} : answers[0].outcome;
  }

  nexo::NexoDriver driver;
  base::Instant now{1'000'000'000};
  std::vector<TerminalEvent> events;
};

TEST(NexoDriver, KnowsWhereTheTerminalStandsBeforeItIsReady) {
  Desk desk(Desk::nexo_setup());
  desk.driver.line_up(desk.now);
  EXPECT_EQ(desk.driver.bookmark(), "");
  EXPECT_FALSE(desk.driver.pay(desk.charge("a", 100), desk.now));
  ASSERT_TRUE(desk.until_ready());
  EXPECT_EQ(desk.driver.bookmark(), "P400Plus-52500006;1");
  ASSERT_EQ(only<Ready>(desk.events).size(), 1U);
  EXPECT_EQ(only<Ready>(desk.events)[0].terminal_id, "P400Plus-52500006");
}

TEST(NexoDriver, TellsAnApprovedPaymentWithItsSlipAndItsReceipt) {
  ReadyDesk desk(Desk::nexo_setup());
  const Outcome outcome = desk.pay(desk.charge("a", 1010));
  EXPECT_EQ(outcome.verdict, Verdict::approved);
  ASSERT_TRUE(outcome.slip);
  EXPECT_EQ(outcome.slip->amount.minor, 1010);
  EXPECT_EQ(outcome.slip->currency, "EUR");
  EXPECT_EQ(outcome.slip->terminal_id, "52500006");
  EXPECT_EQ(outcome.slip->receipt_number, 1U);
  EXPECT_EQ(outcome.slip->trace, 1U);
  EXPECT_EQ(outcome.slip->transaction_id, "0001.000001");
  EXPECT_EQ(outcome.slip->masked_pan, "************4711");
  EXPECT_EQ(outcome.slip->card_name, "girocard");
  EXPECT_NE(outcome.slip->authorisation_code, "");
  EXPECT_EQ(desk.charges(), 1U);
  EXPECT_EQ(desk.device.local_host().standing()[0].request.reference, "a")
      << "the acquirer knows the till's name of it";
  ASSERT_EQ(only<Printed>(desk.events).size(), 1U);
  EXPECT_EQ(only<Printed>(desk.events)[0].lines[0], "* * CARD PAYMENT * *");
  EXPECT_TRUE(only<Rubbish>(desk.events).empty());
}

TEST(NexoDriver, TakesEveryMessageByteByByte) {
  Desk desk(Desk::nexo_setup());
  desk.step = 1;
  ASSERT_TRUE(desk.until_ready());
  EXPECT_EQ(desk.pay(desk.charge("a", 1010)).verdict, Verdict::approved);
  EXPECT_TRUE(only<Rubbish>(desk.events).empty());
}

TEST(NexoDriver, SealsItsMessagesWhereTheTerminalHasAKey) {
  TerminalSetup how = Desk::nexo_setup();
  how.nexo.key = nexo::Key{"shop", 2, "pass phrase"};
  ReadyDesk desk(how);
  EXPECT_EQ(desk.pay(desk.charge("a", 1010)).verdict, Verdict::approved);
}

TEST(NexoDriver, GivesEachOutcomeOfTheHostItsOwnVerdictAndReason) {
  ReadyDesk desk(Desk::nexo_setup());
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
    const Outcome outcome = desk.pay(desk.charge(fmt::format("x{}", row.cents), row.cents));
    EXPECT_EQ(outcome.verdict, row.verdict) << row.cents;
    EXPECT_EQ(outcome.reason, row.reason) << row.cents << ' ' << base::name(outcome.reason);
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

TEST(NexoDriver, DeclinesACurrencyTheTerminalDoesNotHave) {
  ReadyDesk desk(Desk::nexo_setup());
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

TEST(NexoDriver, StopsAPaymentThatStillWaitsForItsCard) {
  TerminalSetup how = Desk::nexo_setup();
  how.machine.automatic_customer = false;
  ReadyDesk desk(how);
  ASSERT_TRUE(desk.driver.pay(desk.charge("a", 1000), desk.now));
  desk.pass(seconds(29));
  ASSERT_TRUE(desk.driver.abort(desk.now));
  const Outcome outcome = desk.answer();
  EXPECT_EQ(outcome.verdict, Verdict::aborted);
  EXPECT_EQ(outcome.reason, Reason::cancelled);
  ASSERT_EQ(only<AbortAnswered>(desk.events).size(), 1U);
  EXPECT_TRUE(only<AbortAnswered>(desk.events)[0].accepted);
  EXPECT_EQ(desk.charges(), 0U);
  EXPECT_TRUE(only<Rubbish>(desk.events).empty());
  ASSERT_TRUE(desk.driver.pay(desk.charge("b", 1000), desk.now)) << "and takes the next one";
}

TEST(NexoDriver, TellsTheApprovalWhenAnAbortComesTooLate) {
  ReadyDesk desk(Desk::nexo_setup());
  ASSERT_TRUE(desk.driver.pay(desk.charge("a", 1000), desk.now));
  desk.run([&] { return desk.device.machine().stage() == Stage::authorising; }, minutes(1));
  ASSERT_TRUE(desk.driver.abort(desk.now));
  EXPECT_EQ(desk.answer().verdict, Verdict::approved);
  ASSERT_EQ(only<AbortAnswered>(desk.events).size(), 1U);
  EXPECT_FALSE(only<AbortAnswered>(desk.events)[0].accepted);
}

TEST(NexoDriver, HearsThatTheCustomerStoppedOrDidNothing) {
  TerminalSetup how = Desk::nexo_setup();
  how.machine.automatic_customer = false;
  ReadyDesk desk(how);
  ASSERT_TRUE(desk.driver.pay(desk.charge("a", 1000), desk.now));
  desk.exchange();
  ASSERT_TRUE(desk.act("stop"));
  Outcome outcome = desk.answer();
  EXPECT_EQ(outcome.verdict, Verdict::aborted);
  EXPECT_EQ(outcome.reason, Reason::stopped);
  outcome = desk.pay(desk.charge("b", 1000));
  EXPECT_EQ(outcome.verdict, Verdict::aborted);
  EXPECT_EQ(outcome.reason, Reason::time_out);
}

TEST(NexoDriver, AsksAgainWhileThePaymentIsInProgress) {
  TerminalSetup how = Desk::nexo_setup();
  ReadyDesk desk(how);
  desk.device.local_host().set_preset("cents");
  const Charge charge = desk.charge("slow", 1067);  // nine seconds at the host
  ASSERT_TRUE(desk.driver.pay(charge, desk.now));
  desk.run([&] { return desk.device.machine().stage() == Stage::authorising; }, minutes(1));
  desk.disconnect();
  EXPECT_EQ(desk.answer().verdict, Verdict::unknown);
  desk.run([&] { return desk.connected; }, minutes(1));
  ASSERT_TRUE(desk.driver.ask(charge, desk.now));
  EXPECT_EQ(desk.answer().verdict, Verdict::in_progress);
  EXPECT_EQ(desk.ask(charge).verdict, Verdict::approved);
  EXPECT_EQ(desk.charges(), 1U);
}

TEST(NexoDriver, APaymentThatNeverCameIsNotFound) {
  ReadyDesk desk(Desk::nexo_setup());
  EXPECT_EQ(desk.ask(desk.charge("never", 1000)).verdict, Verdict::not_found);
  ASSERT_EQ(desk.pay(desk.charge("another", 1000)).verdict, Verdict::approved);
  EXPECT_EQ(desk.ask(desk.charge("never", 1000)).verdict, Verdict::not_found)
      << "the last customer's of the same amount is another one";
}

TEST(NexoDriver, DoesNotTakeATerminalsForgettingForANo) {
  ReadyDesk desk(Desk::nexo_setup());
  const Charge charge = desk.charge("a", 1000);
  desk.device.protocol().arm({CutPoint::outcome, CutHow::reset});
  ASSERT_EQ(desk.pay(charge).verdict, Verdict::unknown);
  ASSERT_TRUE(desk.until_ready());
  ASSERT_TRUE(desk.driver.end_of_day(desk.now));
  ASSERT_EQ(desk.answer().verdict, Verdict::done);
  const Outcome outcome = desk.ask(charge);
  EXPECT_EQ(outcome.verdict, Verdict::unknown);
  EXPECT_EQ(outcome.reason, Reason::forgotten);
}

TEST(NexoDriver, ReversesByTheTerminalsNameOfThePayment) {
  ReadyDesk desk(Desk::nexo_setup());
  const Charge charge = desk.charge("a", 1000);
  const Outcome paid = desk.pay(charge);
  ASSERT_TRUE(paid.slip);
  ASSERT_TRUE(desk.driver.reverse(charge, *paid.slip, desk.now));
  EXPECT_EQ(desk.answer().verdict, Verdict::reversed);
  EXPECT_EQ(desk.charges(), 0U);
  ASSERT_TRUE(desk.driver.reverse(charge, *paid.slip, desk.now));
  const Outcome again = desk.answer();
  EXPECT_EQ(again.verdict, Verdict::reversed);
  EXPECT_EQ(again.reason, Reason::already_reversed);
  EXPECT_EQ(desk.ask(charge).verdict, Verdict::reversed);

  CardSlip unknown = *paid.slip;
  unknown.transaction_id = "0001.000009";
  ASSERT_TRUE(desk.driver.reverse(charge, unknown, desk.now));
  const Outcome none = desk.answer();
  EXPECT_EQ(none.verdict, Verdict::refused);
  EXPECT_EQ(none.reason, Reason::not_reversible);
  EXPECT_FALSE(desk.driver.reverse(charge, CardSlip{}, desk.now));
}

TEST(NexoDriver, AFailedEndOfDayLocksTheTerminalUntilAGoodOne) {
  ReadyDesk desk(Desk::nexo_setup());
  desk.device.host_line().set_down(true);
  ASSERT_TRUE(desk.driver.end_of_day(desk.now));
  const Outcome failed = desk.answer();
  EXPECT_EQ(failed.verdict, Verdict::failed);
  EXPECT_EQ(failed.reason, Reason::no_host);
  desk.device.host_line().set_down(false);
  ASSERT_TRUE(desk.until_ready());
  const Outcome locked = desk.pay(desk.charge("a", 1000));
  EXPECT_EQ(locked.verdict, Verdict::refused);
  EXPECT_EQ(locked.reason, Reason::end_of_day_open);
  ASSERT_TRUE(desk.driver.end_of_day(desk.now));
  EXPECT_EQ(desk.answer().verdict, Verdict::done);
  ASSERT_TRUE(desk.until_ready());
  EXPECT_EQ(desk.pay(desk.charge("b", 1000)).verdict, Verdict::approved);
}

TEST(NexoDriver, WaitsForATerminalThatTakesNoPayments) {
  Desk desk(Desk::nexo_setup());
  desk.device.machine().set_update_required(true);
  desk.connect();
  desk.pass(seconds(10));
  EXPECT_FALSE(desk.driver.ready());
  ASSERT_FALSE(only<NotReady>(desk.events).empty());
  EXPECT_EQ(only<NotReady>(desk.events)[0].reason, Reason::update_required);
  ASSERT_TRUE(desk.act("update"));
  EXPECT_TRUE(desk.until_ready());

  desk.device.machine().set_busy(true);
  const Outcome busy = desk.pay(desk.charge("a", 1000));
  EXPECT_EQ(busy.verdict, Verdict::busy);
  desk.device.machine().set_busy(false);
  desk.device.machine().set_battery_low(true);
  const Outcome low = desk.pay(desk.charge("b", 1000));
  EXPECT_EQ(low.verdict, Verdict::refused);
  EXPECT_EQ(low.reason, Reason::battery_low);
}

TEST(NexoDriver, ASilentTerminalIsUnknownAfterTwoMinutes) {
  ReadyDesk desk(Desk::nexo_setup());
  const Charge charge = desk.charge("a", 1000);
  desk.device.protocol().set_mute(true);
  const base::Instant asked = desk.now;
  const Outcome outcome = desk.pay(charge);
  EXPECT_EQ(outcome.verdict, Verdict::unknown);
  EXPECT_EQ(outcome.reason, Reason::no_answer);
  EXPECT_EQ(desk.now - asked, seconds(120));
  desk.device.protocol().set_mute(false);
  EXPECT_EQ(desk.ask(charge).verdict, Verdict::not_found);
}

TEST(NexoDriver, NamesWhatCannotBeReadWithItsBytes) {
  ReadyDesk desk(Desk::nexo_setup());
  const Charge charge = desk.charge("a", 1000);
  desk.device.protocol().set_garbage(true);
  const Outcome outcome = desk.pay(charge);
  EXPECT_EQ(outcome.verdict, Verdict::unknown);
  EXPECT_EQ(outcome.reason, Reason::rubbish);
  ASSERT_FALSE(only<Rubbish>(desk.events).empty());
  EXPECT_NE(only<Rubbish>(desk.events)[0].sentence.find("the card terminal sent 120e0e0a"),
            std::string::npos)
      << only<Rubbish>(desk.events)[0].sentence;
  EXPECT_NE(only<Rubbish>(desk.events)[0].sentence.find("not an HTTP"), std::string::npos);
  desk.device.protocol().set_garbage(false);
  EXPECT_EQ(desk.ask(charge).verdict, Verdict::approved) << "and goes on with a new connection";
  EXPECT_EQ(desk.charges(), 1U);
}

TEST(NexoDriver, AnAnswerForAnotherPaymentIsNoAnswerToThisOne) {
  Scripted with;
  const nexo::Message payment = with.pay("mine", 1000);
  nexo::Message other = with.approval(payment, 1000);
  other.header.service_id = "0123456789";
  with.answer(other);
  EXPECT_EQ(with.outcome().verdict, Verdict::crossed);

  Scripted again;
  const nexo::Message second = again.pay("mine", 1000);
  nexo::Message others = again.approval(second, 1000);
  others.paid->sale.id = "somebody else's";
  again.answer(others);
  EXPECT_EQ(again.outcome().verdict, Verdict::crossed);
}

TEST(NexoDriver, AnAnswerToAnotherQuestionLeavesThePaymentUnknown) {
  Scripted with;
  const nexo::Message payment = with.pay("mine", 1000);
  nexo::Header login = payment.header;
  login.category = "Login";
  with.answer(nexo::answer_to(login, {}));
  const Outcome outcome = with.outcome();
  EXPECT_EQ(outcome.verdict, Verdict::unknown);
  EXPECT_EQ(outcome.reason, Reason::rubbish);
  EXPECT_EQ(only<HangUp>(with.events).size(), 1U);
  EXPECT_EQ(only<Rubbish>(with.events).size(), 1U);
}

TEST(NexoDriver, WrongAmountsAndCurrenciesAreStatesOfTheirOwn) {
  for (const auto& [cents, verdict] :
       {std::pair(1000, Verdict::approved), std::pair(600, Verdict::approved_in_part),
        std::pair(1001, Verdict::wrong_amount), std::pair(0, Verdict::wrong_amount)}) {
    Scripted with;
    with.answer(with.approval(with.pay("mine", 1000), cents));
    EXPECT_EQ(with.outcome().verdict, verdict) << cents;
  }
  Scripted with;
  nexo::Message dollars = with.approval(with.pay("mine", 1000), 1000);
  dollars.paid->currency = "USD";
  with.answer(dollars);
  EXPECT_EQ(with.outcome().verdict, Verdict::wrong_currency);
}

TEST(NexoDriver, AnotherTerminalsWordIsNotTaken) {
  Scripted with;
  nexo::Message answer = with.approval(with.pay("mine", 1000), 1000);
  answer.header.poi_id = "P400Plus-2";
  with.answer(answer);
  const Outcome outcome = with.outcome();
  EXPECT_EQ(outcome.verdict, Verdict::unknown);
  EXPECT_EQ(outcome.reason, Reason::other_terminal);
}

TEST(NexoDriver, RubbishInEveryShapeLeavesThePaymentUnknown) {
  const std::vector<std::pair<std::string, int>> bodies = {
      {"", 200},
      {"{}", 200},
      {"[1,2,3]", 200},
      {"{\"SaleToPOIResponse\":{}}", 200},
      {"not json", 200},
      {"gone", 404},
      {"broken", 500},
      {std::string(40, '['), 200},
      {R"({"SaleToPOIRequest":{"MessageHeader":{"MessageType":"Notification","MessageCategory":"Event"},)"
       R"("EventNotification":{"EventToNotify":"Reject","EventDetails":"message=no"}}})",
       200}};
  for (const auto& [body, status] : bodies) {
    Scripted with;
    with.pay("mine", 1000);
    with.answer_text(body, status);
    const Outcome outcome = with.outcome();
    EXPECT_EQ(outcome.verdict, Verdict::unknown) << body;
    EXPECT_EQ(outcome.reason, Reason::rubbish) << body;
    EXPECT_EQ(only<Rubbish>(with.events).size(), 1U) << body;
  }
  Scripted with;
  with.pay("mine", 1000);
  with.driver.feed("HTTP/1.1 200 OK\r\nContent-Length: 999999999\r\n\r\n", with.now);
  EXPECT_EQ(with.outcome().verdict, Verdict::unknown) << "more than any answer has";
}

TEST(NexoDriver, ATerminalThatEndsTheConnectionBehindItsAnswerIsConnectedAnew) {
  Scripted with;
  const nexo::Message payment = with.pay("mine", 1000);
  base::HttpResponse response;
  response.keep_alive = false;
  response.body = nexo::write(with.approval(payment, 1000));
  with.driver.feed(base::write_http(response), with.now);
  EXPECT_EQ(with.outcome().verdict, Verdict::approved);
  EXPECT_EQ(only<HangUp>(with.events).size(), 1U);
}

}  // namespace
}  // namespace tillrig::terminal
