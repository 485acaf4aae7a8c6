#include "pos/pay/coordinator.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace tillrig::pay {
namespace {

using Kind = Action::Kind;
using What = Told::What;

constexpr base::Instant kStart{1'000'000'000};
constexpr base::Duration kSecond = std::chrono::seconds(1);
constexpr base::Duration kMilli = std::chrono::milliseconds(1);

// A till at a payment of 10.00.
class Paying {
 public:
  explicit Paying(std::string_view mutant = {}) : till(CardRules(), with(mutant)) {
    tell(Begin{"a1", "o1", Money{1000}, "EUR", "terminal"});
  }

  const std::vector<Action>& tell(const Event& event) { return done = till.step(event, now); }
  const std::vector<Action>& at(base::Duration since, const Event& event) {
    now = kStart + since;
    return tell(event);
  }
  static Told said(What what, std::string id = "a1", std::int64_t minor = 1000,
                   std::string currency = "EUR") {
    Told told;
    told.what = what;
    told.asked = id;
    told.reference = std::move(id);
    told.amount = Money{minor};
    told.currency = std::move(currency);
    return told;
  }
  [[nodiscard]] bool did(Kind kind) const {
    return std::any_of(done.begin(), done.end(),
                       [&](const Action& each) { return each.kind == kind; });
  }
  [[nodiscard]] std::ptrdiff_t place(Kind kind) const {
    return std::find_if(done.begin(), done.end(),
                        [&](const Action& each) { return each.kind == kind; }) -
           done.begin();
  }
  [[nodiscard]] AttemptState state(std::string_view id = "a1") const {
    return till.find(id)->state;
  }
  [[nodiscard]] Button button() const { return till.button(*till.find("a1"), now); }
  // Both presses are used up, and nobody answered.
  void use_up() {
    at(60 * kSecond, Tick{});
    for (int i = 0; i < 2; ++i) {
      tell(PressResync{"a1"});
      now = now + 15 * kSecond;
      tell(Tick{});
    }
  }
  void park() {
    use_up();
    tell(PressClose{"a1"});
  }

  static base::Mutants with(std::string_view mutant) {
    base::Mutants mutants;
    if (!mutant.empty()) mutants.add(mutant);
    return mutants;
  }

  base::Instant now = kStart;
  Coordinator till;
  std::vector<Action> done;
};

TEST(Coordinator, MakesAnAttemptDurableBeforeItIsSent) {
  const Paying paying;
  EXPECT_LT(paying.place(Kind::keep), paying.place(Kind::send));
  EXPECT_EQ(paying.done.front().attempt.state, AttemptState::created);
  EXPECT_EQ(paying.state(), AttemptState::requested);
}

TEST(Coordinator, DoesNotSendWhatCouldNotBeKept) {
  Paying paying;
  paying.tell(NotKept{"a1", "the disk is full"});
  EXPECT_TRUE(paying.did(Kind::back_to_pay));
  EXPECT_TRUE(paying.till.may_tender("o1"));
}

TEST(Coordinator, CompletesTheOrderOnceHoweverOftenItIsTold) {
  Paying paying;
  paying.tell(Paying::said(What::approved));
  EXPECT_LT(paying.place(Kind::keep), paying.place(Kind::complete));
  Told pushed = Paying::said(What::approved);
  pushed.asked.clear();
  pushed.channel = Channel::oms;
  paying.tell(pushed);
  EXPECT_FALSE(paying.did(Kind::complete));
  EXPECT_EQ(paying.done.at(0).text, "told again by oms: it is approved and stays so");
  paying.tell(Paying::said(What::declined));
  EXPECT_EQ(paying.state(), AttemptState::approved);
}

TEST(Coordinator, LetsTheCashierCancelForThirtySecondsAndNotOneMore) {
  Paying early;
  early.at(30 * kSecond - kMilli, PressCancel{"a1"});
  EXPECT_EQ(early.state(), AttemptState::cancel_asked);
  EXPECT_TRUE(early.did(Kind::abort));
  Paying late;
  late.at(30 * kSecond, PressCancel{"a1"});
  EXPECT_EQ(late.state(), AttemptState::requested);
  EXPECT_FALSE(late.did(Kind::abort));
  EXPECT_EQ(late.button(), Button::none);
}

TEST(Coordinator, CancelIsOverWhenTheTerminalSaysSo) {
  Paying paying;
  paying.tell(PressCancel{"a1"});
  EXPECT_FALSE(paying.till.may_tender("o1")) << "not yet";
  paying.tell(Paying::said(What::aborted));
  EXPECT_EQ(paying.state(), AttemptState::cancelled);
  EXPECT_TRUE(paying.did(Kind::back_to_pay));
  EXPECT_TRUE(paying.till.may_tender("o1"));
  EXPECT_TRUE(paying.till.may_begin("o1"));
}

TEST(Coordinator, CancelThatLosesTheRaceEndsPaid) {
  Paying paying;
  paying.tell(PressCancel{"a1"});
  paying.tell(Paying::said(What::approved));
  EXPECT_EQ(paying.state(), AttemptState::approved);
  EXPECT_TRUE(paying.did(Kind::complete));
}

TEST(Coordinator, OffersResyncWhenNoAnswerCameInAMinuteOrTheLineWasLost) {
  Paying slow;
  EXPECT_EQ(slow.till.poll_at(), kStart + 60 * kSecond);
  slow.at(60 * kSecond - kMilli, Tick{});
  EXPECT_EQ(slow.state(), AttemptState::requested);
  slow.at(60 * kSecond, Tick{});
  EXPECT_EQ(slow.state(), AttemptState::unknown);
  EXPECT_EQ(slow.button(), Button::resync);
  Paying lost;
  lost.at(kSecond, LineLost{});
  EXPECT_EQ(lost.button(), Button::resync);
}

TEST(Coordinator, CountsAPressBeforeItAsksAndLostQuestionsToo) {
  Paying paying;
  paying.at(60 * kSecond, Tick{});
  paying.tell(PressResync{"a1"});
  EXPECT_LT(paying.place(Kind::keep), paying.place(Kind::ask));
  EXPECT_EQ(paying.done.front().attempt.resyncs, 1U);
  EXPECT_EQ(paying.button(), Button::none) << "while it is asked";
  paying.at(75 * kSecond, Tick{});
  EXPECT_EQ(paying.button(), Button::resync_again);
  paying.tell(PressResync{"a1"});
  paying.tell(LineLost{});
  EXPECT_EQ(paying.button(), Button::close);
  paying.tell(PressResync{"a1"});
  EXPECT_FALSE(paying.did(Kind::ask)) << "only twice";
}

TEST(Coordinator, AsksAgainWithinThePressWhileTheTerminalIsAtIt) {
  Paying paying;
  paying.at(60 * kSecond, Tick{});
  paying.tell(PressResync{"a1"});
  paying.tell(Paying::said(What::in_progress));
  EXPECT_EQ(paying.button(), Button::none);
  paying.at(65 * kSecond, Tick{});
  EXPECT_TRUE(paying.did(Kind::ask));
  EXPECT_EQ(paying.till.find("a1")->resyncs, 1U);
  paying.tell(Paying::said(What::approved));
  EXPECT_TRUE(paying.did(Kind::complete));
}

TEST(Coordinator, ClosesAnOrderAsUnpaidAndSettlesItLater) {
  Paying paying;
  paying.use_up();
  EXPECT_EQ(paying.button(), Button::close);
  paying.tell(PressClose{"a1"});
  EXPECT_EQ(paying.state(), AttemptState::parked);
  EXPECT_TRUE(paying.did(Kind::close_order));
  EXPECT_EQ(paying.till.in_hand(), nullptr);
  EXPECT_FALSE(paying.till.may_void("o1"));
  EXPECT_TRUE(paying.till.may_begin("o2")) << "the next customer";
  paying.tell(AskNow{});
  EXPECT_TRUE(paying.did(Kind::ask));
  EXPECT_TRUE(paying.did(Kind::ask_oms));
  EXPECT_EQ(paying.till.find("a1")->resyncs, 2U) << "no press is used up";
  paying.tell(Paying::said(What::approved));
  EXPECT_TRUE(paying.did(Kind::complete));
}

TEST(Coordinator, ClosedOrderOfACardThatWasNotChargedIsVoid) {
  Paying paying;
  paying.park();
  paying.tell(AskNow{});
  paying.tell(Paying::said(What::not_found));
  EXPECT_EQ(paying.state(), AttemptState::fenced);
  EXPECT_TRUE(paying.did(Kind::not_charged));
}

TEST(Coordinator, TheCloudAloneCannotSayThatThereWasNoPayment) {
  Paying paying;
  paying.park();
  Told told = Paying::said(What::not_found);
  told.channel = Channel::oms;
  paying.tell(told);
  EXPECT_EQ(paying.state(), AttemptState::parked);
}

TEST(Coordinator, TakesWhatTheStoreHasForParkedWhenItStartsAgain) {
  for (const AttemptState before :
       {AttemptState::created, AttemptState::requested, AttemptState::unknown}) {
    Attempt kept;
    kept.id = "a1";
    kept.order = "o1";
    kept.amount = Money{1000};
    kept.currency = "EUR";
    kept.state = before;
    kept.resyncs = 1;
    Coordinator till;
    const auto actions = till.reopen({kept}, {});
    EXPECT_EQ(till.find("a1")->state, AttemptState::parked);
    EXPECT_EQ(till.find("a1")->resyncs, 1U);
    EXPECT_EQ(actions.front().kind, Kind::keep);
    EXPECT_EQ(actions.back().kind, Kind::close_order);
  }
  Attempt paid;
  paid.id = "a2";
  paid.state = AttemptState::approved;
  Coordinator till;
  EXPECT_EQ(till.reopen({paid}, {"a2"}).at(0).kind, Kind::complete) << "it was stopped in between";
  EXPECT_TRUE(till.reopen({paid}, {}).empty());
}

TEST(Coordinator, AnotherAmountOrCurrencyHasAStateAndASentenceAndGoesBack) {
  const auto told = [](std::int64_t minor, std::string currency) {
    Paying paying;
    paying.tell(Paying::said(What::approved, "a1", minor, std::move(currency)));
    EXPECT_TRUE(paying.did(Kind::reverse));
    EXPECT_FALSE(paying.did(Kind::complete));
    EXPECT_FALSE(paying.till.may_tender("o1")) << "as long as it is held";
    const std::string why = paying.till.find("a1")->why;
    const AttemptState state = paying.state();
    paying.tell(Paying::said(What::reversed));
    EXPECT_EQ(paying.state(), AttemptState::reversed);
    EXPECT_TRUE(paying.did(Kind::back_to_pay));
    return std::pair(state, why);
  };
  const auto part = told(400, "EUR");
  EXPECT_EQ(part.first, AttemptState::in_part);
  EXPECT_EQ(part.second, "only 4.00 of 10.00 was approved: it goes back");
  const auto more = told(10'000, "EUR");
  EXPECT_EQ(more.first, AttemptState::wrong_amount);
  EXPECT_EQ(more.second, "100.00 was approved where 10.00 was asked for: it goes back");
  const auto other = told(1000, "CHF");
  EXPECT_EQ(other.first, AttemptState::wrong_currency);
  EXPECT_EQ(other.second, "the card was charged 10.00 CHF for an order in EUR: it goes back");
}

TEST(Coordinator, AnswerOfAnotherPaymentSettlesThatOneAndNotThisOne) {
  Paying paying;
  paying.park();
  paying.tell(Begin{"a2", "o2", Money{1000}, "EUR", "terminal"});
  Told crossed = Paying::said(What::approved, "a1");
  crossed.asked = "a2";
  paying.tell(crossed);
  EXPECT_EQ(paying.state("a1"), AttemptState::approved);
  EXPECT_EQ(paying.state("a2"), AttemptState::wrong_attempt);
  EXPECT_EQ(paying.till.find("a2")->why,
            "the card terminal answered with another payment (a1) than this one (a2)");
  EXPECT_EQ(paying.till.button(*paying.till.find("a2"), paying.now), Button::resync);
}

TEST(Coordinator, PaymentThatNobodyKnowsIsToldOfAndChangesNothing) {
  Paying paying;
  Told foreign = Paying::said(What::approved, "x9");
  foreign.asked.clear();
  paying.tell(foreign);
  EXPECT_EQ(paying.done.at(0).text,
            "a payment was told of that this till does not know (x9, approved)");
  EXPECT_EQ(paying.state(), AttemptState::requested);
}

TEST(Coordinator, LateApprovalOfWhatIsOverGoesBack) {
  Paying paying;
  paying.tell(Paying::said(What::declined));
  paying.tell(Paying::said(What::approved));
  EXPECT_EQ(paying.state(), AttemptState::reversal_pending);
  EXPECT_TRUE(paying.did(Kind::reverse));
  paying.tell(LineLost{});
  paying.tell(AskNow{});
  EXPECT_TRUE(paying.did(Kind::reverse)) << "until it is done";
}

TEST(Coordinator, ApprovalOfAnOrderThatWasPaidOtherwiseGoesBack) {
  Paying paying;
  paying.tell(OrderDead{"o1"});
  paying.tell(Paying::said(What::approved));
  EXPECT_EQ(paying.state(), AttemptState::reversal_pending);
}

TEST(Coordinator, RefusesAllElseWhileItIsUnresolved) {
  Paying paying;
  EXPECT_NE(paying.till.may_tender("o1").error().what.find("payment_unresolved"),
            std::string::npos);
  EXPECT_FALSE(paying.till.may_void("o1"));
  EXPECT_FALSE(paying.till.may_begin("o1"));
  EXPECT_FALSE(paying.till.may_begin("o2")) << "the terminal does one at a time";
  EXPECT_TRUE(paying.till.may_tender("o2"));
}

TEST(Coordinator, WrongOrderIsPaidByAMutantAlone) {
  for (const bool on : {false, true}) {
    Paying paying(on ? "result_to_wrong_order" : "");
    paying.park();
    paying.tell(Begin{"a2", "o2", Money{2500}, "EUR", "terminal"});
    Told late = Paying::said(What::approved, "a1");
    late.asked.clear();
    paying.tell(late);
    EXPECT_EQ(paying.state("a2") == AttemptState::approved, on);
  }
}

TEST(Coordinator, MutantsThatNeverHearTheAnswerLeaveItOpen) {
  for (const std::string_view mutant : {"result_deleted_on_read", "webhook_only"}) {
    Paying paying(mutant);
    paying.park();
    paying.tell(AskNow{});
    if (paying.did(Kind::ask)) paying.tell(Paying::said(What::approved));
    EXPECT_EQ(paying.state(), AttemptState::parked) << mutant;
  }
}

}  // namespace
}  // namespace tillrig::pay
