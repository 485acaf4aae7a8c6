#include "devices/terminal/machine.hpp"

#include "tests/devices/terminal/desk.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

namespace tillrig::terminal {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

TerminalSetup by_hand() {
  TerminalSetup how = Desk::setup(zvt::Framing::tcp, LostAck::keep);
  how.machine.automatic_customer = false;
  return how;
}

TEST(CardMachine, DoesWhatTheCustomerDoesByHand) {
  Desk desk(by_hand());
  ASSERT_TRUE(desk.until_ready());
  EXPECT_FALSE(desk.act("card")) << "it does not wait for one";
  ASSERT_TRUE(desk.driver.pay(desk.charge("a", 1000), desk.now));
  desk.pass(seconds(5));
  EXPECT_FALSE(desk.act("card", "library"));
  ASSERT_TRUE(desk.act("card", "girocard"));
  ASSERT_TRUE(desk.act("pin", "wrong"));
  ASSERT_TRUE(desk.act("pin", "wrong"));
  EXPECT_FALSE(desk.act("pin", "1234"));
  ASSERT_TRUE(desk.act("pin", "right"));
  desk.pass(seconds(5));
  EXPECT_TRUE(only<Answered>(desk.events).empty()) << "the card is in the terminal still";
  ASSERT_TRUE(desk.act("take_card"));
  EXPECT_EQ(desk.answer().verdict, Verdict::approved);
}

TEST(CardMachine, EndsWithoutAChargeWhenTheCustomerDoesNotPay) {
  struct Row {
    std::vector<std::pair<std::string, std::string>> acts;
    Verdict verdict;
    Reason reason;
  };
  const Row rows[] = {
      {{}, Verdict::aborted, Reason::stopped},  // after a minute; the wire has one code for both
      {{{"stop", ""}}, Verdict::aborted, Reason::stopped},
      {{{"card", ""}, {"take_card", ""}}, Verdict::aborted, Reason::stopped},
      {{{"card", "unreadable"}, {"take_card", ""}}, Verdict::declined, Reason::unreadable_card},
      {{{"card", ""}, {"pin", "wrong"}, {"pin", "wrong"}, {"pin", "wrong"}, {"take_card", ""}},
       Verdict::declined,
       Reason::blocked_card}};
  for (const Row& row : rows) {
    Desk desk(by_hand());
    ASSERT_TRUE(desk.until_ready());
    ASSERT_TRUE(desk.driver.pay(desk.charge("a", 1000), desk.now));
    desk.pass(seconds(1));
    for (const auto& [act, detail] : row.acts) {
      ASSERT_TRUE(desk.act(act, detail)) << act;
      desk.pass(seconds(1));
    }
    const Outcome outcome = desk.answer();
    EXPECT_EQ(outcome.verdict, row.verdict);
    EXPECT_EQ(outcome.reason, row.reason) << base::name(outcome.reason);
    EXPECT_EQ(desk.charges(), 0U);
  }
}

TerminalSetup with_limits() {
  TerminalSetup how = Desk::setup(zvt::Framing::tcp, LostAck::keep);
  how.machine.offline = {base::Money{5000}, base::Money{12000}, 3, minutes(30)};
  return how;
}

TEST(CardMachine, ApprovesAloneWithinEachOfItsLimits) {
  Desk desk(with_limits());
  ASSERT_TRUE(desk.until_ready());
  desk.device.host_line().set_down(true);
  const auto pay = [&](std::int64_t cents) { return desk.pay(desk.charge("x", cents)); };
  EXPECT_EQ(pay(5001).reason, Reason::offline_limit) << "the floor";
  const Outcome stored = pay(5000);
  EXPECT_EQ(stored.verdict, Verdict::approved);
  EXPECT_TRUE(stored.slip->stored_offline);
  EXPECT_EQ(pay(5000).verdict, Verdict::approved);
  EXPECT_EQ(pay(2001).reason, Reason::offline_limit) << "the total";
  EXPECT_EQ(pay(1000).verdict, Verdict::approved);
  EXPECT_EQ(pay(1).reason, Reason::offline_limit) << "the count";
  EXPECT_EQ(desk.device.machine().stored(), 3U);
  EXPECT_EQ(desk.charges(), 0U);
  desk.device.host_line().set_down(false);
  desk.pass(minutes(5));
  EXPECT_EQ(desk.device.machine().stored(), 0U);
  EXPECT_EQ(desk.charges(), 3U);
}

TEST(CardMachine, ApprovesNothingAloneWhileTheOldestStoredPaymentIsTooOld) {
  Desk desk(with_limits());
  ASSERT_TRUE(desk.until_ready());
  desk.device.host_line().set_down(true);
  ASSERT_EQ(desk.pay(desk.charge("a", 100)).verdict, Verdict::approved);
  desk.pass(minutes(31));
  EXPECT_EQ(desk.pay(desk.charge("b", 100)).reason, Reason::offline_limit);
}

TEST(CardMachine, ChargesOnceWhenTheHostHeardAndItsAnswerWasLost) {
  Desk desk(with_limits());
  ASSERT_TRUE(desk.until_ready());
  ASSERT_TRUE(desk.driver.pay(desk.charge("a", 1000), desk.now));
  desk.run([&] { return desk.device.machine().stage() == Stage::authorising; }, minutes(1));
  desk.device.host_line().set_down(true);  // it has heard
  const Outcome outcome = desk.answer();
  EXPECT_EQ(outcome.verdict, Verdict::approved);
  EXPECT_TRUE(outcome.slip->stored_offline);
  desk.device.host_line().set_down(false);
  desk.pass(minutes(5));
  EXPECT_EQ(desk.charges(), 1U) << "the stored one; what the host had heard is reversed";
}

TEST(CardMachine, AStoredPaymentThatIsReversedIsNeverSent) {
  Desk desk(with_limits());
  ASSERT_TRUE(desk.until_ready());
  desk.device.host_line().set_down(true);
  const Charge charge = desk.charge("a", 1000);
  const Outcome stored = desk.pay(charge);
  ASSERT_TRUE(desk.driver.reverse(charge, *stored.slip, desk.now));
  EXPECT_EQ(desk.answer().verdict, Verdict::reversed);
  desk.device.host_line().set_down(false);
  desk.pass(minutes(5));
  EXPECT_EQ(desk.charges(), 0U);
}

TEST(CardMachine, AReaderWithTheKnownBugChargesTwiceWhatItDrains) {
  for (const bool bug : {false, true}) {
    TerminalSetup how = with_limits();
    how.machine.drain_duplicates = bug;
    Desk desk(how);
    ASSERT_TRUE(desk.until_ready());
    desk.device.host_line().set_down(true);
    ASSERT_EQ(desk.pay(desk.charge("a", 1000)).verdict, Verdict::approved);
    desk.device.host_line().set_down(false);
    desk.run([&] { return desk.device.machine().due() == 0; }, seconds(0));
    ASSERT_EQ(desk.pay(desk.charge("b", 2000)).verdict, Verdict::approved);
    desk.pass(minutes(5));
    EXPECT_EQ(desk.charges(), bug ? 3U : 2U);
  }
}

TEST(CardMachine, TellsWhatSomebodyBesideItSees) {
  Desk desk;
  ASSERT_TRUE(desk.until_ready());
  const Charge charge = desk.charge("a", 1010);
  const Outcome outcome = desk.pay(charge);
  ASSERT_TRUE(desk.driver.reverse(charge, *outcome.slip, desk.now));
  EXPECT_EQ(desk.answer().verdict, Verdict::reversed);
  const auto records = desk.device.take_records();
  ASSERT_EQ(records.size(), 2U);
  EXPECT_EQ(records[0].what, "card charged");
  EXPECT_EQ(records[0].text, "10.10 EUR, receipt 0001, trace 000001");
  EXPECT_EQ(records[1].what, "card reversed");
}

TEST(TerminalSetup, IsReadFromSettingsAndSaysWhatIsWrong) {
  const auto good = read_setup({{"lost_ack", "sync_1f1f"},
                                {"framing", "serial"},
                                {"currency", "KWD"},
                                {"floor", "50.000"},
                                {"age_s", "1800"},
                                {"customer", "hand"},
                                {"by_amount", "cents"}});
  ASSERT_TRUE(good) << good.error().what;
  EXPECT_EQ(good->machine.lost_ack, LostAck::sync_1f1f);
  EXPECT_EQ(good->machine.offline.floor.minor, 50'000);
  EXPECT_FALSE(good->machine.automatic_customer);
  for (const auto& [name, text] : devices::Settings{{"lost_ack", "maybe"},
                                                    {"terminal_id", "12"},
                                                    {"count", "-1"},
                                                    {"floor", "1.234"},
                                                    {"customer", "robot"},
                                                    {"by_amount", "euros"},
                                                    {"colour", "red"}}) {
    const auto bad = read_setup({{name, text}});
    ASSERT_FALSE(bad) << name;
    EXPECT_NE(bad.error().what.find(name), std::string::npos) << bad.error().what;
  }
}

TEST(AmountRules, EachHasAnAmountANameAndASentence) {
  for (const AmountRule& rule : amount_rules()) {
    EXPECT_EQ(rule_for("cents", base::Money{700 + rule.cents}), &rule);
    EXPECT_EQ(rule_for("none", base::Money{700 + rule.cents}), nullptr);
    EXPECT_NE(rule.doc, "");
  }
  EXPECT_EQ(rule_for("cents", base::Money{1010}), nullptr);
  EXPECT_EQ(rule_for("cents", base::Money{1000}), nullptr);
}

// devices/README.md is all that a user of the stand-alone terminal reads.
TEST(DevicesPage, NamesAllThatATerminalTakes) {
  std::ifstream file(TILLRIG_SOURCE_DIR "/devices/README.md");
  const std::string page{std::istreambuf_iterator<char>(file), {}};
  const auto names = [&](std::string_view word) {
    EXPECT_NE(page.find(word), std::string::npos) << word;
  };
  for (const auto& point : base::names<CutPoint>()) names(fmt::format("`{}`", point.name));
  for (const auto& how : base::names<CutHow>()) names(fmt::format("`{}`", how.name));
  for (const auto& lost_ack : base::names<LostAck>()) names(fmt::format("`{}`", lost_ack.name));
  for (const AmountRule& rule : amount_rules()) names(fmt::format("{:02}", rule.cents));
  for (const std::string_view setting : setting_names()) names(setting);
}

TEST(Outcomes, EachHasASentence) {
  for (const auto& verdict : base::names<Verdict>()) {
    for (const auto& reason : base::names<Reason>()) {
      EXPECT_NE(describe(Outcome{verdict.value, reason.value, std::nullopt}), "");
    }
  }
}

}  // namespace
}  // namespace tillrig::terminal
