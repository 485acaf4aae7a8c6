// Customers on sales at a till, with a cloud that answers, does not, or is not there.
#include "pos/wire/hold.hpp"
#include "pos/wire/points.hpp"
#include "pos/wire/stock.hpp"
#include "tests/pos/till/till_rig.hpp"

namespace tillrig::till {
namespace {

class LoyaltyTest : public TillTest {
 protected:
  void open(pay::LoyaltyRules rules) {
    Config with = config();
    with.loyalty = rules;
    with.customers = Customers({{"ana", "Ana", "1", "C-1"}, {"ben", "Ben", "", ""}});
    till = std::make_unique<Till>(ports, with, screen);
    kernel::spawn(rig.kernel, rig.till_lane, starting());
    pass(5s);
  }
  // The cloud says so many, after a while; its other answers are as usual.
  void cloud_says(std::int64_t points, base::Duration after = {}) {
    cloud.rule =
        [this, points,
         after](const base::HttpRequest& request) -> std::optional<sync::ScriptedCloud::Reply> {
      if (!request.target.starts_with("/v1/loyalty/")) return std::nullopt;
      base::HttpResponse says = cloud.usual(request);
      says.status = 200;
      says.body = wire::write_json(wire::Points{request.target.substr(12), points});
      return sync::ScriptedCloud::Reply{says, after};
    };
  }
  [[nodiscard]] std::size_t asked() const { return cloud.count("/v1/loyalty/"); }
  [[nodiscard]] std::size_t warnings() const {
    return static_cast<std::size_t>(
        std::count_if(screen.all.begin(), screen.all.end(), [](const Shown& shown) {
          const auto* prompt = std::get_if<PromptShown>(&shown);
          return prompt != nullptr && prompt->prompt.id == kLoyaltyUnavailable.id;
        }));
  }
  Result<Answer> select(const std::string& who) {
    ask(SelectCustomer{who});
    pass(4s);
    return answer;
  }
};

constexpr pay::LoyaltyRules kWaits{1, 3s, true, 0, {}};
constexpr pay::LoyaltyRules kBeside{1, 3s, false, 0, {}};

TEST_F(LoyaltyTest, OneSelectionIsOneQuestionAndItsAnswerIsShown) {
  open(kWaits);
  cloud_says(57);
  ASSERT_TRUE(handle(Enter{"milk"}));
  const auto selected = handle(SelectCustomer{"C-1"});
  ASSERT_TRUE(selected) << selected.error().what;
  EXPECT_EQ(selected->customer->id, "ana");
  EXPECT_EQ(selected->customer->points, 57);
  EXPECT_EQ(state().customer->points, 57);
  pass(120s);
  EXPECT_EQ(asked(), 1U) << "no timer asks again";
  EXPECT_EQ(warnings(), 0U);
}

TEST_F(LoyaltyTest, WithoutAnAnswerTheCashierWaitsThreeSecondsIsToldAndSellsOn) {
  open(kWaits);
  cloud_says(57, 60s);
  ASSERT_TRUE(handle(Enter{"milk"}));
  ask(SelectCustomer{"ana"});
  pass(1s);
  const auto refused = handle(Enter{"milk"});
  ASSERT_FALSE(refused) << "the cashier waits";
  EXPECT_EQ(refused.error().code, base::Code::not_allowed);
  pass(1690ms);
  EXPECT_EQ(warnings(), 0U);
  EXPECT_FALSE(answer);
  pass(20ms);
  ASSERT_TRUE(answer) << "after three seconds";
  EXPECT_EQ(warnings(), 1U);
  ASSERT_TRUE(state().customer);
  EXPECT_FALSE(state().customer->points);
  ASSERT_TRUE(tender(129));
  ASSERT_TRUE(handle(Complete()));
  EXPECT_FALSE(state().customer) << "the next sale is nobody's";
}

TEST_F(LoyaltyTest, PointsThatComeBesideTheSaleHoldNobodyUp) {
  open(kBeside);
  cloud_says(57, 1s);
  ASSERT_TRUE(handle(Enter{"milk"}));
  ASSERT_TRUE(handle(SelectCustomer{"ana"}));
  EXPECT_FALSE(state().customer->points);
  ASSERT_TRUE(handle(Enter{"milk"}));
  pass(2s);
  EXPECT_EQ(state().customer->points, 57);
  // An answer for the customer before is nobody's any more.
  cloud_says(99, 1s);
  ASSERT_TRUE(handle(SelectCustomer{"ana"}));
  cloud_says(3);
  ASSERT_TRUE(handle(SelectCustomer{"ben"}));
  pass(2s);
  EXPECT_EQ(state().customer->id, "ben");
  EXPECT_EQ(state().customer->points, 3);
}

TEST_F(LoyaltyTest, EachSelectionWithoutALineIsTriedOnceAndWarnedOf) {
  open(kWaits);
  rig.start("wan.down");
  pass(30s);
  const std::size_t connects = cloud.count("/");
  for (int i = 0; i < 20; ++i) ASSERT_TRUE(select("ana"));
  EXPECT_EQ(warnings(), 20U);
  EXPECT_EQ(cloud.count("/"), connects);
}

TEST_F(LoyaltyTest, AShopWithoutPointsNeverAsksAndNeverWarns) {
  open({});
  rig.start("wan.down");
  pass(30s);
  ASSERT_TRUE(select("ana"));
  EXPECT_EQ(state().customer->id, "ana");
  EXPECT_EQ(warnings(), 0U);
  EXPECT_EQ(asked(), 0U);
}

TEST_F(LoyaltyTest, OfflineTheStartAsksAfterContinueAndDisabledMeansSilence) {
  start();  // once connected
  ASSERT_TRUE(handle(Close()));
  till.reset();
  const auto down = rig.start("wan.down");
  open(kWaits);
  ASSERT_EQ(state().prompts.size(), 1U);
  EXPECT_EQ(state().prompts[0].id, kNoInternet.id);
  ASSERT_TRUE(handle(Press{"no_internet", "Continue"}));
  ASSERT_EQ(state().prompts.size(), 1U);
  const Prompt asks = state().prompts[0];
  EXPECT_EQ(asks.id, kLoyaltyStart.id);
  EXPECT_EQ(asks.buttons, (std::vector<std::string>{"Proceed", "Disable real time loyalty"}));
  EXPECT_TRUE(asks.modal);
  EXPECT_EQ(state().stage, Stage::starting);
  ASSERT_TRUE(handle(Press{"loyalty_unavailable_start", "Disable real time loyalty"}));
  EXPECT_EQ(state().stage, Stage::register_page);
  ASSERT_TRUE(select("ana"));
  rig.heal("wan.down", down);
  cloud_says(57);
  pass(60s);
  ASSERT_TRUE(select("ana"));
  EXPECT_EQ(asked(), 0U);
  EXPECT_EQ(warnings(), 0U);
}

TEST_F(LoyaltyTest, TheSaleCarriesItsCustomerAndPointsAndARefundTakesItsPart) {
  open(kWaits);
  rig.start("wan.down");
  pass(30s);
  ASSERT_TRUE(handle(Enter{"wine"}));  // 9.99
  ASSERT_TRUE(select("ana"));
  ASSERT_TRUE(tender(999));
  const auto sold = handle(Complete());
  ASSERT_TRUE(sold) << sold.error().what;
  ASSERT_TRUE(handle(Refund{sold->sale, {}, {}}));
  const auto kept = handle(Sales());
  ASSERT_TRUE(kept && kept->sales);
  ASSERT_EQ(kept->sales->size(), 2U);
  EXPECT_FALSE(state().customer);
}

TEST_F(LoyaltyTest, ACustomerWhoIsNotKnownIsRefusedAndTheSaleStaysAsItWas) {
  open(kWaits);
  ASSERT_TRUE(handle(Enter{"milk"}));
  ASSERT_TRUE(handle(SelectCustomer{"ben"}));
  for (const char* who : {"nobody", "", "C-9", "2"}) {
    const auto refused = handle(SelectCustomer{who});
    ASSERT_FALSE(refused) << who;
    EXPECT_EQ(refused.error().code, base::Code::not_found);
  }
  EXPECT_EQ(state().customer->id, "ben");
  ASSERT_TRUE(handle(Cancel()));
  EXPECT_FALSE(state().customer);
  ASSERT_NE(screen.last<CustomerShown>(), nullptr);
  EXPECT_TRUE(screen.last<CustomerShown>()->id.empty());
}

constexpr pay::LoyaltyRules kRewards{1, 3s, true, 100, Money{500}};

TEST_F(LoyaltyTest, ARewardNeedsACustomerGoodsAConnectionAndTheCloudsWord) {
  open(kRewards);
  EXPECT_EQ(handle(TakeReward()).error().code, base::Code::not_allowed) << "nobody's sale";
  ASSERT_TRUE(select("ana"));
  EXPECT_EQ(handle(TakeReward()).error().code, base::Code::not_allowed) << "nothing in the cart";
  ASSERT_TRUE(handle(Enter{"wine"}));
  EXPECT_EQ(handle(TakeReward{0}).error().code, base::Code::bad_input);
  cloud.rule =
      [this](const base::HttpRequest& request) -> std::optional<sync::ScriptedCloud::Reply> {
    if (request.target != "/v1/holds") return std::nullopt;
    base::HttpResponse says = cloud.usual(request);
    says.status = 409;
    says.body = wire::write_problem("insufficient", "ana has 3 points");
    return sync::ScriptedCloud::Reply{says, {}};
  };
  EXPECT_EQ(handle(TakeReward()).error().code, base::Code::not_allowed) << "not so many";
  EXPECT_EQ(state().total, Money{999});
  rig.start("wan.down");
  pass(30s);
  const std::size_t asked_before = cloud.count("/v1/holds");
  EXPECT_EQ(handle(TakeReward()).error().code, base::Code::needs_connection);
  EXPECT_EQ(cloud.count("/v1/holds"), asked_before);
}

TEST_F(LoyaltyTest, ARewardIsOffWhenTheLineDropsAndIsReleasedWhenItIsBack) {
  open(kRewards);
  cloud.rule =
      [this](const base::HttpRequest& request) -> std::optional<sync::ScriptedCloud::Reply> {
    if (!request.target.starts_with("/v1/holds")) return std::nullopt;
    base::HttpResponse says = cloud.usual(request);
    says.status = 200;
    says.body = wire::write_json(wire::Held{"x", "open", 1});
    return sync::ScriptedCloud::Reply{says, {}};
  };
  ASSERT_TRUE(handle(Enter{"wine"}));
  ASSERT_TRUE(select("ana"));
  ASSERT_TRUE(handle(TakeReward()));
  EXPECT_EQ(state().total, Money{499});
  EXPECT_EQ(state().reward, Money{500});
  EXPECT_EQ(handle(TakeReward()).error().code, base::Code::not_allowed) << "one at a time";
  const auto down = rig.start("wan.down");
  pass(30s);
  EXPECT_EQ(state().total, Money{499});
  const auto refused = tender(499);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, base::Code::needs_connection);
  EXPECT_EQ(state().total, Money{999});
  ASSERT_NE(screen.last<CartShown>(), nullptr);
  EXPECT_EQ(screen.last<CartShown>()->due, Money{999});
  EXPECT_EQ(cloud.count("/release"), 0U);
  rig.heal("wan.down", down);
  pass(60s);
  EXPECT_EQ(cloud.count("/release"), 1U);
  ASSERT_TRUE(tender(999));
  ASSERT_TRUE(handle(Complete()));
}

TEST_F(LoyaltyTest, QuantityOnHandIsTheCloudsWordOrARefusal) {
  open({});
  cloud.rule =
      [this](const base::HttpRequest& request) -> std::optional<sync::ScriptedCloud::Reply> {
    if (!request.target.starts_with("/v1/stock/")) return std::nullopt;
    base::HttpResponse says = cloud.usual(request);
    says.status = 200;
    says.body = wire::write_json(wire::Stock{request.target.substr(10), base::Quantity{23'000}});
    return sync::ScriptedCloud::Reply{says, {}};
  };
  const auto told = handle(AskStock{"milk"});
  ASSERT_TRUE(told) << told.error().what;
  EXPECT_EQ(told->stock->quantity.thousandths, 23'000);
  EXPECT_EQ(handle(AskStock{"gold"}).error().code, base::Code::not_found);
  rig.start("wan.down");
  pass(30s);
  const auto refused = handle(AskStock{"milk"});
  ASSERT_FALSE(refused) << "never what was heard before";
  EXPECT_EQ(refused.error().code, base::Code::needs_connection);
  EXPECT_NE(refused.error().what.find("requires real time connectivity"), std::string::npos);
}

}  // namespace
}  // namespace tillrig::till
