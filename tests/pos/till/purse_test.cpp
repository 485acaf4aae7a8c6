// Gift cards at a till, with a cloud that gives, refuses or does not answer.
#include "pos/wire/purse.hpp"

#include "pos/till/balances.hpp"
#include "pos/wire/hold.hpp"
#include "tests/pos/till/till_rig.hpp"

namespace tillrig::till {
namespace {

class PurseDeskTest : public TillTest {
 protected:
  void open(pay::PurseRules rules = {true}) {
    Config with = config();
    with.purses = rules;
    with.customers = Customers({{"ana", "Ana", "1", "C-1"}, {"ben", "Ben", "", ""}});
    till = std::make_unique<Till>(ports, with, screen);
    kernel::spawn(rig.kernel, rig.till_lane, starting());
    pass(5s);
  }
  // Holds are given and kept, or refused with that code; a card has 5.00 on it.
  void cloud_says(std::string_view refusal = {}) {
    cloud.rule =
        [this, refusal = std::string(refusal)](
            const base::HttpRequest& request) -> std::optional<sync::ScriptedCloud::Reply> {
      if (request.target.starts_with("/v1/purses/")) {
        const wire::InPurse in{request.target.substr(11), Money{500}};
        return sync::ScriptedCloud::Reply{sync::ScriptedCloud::ours(wire::write_json(in)), {}};
      }
      if (!request.target.starts_with("/v1/holds")) return std::nullopt;
      if (!refusal.empty()) {
        return sync::ScriptedCloud::Reply{
            sync::ScriptedCloud::ours(wire::write_problem(refusal, "there is none"), 409), {}};
      }
      return sync::ScriptedCloud::Reply{
          sync::ScriptedCloud::ours(wire::write_json(wire::Held{"x", "open", 1})), {}};
    };
  }
  Result<Answer> pay(std::int64_t minor, const std::string& card = "GC-1") {
    return handle(Tender{"gift-card", {minor}, card});
  }
  static base::Code code(const Result<Answer>& answer) {
    return answer ? base::Code::internal : answer.error().code;
  }
};

TEST_F(PurseDeskTest, AShopWithoutGiftCardsKnowsNoneAndAsksNothing) {
  open({});
  ASSERT_TRUE(handle(Enter{"milk"}));
  EXPECT_EQ(code(handle(LoadPurse{"gift", "GC-1", {2000}})), base::Code::not_found);
  EXPECT_EQ(code(handle(AskPurse{"gift", "GC-1"})), base::Code::not_found);
  EXPECT_EQ(code(pay(100)), base::Code::not_found);
  EXPECT_EQ(cloud.count("/v1/holds"), 0U);
  EXPECT_EQ(cloud.count("/v1/purses"), 0U);
}

TEST_F(PurseDeskTest, ACardIsSoldByTheCloudsWordAndPaidForInCash) {
  open();
  cloud_says();
  ASSERT_TRUE(handle(LoadPurse{"gift", "GC-1", {2000}}));
  EXPECT_EQ(state().total, Money{2000});
  EXPECT_EQ(state().tax, Money{0});
  EXPECT_EQ(code(handle(LoadPurse{"gift", "GC-1", {500}})), base::Code::not_allowed) << "once";
  EXPECT_EQ(code(handle(SetQuantity{1, {2000}})), base::Code::not_allowed);
  EXPECT_EQ(code(handle(Discount{1, base::Rate{1000}, {}})), base::Code::not_allowed);
  EXPECT_EQ(code(pay(2000, "GC-2")), base::Code::not_allowed) << "a card buys no card";
  ASSERT_TRUE(tender(2000));
  ASSERT_TRUE(handle(Complete()));
  EXPECT_EQ(cloud.count("/keep"), 1U);
  const auto sold = handle(Refund{handle(Sales())->sales->front().id.text(), {}, {}});
  ASSERT_FALSE(sold) << "money on a card is not given back";
}

TEST_F(PurseDeskTest, ADiscountOfTheSaleIsTakenOffItsGoodsAlone) {
  open();
  cloud_says();
  ASSERT_TRUE(handle(LoadPurse{"gift", "GC-1", {2000}}));
  EXPECT_EQ(code(handle(Discount{0, {}, Money{1}})), base::Code::bad_input);
  ASSERT_TRUE(handle(Discount{0, base::Rate{5000}, {}}));
  EXPECT_EQ(state().total, Money{2000});
  ASSERT_TRUE(handle(Enter{"milk"}));
  EXPECT_EQ(state().total, Money{2064}) << "1.29 less 0.65";
}

TEST_F(PurseDeskTest, WhatTheCloudRefusesIsNotInTheCart) {
  open();
  cloud_says(wire::kInsufficient);
  ASSERT_TRUE(handle(Enter{"milk"}));
  const auto refused = handle(LoadPurse{"gift", "GC-1", {2000}});
  EXPECT_EQ(code(refused), base::Code::not_allowed);
  EXPECT_NE(refused.error().what.find("was sold already"), std::string::npos);
  EXPECT_EQ(code(pay(100)), base::Code::not_allowed);
  EXPECT_EQ(state().total, Money{129});
  EXPECT_EQ(state().due, Money{129});
}

TEST_F(PurseDeskTest, PartByCardPartInCashAndNoChangeOnACard) {
  open();
  cloud_says();
  ASSERT_TRUE(handle(Enter{"wine"}));
  EXPECT_EQ(code(pay(1000)), base::Code::bad_input) << "more than is due";
  EXPECT_EQ(code(pay(0)), base::Code::bad_input);
  EXPECT_EQ(code(pay(100, "")), base::Code::bad_input);
  EXPECT_EQ(code(pay(100, "a b")), base::Code::bad_input);
  ASSERT_TRUE(pay(500));
  EXPECT_EQ(state().due, Money{499});
  EXPECT_EQ(code(pay(100)), base::Code::not_allowed) << "each card once";
  ASSERT_TRUE(tender(1000));
  EXPECT_EQ(state().change, Money{501});
  const auto done = handle(Complete());
  ASSERT_TRUE(done) << done.error().what;
  EXPECT_EQ(done->change, Money{501});
  EXPECT_EQ(cloud.count("/keep"), 1U);
  EXPECT_EQ(cloud.count("/release"), 0U);
}

TEST_F(PurseDeskTest, WithoutALineTheArticlesMessageAndNothingIsAsked) {
  open();
  cloud_says();
  rig.start("wan.down");
  pass(30s);
  const std::size_t asked = cloud.asked.size();
  ASSERT_TRUE(handle(Enter{"milk"}));
  for (const auto& refused :
       {handle(LoadPurse{"gift", "GC-1", {2000}}), pay(100), handle(AskPurse{"gift", "GC-1"})}) {
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, base::Code::needs_connection);
    EXPECT_NE(refused.error().what.find("require real time connectivity"), std::string::npos);
  }
  EXPECT_EQ(cloud.asked.size(), asked);
  EXPECT_EQ(state().total, Money{129});
}

TEST_F(PurseDeskTest, ALineThatDropsLeavesTheSaleInHandUntilItIsBack) {
  open();
  cloud_says();
  ASSERT_TRUE(handle(Enter{"milk"}));
  ASSERT_TRUE(pay(129));
  const auto down = rig.start("wan.down");
  pass(30s);
  EXPECT_EQ(code(handle(Complete())), base::Code::needs_connection);
  EXPECT_EQ(state().cart.size(), 1U);
  rig.heal("wan.down", down);
  pass(60s);
  const auto done = handle(Complete());
  ASSERT_TRUE(done) << done.error().what;
}

TEST_F(PurseDeskTest, ACardThatIsInTheCartWithoutALineIsNotPaidFor) {
  open();
  cloud_says();
  ASSERT_TRUE(handle(Enter{"milk"}));
  ASSERT_TRUE(handle(LoadPurse{"gift", "GC-1", {2000}}));
  const auto down = rig.start("wan.down");
  pass(30s);
  EXPECT_EQ(code(tender(5000)), base::Code::needs_connection);
  ASSERT_TRUE(handle(VoidLine{2}));
  ASSERT_TRUE(tender(129));
  ASSERT_TRUE(handle(Complete()));
  EXPECT_EQ(cloud.count("/release"), 0U);
  rig.heal("wan.down", down);
  pass(60s);
  EXPECT_EQ(cloud.count("/release"), 1U) << "what was held for the line";
}

TEST_F(PurseDeskTest, WhatIsCancelledIsReleased) {
  open();
  cloud_says();
  ASSERT_TRUE(handle(Enter{"milk"}));
  ASSERT_TRUE(pay(100));
  ASSERT_TRUE(handle(Cancel()));
  pass(1s);
  EXPECT_EQ(cloud.count("/release"), 1U);
  ASSERT_TRUE(handle(Enter{"milk"}));
  ASSERT_TRUE(tender(129));
  ASSERT_TRUE(handle(Complete()));
  EXPECT_EQ(cloud.count("/keep"), 0U) << "the next sale has no card";
}

TEST_F(PurseDeskTest, AHoldWithoutAnAnswerIsReleasedAndTheCashierSellsOn) {
  open();
  cloud.rule = [](const base::HttpRequest& request) -> std::optional<sync::ScriptedCloud::Reply> {
    if (!request.target.starts_with("/v1/holds")) return std::nullopt;
    const bool silent = request.target == "/v1/holds";
    return sync::ScriptedCloud::Reply{
        sync::ScriptedCloud::ours(wire::write_json(wire::Held{"x", "released", 0})), {}, silent};
  };
  ASSERT_TRUE(handle(Enter{"milk"}));
  ask(Tender{"gift-card", {100}, "GC-1"});
  pass(1s);
  EXPECT_EQ(code(handle(Enter{"milk"})), base::Code::not_allowed) << "the cashier waits";
  pass(4s);
  EXPECT_EQ(cloud.count("/release"), 1U);
  ASSERT_TRUE(tender(129));
  ASSERT_TRUE(handle(Complete()));
}

TEST_F(PurseDeskTest, WhatIsOnACardIsTheCloudsWord) {
  open();
  cloud_says();
  const auto told = handle(AskPurse{"gift", "GC-1"});
  ASSERT_TRUE(told) << told.error().what;
  EXPECT_EQ(told->purse->balance, Money{500});
  ASSERT_NE(screen.last<PurseShown>(), nullptr);
  EXPECT_EQ(screen.last<PurseShown>()->of, "GC-1");
}

constexpr pay::PurseRules kAccounts{false, true, false, false, {}};
constexpr pay::PurseRules kUnlimited{false, true, true, false, {}};
constexpr pay::PurseRules kCredits{false, false, false, true, pay::CreditOffline::allow_posting};
constexpr pay::PurseRules kWarns{false, false, false, true, pay::CreditOffline::warn};
constexpr pay::PurseRules kRefuses{false, false, false, true, pay::CreditOffline::refuse};

TEST_F(PurseDeskTest, AnAccountIsACustomersWhomTheTillKnows) {
  open(kAccounts);
  cloud_says();
  ASSERT_TRUE(handle(Enter{"wine"}));
  EXPECT_EQ(code(handle(Tender{"account", {100}, "zoe"})), base::Code::not_found);
  EXPECT_EQ(code(handle(Tender{"account", {100}, ""})), base::Code::not_allowed) << "whose?";
  EXPECT_EQ(code(handle(Tender{"credit", {100}, "ana"})), base::Code::not_found) << "none here";
  ASSERT_TRUE(handle(SelectCustomer{"C-1"}));
  ASSERT_TRUE(handle(Tender{"account", {100}, ""}));
  EXPECT_EQ(code(handle(Tender{"account", {100}, "ana"})), base::Code::not_allowed) << "once";
  ASSERT_TRUE(handle(Tender{"account", {899}, "ben"}));
  ASSERT_TRUE(handle(Complete()));
  EXPECT_EQ(cloud.count("/keep"), 2U);
}

TEST_F(PurseDeskTest, OnAccountBothWaysNeedALineAndWithoutALimitTheTenderDoesNot) {
  open(kAccounts);
  cloud_says();
  rig.start("wan.down");
  pass(30s);
  ASSERT_TRUE(handle(Enter{"milk"}));
  EXPECT_EQ(code(handle(Tender{"account", {129}, "ana"})), base::Code::needs_connection);
  EXPECT_EQ(code(handle(LoadPurse{"account", "ana", {100}})), base::Code::needs_connection);
  EXPECT_EQ(state().total, Money{129});
}

TEST_F(PurseDeskTest, WithoutALimitWhatIsOnAccountIsWrittenDownWithoutALine) {
  open(kUnlimited);
  cloud_says();
  rig.start("wan.down");
  pass(30s);
  ASSERT_TRUE(handle(Enter{"milk"}));
  ASSERT_TRUE(handle(Tender{"account", {129}, "ana"}));
  EXPECT_EQ(code(handle(LoadPurse{"account", "ana", {100}})), base::Code::not_allowed);
  ASSERT_TRUE(handle(Complete()));
  EXPECT_EQ(code(handle(LoadPurse{"account", "ana", {100}})), base::Code::needs_connection);
  const auto known = handle(AskPurse{"account", "ana"});
  ASSERT_TRUE(known) << known.error().what;
  EXPECT_EQ(known->purse->balance, Money{-129}) << "its own sale";
  EXPECT_GT(known->purse->as_of_ms, 0);
}

TEST_F(PurseDeskTest, StoreCreditWithoutALineIsPostedWarnedOfOrRefused) {
  for (const auto& [rules, warned, done] :
       {std::tuple(kCredits, false, true), {kWarns, true, true}, {kRefuses, false, false}}) {
    open(rules);
    cloud_says();
    const auto down = rig.start("wan.down");
    pass(30s);
    ASSERT_TRUE(handle(Enter{"milk"}));
    const auto paid = handle(Tender{"credit", {129}, "ana"});
    EXPECT_EQ(paid.has_value(), done);
    if (!done) {
      EXPECT_EQ(code(paid), base::Code::needs_connection);
    }
    bool prompted = false;
    for (const Prompt& prompt : state().prompts) {
      prompted = prompted || prompt.id == kCreditOffline.id;
    }
    EXPECT_EQ(prompted, warned);
    ASSERT_TRUE(done ? handle(Complete()) : handle(Cancel()));
    rig.heal("wan.down", down);
    pass(60s);
    ASSERT_TRUE(handle(Close()));
    till.reset();
  }
}

TEST_F(PurseDeskTest, StoreCreditThatWasHeldIsPostedWhenTheLineDropsBeforeItIsCompleted) {
  open(kCredits);
  cloud_says();
  ASSERT_TRUE(handle(Enter{"milk"}));
  ASSERT_TRUE(handle(Tender{"credit", {129}, "ana"}));
  EXPECT_EQ(cloud.count("/v1/holds"), 1U);
  rig.start("wan.down");
  pass(30s);
  ASSERT_TRUE(handle(Complete()));
}

class BalancesTest : public ::testing::Test {
 protected:
  static wire::Event sale(std::uint64_t seq, std::int64_t amount) {
    wire::Event event;
    event.id = {"till-1", 1, seq};
    const wire::Move move{kAna, amount, {}};
    event.tail.set(wire::kMoves, wire::write_moves(std::vector{move}));
    return event;
  }
  static const wire::PurseKey kAna;
};
const wire::PurseKey BalancesTest::kAna{"credit", "ana"};

TEST_F(BalancesTest, WithoutAWordOfTheCloudThereIsWhatTheTillDidItself) {
  Balances balances("till-1", {});
  EXPECT_FALSE(balances.of(kAna));
  balances.add(sale(2, 500));
  balances.add(sale(3, -200));
  ASSERT_TRUE(balances.of(kAna));
  EXPECT_EQ(balances.of(kAna)->balance, Money{300});
  EXPECT_FALSE(balances.of({"credit", "ben"}));
}

}  // namespace
}  // namespace tillrig::till
