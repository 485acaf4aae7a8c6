// Payments by card at a till, with a simulated terminal whose line can be cut.
#include "devices/terminal/device.hpp"
#include "pos/wire/attempt.hpp"
#include "tests/pos/till/till_rig.hpp"

#include <optional>
#include <tuple>

namespace tillrig::till {
namespace {

class CardDeskTest : public TillTest {
 protected:
  using LostAck = terminal::LostAck;

  ~CardDeskTest() override {
    rig.kernel.close_lane(rig.till_lane);
    till.reset();
  }

  // `hands`: the customer does nothing by himself.
  void open(LostAck lost_ack = LostAck::keep, bool hands = false,
            std::initializer_list<std::string_view> mutants = {}) {
    terminal::TerminalSetup setup;
    setup.protocol = protocol;
    setup.machine.lost_ack = lost_ack;
    setup.machine.automatic_customer = !hands;
    device.emplace(std::move(setup));
    listener = *rig.cloud.listen({"cloud", 20007, false});
    kernel::spawn(rig.kernel, rig.cloud_lane, serving());
    with = config();
    with.devices["terminal"] = {"cloud", 20007, false};
    with.device_settings["terminal"]["protocol"] = terminal::name(protocol);
    with.day_ends = "22:00";
    for (const std::string_view each : mutants) with.mutants.add(each);
    till = std::make_unique<Till>(ports, with, screen);
    kernel::spawn(rig.kernel, rig.till_lane, starting());
    pass(5s);
    ASSERT_TRUE(started) << started.error().what;
  }
  base::Awaitable<void> serving() {
    for (;;) {
      auto connected = co_await listener->accept();
      if (!connected) co_return;
      if (dark) continue;  // dropped
      channel = std::move(*connected);
      device->line_up(rig.kernel.now());
      for (;;) {
        base::Bytes out = device->poll(rig.kernel.now());
        if (out.empty()) {
          const base::Instant next = std::min(device->poll_at(), rig.kernel.now() + 50ms);
          auto in = co_await channel->read(4096, next);
          if (!in && in.error().code != base::Code::timeout) break;
          if (in && in->empty()) break;
          if (in) out = device->feed(*in, rig.kernel.now());
        }
        if (!out.empty()) {
          auto written = co_await channel->write(std::move(out), base::Instant::never());
          if (!written) break;
        }
        const auto hang_up = device->hang_up();
        if (dark || hang_up != devices::HangUp::no) break;
      }
      channel->close();
      device->line_down(rig.kernel.now());
    }
  }
  // The till is killed where it stands and started again on the same files.
  void relaunch() {
    rig.kernel.close_lane(rig.till_lane);
    till.reset();
    rig.till_lane = rig.kernel.open_lane("till-1");
    networks.push_back(std::make_unique<net::HostNetwork>(rig.network, "till-1", rig.till_lane));
    timers.push_back(std::make_unique<kernel::LaneTimer>(rig.kernel, rig.till_lane));
    disks.push_back(std::make_unique<disk::VolumeDisk>(volume));
    const kernel::Lane lane = rig.till_lane;
    again.emplace(ports::Ports{kernel::make_executor(rig.kernel, lane), rig.clock, *timers.back(),
                               entropy, *networks.back(), *disks.back(), notes,
                               [this, lane] { return kernel::make_alarm(rig.kernel, lane); }});
    till = std::make_unique<Till>(*again, with, screen);
    kernel::spawn(rig.kernel, lane, starting());
    pass(6s);
    ASSERT_TRUE(started) << started.error().what;
  }
  void cut(std::string_view where, std::string_view how) {
    const std::string what = std::string(where) + " " + std::string(how);
    const auto done = device->handle("cut", what, rig.kernel.now());
    ASSERT_TRUE(done) << done.error().what;
  }
  Result<Answer> pay_card() { return handle(Tender{"card", Money{129}}); }
  void begin_sale() { ASSERT_TRUE(handle(Enter{"milk"})); }
  std::string prompt() {
    const auto all = state().prompts;
    return all.empty() ? std::string() : all.back().id;
  }
  Result<Answer> press(const std::string& id, const std::string& button) {
    return handle(Press{id, button});
  }
  // What the cloud has heard of an attempt.
  void cloud_knows(const std::string& id, wire::AttemptOutcome outcome, std::string state = "") {
    const wire::AttemptKnown known{id, outcome, Money{129}, "EUR", id, std::move(state)};
    cloud.rule =
        [known](const base::HttpRequest& request) -> std::optional<sync::ScriptedCloud::Reply> {
      if (request.target != "/v1/attempts/" + known.id) return std::nullopt;
      return sync::ScriptedCloud::Reply{sync::ScriptedCloud::ours(wire::write_json(known)), {}};
    };
  }
  // How often the card was charged, and not given back.
  std::size_t charges() {
    const auto& all = device->machine().memory();
    return static_cast<std::size_t>(
        std::count_if(all.begin(), all.end(), [](const auto& each) { return each.stands(); }));
  }
  std::vector<UnpaidOrder> unpaid() { return handle(Sales())->unpaid; }
  std::size_t sales() { return handle(Sales())->sales->size(); }
  void end_in_doubt() {
    dark = true;
    pass(1s);
    ASSERT_EQ(prompt(), "card_unknown");
    ASSERT_TRUE(press("card_unknown", "Re-sync"));
    pass(20s);
    ASSERT_EQ(prompt(), "card_still_unknown");
    ASSERT_TRUE(press("card_still_unknown", "Re-sync again"));
    pass(20s);
    ASSERT_EQ(prompt(), "card_unresolved");
  }

  std::optional<terminal::TerminalDevice> device;
  base::Channel channel;
  std::unique_ptr<ports::Listener> listener;
  bool dark = false;  // the line to the terminal
  terminal::ProtocolKind protocol = terminal::ProtocolKind::zvt;
  Config with;
  std::vector<std::unique_ptr<net::HostNetwork>> networks;
  std::vector<std::unique_ptr<kernel::LaneTimer>> timers;
  std::vector<std::unique_ptr<disk::VolumeDisk>> disks;
  std::optional<ports::Ports> again;
};

// The same whichever protocol till and terminal speak.
class CardDeskOverBoth : public CardDeskTest,
                         public testing::WithParamInterface<terminal::ProtocolKind> {
 protected:
  CardDeskOverBoth() { protocol = GetParam(); }
};

INSTANTIATE_TEST_SUITE_P(Protocols, CardDeskOverBoth,
                         testing::Values(terminal::ProtocolKind::zvt, terminal::ProtocolKind::nexo),
                         [](const auto& param) {
                           return std::string(terminal::name(param.param));
                         });

TEST_P(CardDeskOverBoth, AnApprovedPaymentClosesTheSaleByItself) {
  open();
  begin_sale();
  ASSERT_TRUE(pay_card());
  EXPECT_EQ(prompt(), "card_payment");
  pass(8s);
  EXPECT_EQ(prompt(), "");
  EXPECT_EQ(screen.count<Completed>(), 1U);
  EXPECT_TRUE(state().cart.empty());
  EXPECT_EQ(sales(), 1U);
  EXPECT_EQ(charges(), 1U);
  EXPECT_EQ(screen.last<CardShown>()->state, wire::AttemptState::approved);
  ASSERT_TRUE(sell({"milk"})) << "the next customer";
}

TEST_F(CardDeskTest, AShopWithoutATerminalTakesNoCard) {
  start();
  begin_sale();
  ASSERT_FALSE(pay_card());
  EXPECT_EQ(answer.error().what, "this till takes cash; \"card\" is not set up");
}

TEST_P(CardDeskOverBoth, CardPaysAllThatIsLeft) {
  open();
  begin_sale();
  EXPECT_FALSE(handle(Tender{"card", Money{100}}));
  ASSERT_TRUE(tender(29));
  ASSERT_TRUE(handle(Tender{"card", Money{100}}));
  pass(8s);
  EXPECT_EQ(screen.count<Completed>(), 1U);
}

TEST_P(CardDeskOverBoth, CancelledPaymentGoesBackToThePaymentPage) {
  open(LostAck::keep, true);
  begin_sale();
  ASSERT_TRUE(pay_card());
  pass(25s);
  EXPECT_FALSE(tender(500)) << "no other tender while it is unresolved";
  EXPECT_NE(answer.error().what.find("payment_unresolved"), std::string::npos);
  EXPECT_FALSE(handle(Cancel()));
  EXPECT_NE(answer.error().what.find("payment_unresolved"), std::string::npos);
  ASSERT_TRUE(press("card_payment", "Cancel"));
  pass(2s);
  EXPECT_EQ(screen.last<CardShown>()->state, wire::AttemptState::cancelled);
  ASSERT_TRUE(tender(500));
  ASSERT_TRUE(handle(Complete()));
  EXPECT_EQ(charges(), 0U);
}

TEST_F(CardDeskTest, CancelIsThereForThirtySeconds) {
  open(LostAck::keep, true);
  begin_sale();
  ASSERT_TRUE(pay_card());
  pass(29s);
  EXPECT_EQ(prompt(), "card_payment");
  pass(1s);
  EXPECT_EQ(prompt(), "");
  EXPECT_FALSE(handle(Enter{"wine"})) << "the terminal is at it";
}

TEST_P(CardDeskOverBoth, ResyncSettlesAPaymentThatWasNotHeardOf) {
  open();
  begin_sale();
  cut("outcome", "reset");
  ASSERT_TRUE(pay_card());
  pass(8s);
  ASSERT_EQ(prompt(), "card_unknown");
  EXPECT_EQ(charges(), 1U);
  ASSERT_TRUE(press("card_unknown", "Re-sync"));
  pass(5s);
  EXPECT_EQ(prompt(), "");
  EXPECT_EQ(screen.count<Completed>(), 1U);
  EXPECT_EQ(charges(), 1U);
}

TEST_P(CardDeskOverBoth, OrderIsClosedUnpaidAndReloadSettlesIt) {
  open();
  begin_sale();
  cut("outcome", "reset");
  ASSERT_TRUE(pay_card());
  pass(5s);
  end_in_doubt();
  ASSERT_TRUE(press("card_unresolved", "Close & back to Register"));
  pass(1s);
  EXPECT_TRUE(state().cart.empty());
  ASSERT_EQ(unpaid().size(), 1U);
  const UnpaidOrder row = unpaid().front();
  EXPECT_EQ(row.label, "unpaid");
  EXPECT_EQ(row.amount, Money{129});
  EXPECT_EQ(row.text, "will update by day-end 22:00");
  EXPECT_EQ(sales(), 0U);
  ASSERT_FALSE(handle(Refund{row.order, {}, {}}));
  EXPECT_NE(answer.error().what.find("payment_unresolved"), std::string::npos);
  ASSERT_FALSE(handle(Download{row.order}));
  pass(5s);
  ASSERT_TRUE(sell({"wine"})) << answer.error().what;
  dark = false;
  pass(5s);
  ASSERT_TRUE(handle(Reload()));
  pass(5s);
  EXPECT_TRUE(unpaid().empty());
  EXPECT_EQ(sales(), 2U);
  EXPECT_EQ(screen.count<Completed>(), 2U);
  EXPECT_EQ(charges(), 1U);
  pass(30s);
  ASSERT_TRUE(handle(Reload()));
  pass(5s);
  EXPECT_EQ(sales(), 2U) << "once";
}

TEST_P(CardDeskOverBoth, ATillThatIsKilledInThePaymentSettlesItWhenItIsOpenedAgain) {
  open();
  begin_sale();
  ASSERT_TRUE(pay_card());
  pass(2s);
  relaunch();
  pass(10s);
  EXPECT_TRUE(state().cart.empty());
  EXPECT_TRUE(unpaid().empty()) << screen.last<CardShown>()->text << " "
                                << name(screen.last<CardShown>()->state);
  EXPECT_EQ(sales(), charges()) << "paid once, or not charged";
  const std::size_t before = sales();
  relaunch();
  pass(10s);
  EXPECT_EQ(sales(), before);
}

TEST_P(CardDeskOverBoth, WhatWasChargedAndNotHeardOfIsPaidAfterTheRelaunchOnce) {
  open();
  begin_sale();
  cut("outcome", "reset");
  ASSERT_TRUE(pay_card());
  pass(5s);
  ASSERT_EQ(charges(), 1U);
  relaunch();
  pass(10s);
  EXPECT_EQ(sales(), 1U);
  relaunch();
  pass(10s);
  EXPECT_EQ(sales(), 1U);
  EXPECT_EQ(charges(), 1U);
}

TEST_P(CardDeskOverBoth, DownloadAsksTheCloudWhileTheTerminalIsDark) {
  open();
  begin_sale();
  ASSERT_TRUE(pay_card());
  pass(1s);
  end_in_doubt();
  ASSERT_TRUE(press("card_unresolved", "Close & back to Register"));
  pass(1s);
  const std::string order = unpaid().at(0).order;
  cloud_knows(order, wire::AttemptOutcome::unknown);
  ASSERT_TRUE(handle(Reload())) << answer.error().what;
  pass(1s);
  EXPECT_EQ(unpaid().size(), 1U);
  EXPECT_GT(unpaid().at(0).checked_ms, 0);
  cloud_knows(order, wire::AttemptOutcome::approved);
  ask(Download{order});
  pass(5s);
  ASSERT_TRUE(answer) << answer.error().what;
  EXPECT_TRUE(unpaid().empty());
  EXPECT_EQ(sales(), 1U);
  ask(Download{order});
  pass(5s);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, base::Code::not_allowed) << "it is settled";
  EXPECT_EQ(sales(), 1U);
  EXPECT_EQ(screen.count<Completed>(), 1U);
}

TEST_F(CardDeskTest, DeclinedOrderThatWasClosedIsVoid) {
  open();
  begin_sale();
  ASSERT_TRUE(pay_card());
  pass(1s);
  end_in_doubt();
  ASSERT_TRUE(press("card_unresolved", "Close & back to Register"));
  pass(1s);
  const std::string order = unpaid().at(0).order;
  cloud_knows(order, wire::AttemptOutcome::declined);
  ask(Download{order});
  pass(5s);
  ASSERT_TRUE(answer) << answer.error().what;
  EXPECT_TRUE(unpaid().empty());
  EXPECT_EQ(sales(), 0U);
}

TEST_F(CardDeskTest, AnOrderOfAnotherTillThatIsNotSettledIsNotGivenBack) {
  open();
  cloud_knows("till-9-1-4", wire::AttemptOutcome::unknown, "parked");
  ask(Refund{"till-9-1-4", {}, {}});
  pass(3s);
  ASSERT_FALSE(answer);
  EXPECT_NE(answer.error().what.find("payment_unresolved"), std::string::npos);
}

TEST_F(CardDeskTest, WhatADayLeftOpenIsAskedAboutAgainAndAgain) {
  open();
  begin_sale();
  cut("outcome", "reset");
  ASSERT_TRUE(pay_card());
  pass(5s);
  end_in_doubt();
  ASSERT_TRUE(press("card_unresolved", "Close & back to Register"));
  pass(1s);
  ASSERT_TRUE(sell({"wine"}));
  ask(CloseDay{Money{}});
  pass(2s);
  ASSERT_TRUE(answer) << answer.error().what;
  pass(60min);
  EXPECT_EQ(unpaid().size(), 1U) << "carried forward";
  dark = false;
  pass(11min);
  EXPECT_TRUE(unpaid().empty());
  EXPECT_EQ(sales(), 2U);
}

TEST_F(CardDeskTest, StoredPaymentsAreForgottenByAMutantAlone) {
  open(LostAck::keep, false, {"stored_payment_dropped"});
  begin_sale();
  cut("outcome", "reset");
  ASSERT_TRUE(pay_card());
  pass(5s);
  relaunch();
  pass(10s);
  EXPECT_EQ(sales(), 0U);
  EXPECT_EQ(charges(), 1U);
}

TEST_F(CardDeskTest, ANewChargeInPlaceOfAQuestionIsSeen) {
  open(LostAck::keep, false, {"retry_new_charge"});
  begin_sale();
  cut("outcome", "reset");
  ASSERT_TRUE(pay_card());
  pass(8s);
  ASSERT_TRUE(press("card_unknown", "Re-sync"));
  pass(10s);
  EXPECT_EQ(charges(), 2U);
}

TEST_F(CardDeskTest, AnAnswerThatIsThrownAwayIsSeen) {
  open(LostAck::keep, false, {"result_deleted_on_read"});
  begin_sale();
  cut("outcome", "reset");
  ASSERT_TRUE(pay_card());
  pass(8s);
  ASSERT_TRUE(press("card_unknown", "Re-sync"));
  pass(20s);
  ASSERT_TRUE(press("card_still_unknown", "Re-sync again"));
  pass(20s);
  ASSERT_TRUE(press("card_unresolved", "Close & back to Register"));
  pass(1s);
  ASSERT_TRUE(handle(Reload()));
  pass(20s);
  EXPECT_EQ(unpaid().size(), 1U);
  EXPECT_EQ(charges(), 1U);
}

// When it is killed, in milliseconds after the card was asked for, and what the terminal does then.
class KilledInThePayment
    : public CardDeskTest,
      public ::testing::WithParamInterface<std::tuple<int, terminal::LostAck>> {};

TEST_P(KilledInThePayment, EndsPaidOnceOrNotCharged) {
  const auto [after, lost_ack] = GetParam();
  open(lost_ack);
  begin_sale();
  ask(Tender{"card", Money{129}});
  pass(after * 1ms);
  relaunch();
  pass(20s);
  ASSERT_TRUE(handle(Reload())) << answer.error().what;
  pass(20s);
  EXPECT_TRUE(unpaid().empty());
  EXPECT_EQ(sales(), charges());
  relaunch();
  pass(10s);
  EXPECT_EQ(sales(), charges()) << "once";
  EXPECT_LE(charges(), 1U);
}

INSTANTIATE_TEST_SUITE_P(EveryMoment, KilledInThePayment,
                         ::testing::Combine(::testing::Values(0, 1, 2, 5, 10, 25, 45, 90, 300, 1000,
                                                              2000, 3050, 3100, 3200, 3400, 3700,
                                                              4000, 5000),
                                            ::testing::Values(terminal::LostAck::keep,
                                                              terminal::LostAck::auto_reverse)));

// Where the line to the terminal is cut, how, and what the terminal does with what was not heard.
class CutInThePayment : public CardDeskTest,
                        public ::testing::WithParamInterface<
                            std::tuple<terminal::CutPoint, terminal::CutHow, terminal::LostAck>> {
 protected:
  // The cashier presses whatever there is.
  void settle() {
    for (int i = 0; i < 60 && !state().prompts.empty(); ++i) {
      const Prompt shown = state().prompts.back();
      if (shown.buttons.front() != "Cancel") {
        ASSERT_TRUE(press(shown.id, shown.buttons.front()));
      }
      pass(5s);
    }
  }
};

TEST_P(CutInThePayment, EndsPaidOnceOrNotCharged) {
  const auto [where, how, lost_ack] = GetParam();
  open(lost_ack);
  begin_sale();
  cut(name(where), name(how));
  ASSERT_TRUE(pay_card());
  pass(70s);
  settle();
  pass(30s);
  ASSERT_EQ(prompt(), "");
  if (!state().cart.empty()) {
    ASSERT_TRUE(handle(Cancel())) << answer.error().what;
  }
  ASSERT_TRUE(handle(Reload())) << answer.error().what;
  pass(5min);
  EXPECT_TRUE(unpaid().empty());
  EXPECT_EQ(sales(), charges());
  EXPECT_LE(charges(), 1U);
}

INSTANTIATE_TEST_SUITE_P(
    EveryCut, CutInThePayment,
    ::testing::Combine(::testing::Values(terminal::CutPoint::before_taken,
                                         terminal::CutPoint::after_taken,
                                         terminal::CutPoint::card_in, terminal::CutPoint::approved,
                                         terminal::CutPoint::outcome,
                                         terminal::CutPoint::outcome_ack,
                                         terminal::CutPoint::before_end, terminal::CutPoint::end,
                                         terminal::CutPoint::end_ack),
                       ::testing::Values(terminal::CutHow::reset, terminal::CutHow::lose,
                                         terminal::CutHow::silent, terminal::CutHow::twice),
                       ::testing::Values(terminal::LostAck::keep, terminal::LostAck::auto_reverse,
                                         terminal::LostAck::sync_1f1f,
                                         terminal::LostAck::void_unconfirmed_after)));

}  // namespace
}  // namespace tillrig::till
