// When a till asks the cloud what was given back, and what it makes of the answer.
#include "tests/pos/till/till_rig.hpp"

namespace tillrig::till {
namespace {

using base::Code;
using Reply = sync::ScriptedCloud::Reply;

class RefundAsking : public TillTest {
 protected:
  RefundAsking() {
    cloud.rule = [this](const base::HttpRequest& request) -> std::optional<Reply> {
      if (request.target.starts_with("/v1/receipts/") && told_) return Reply{*told_};
      if (!ahead_ || !request.target.ends_with("/login")) return std::nullopt;
      wire::LoggedIn login;
      login.token = "token";
      login.generation = ++cloud.generation;
      login.highs = {{.epoch = 1, .number = 2, .contiguous_through = 3}};
      return Reply{sync::ScriptedCloud::ours(wire::write_json(login))};
    };
  }
  // Two milks and a wine, sold in epoch 1; then the cloud knows of more than the till, which begins
  // epoch 2.
  void sell_and_lose_the_epoch() {
    start();
    ASSERT_TRUE(sell({"milk", "milk", "wine"}));
    pass(1s);
    ASSERT_TRUE(handle(Close()));
    till.reset();
    ahead_ = true;
    start();
    ASSERT_EQ(state().epoch, 2U);
  }
  // The cloud tells of a sale, of whose second line so much came back.
  void tell(std::string sale, std::int64_t back, std::vector<std::string> refunds = {},
            bool more = false) {
    wire::Receipt receipt;
    receipt.sale = std::move(sale);
    receipt.currency = "EUR";
    for (const auto& [sku, price, count] :
         {std::tuple("milk", 129, 2), std::tuple("wine", 999, 1)}) {
      wire::Receipt::Sold sold;
      sold.line.sku = sold.line.name = sku;
      sold.line.unit_price = Money{price};
      sold.line.quantity = Quantity{count * 1000};
      sold.line.total = Money{price * count};
      receipt.lines.push_back(sold);
    }
    receipt.lines[1].given_back = Quantity{back};
    receipt.refunds = std::move(refunds);
    receipt.more = more;
    answer_with(sync::ScriptedCloud::ours(wire::write_json(receipt)));
  }
  void answer_with(base::HttpResponse response) { told_ = std::move(response); }

  std::optional<base::HttpResponse> told_;
  bool ahead_ = false;
};

TEST_F(RefundAsking, ASaleOfThePresentEpochIsRefundedWhereNobodyCanBeAsked) {
  start();
  const auto sold = sell({"milk"});
  ASSERT_TRUE(sold);
  const auto down = rig.start("wan.down");
  pass(60s);
  EXPECT_TRUE(handle(Refund{sold->sale, {}, {}}));
  EXPECT_EQ(cloud.count("/receipts/"), 0U);
  rig.heal("wan.down", down);
}

TEST_F(RefundAsking, WhatAnotherTillGaveBackOfASaleOfThePresentEpochCounts) {
  start();
  ASSERT_TRUE(sell({"milk", "milk", "wine"}));
  tell("till-1.1.2", 1000);
  pass(1s);
  const std::vector<std::uint64_t> wine{2};
  const auto refused = handle(Refund{"till-1.1.2", wine, {}});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::not_allowed);
  EXPECT_TRUE(handle(Refund{"till-1.1.2", {}, {}})) << "the milk is left";
}

TEST_F(RefundAsking, WithoutAnAnswerNothingIsGivenBackAndTheTillGoesOn) {
  tell("till-1.1.2", 0);
  sell_and_lose_the_epoch();
  const auto down = rig.start("wan.down");
  pass(60s);
  const auto offline = handle(Refund{"till-1.1.2", {}, {}});
  ASSERT_FALSE(offline);
  EXPECT_EQ(offline.error().code, Code::needs_connection);
  EXPECT_NE(offline.error().what.find("needs connection"), std::string::npos);
  rig.heal("wan.down", down);
  pass(60s);
  ASSERT_EQ(state().link, sync::Link::online);
  for (const auto& said :
       {sync::ScriptedCloud::refusal(404), sync::ScriptedCloud::refusal(400),
        sync::ScriptedCloud::ours("{}"), sync::ScriptedCloud::ours("<html></html>")}) {
    answer_with(said);
    const auto refused = handle(Refund{"till-1.1.2", {}, {}});
    ASSERT_FALSE(refused) << said.status << said.body;
    EXPECT_EQ(refused.error().code, Code::needs_connection);
    pass(60s);
  }
  tell("till-1.1.7", 0);
  EXPECT_FALSE(handle(Refund{"till-1.1.2", {}, {}})) << "that of another sale";
  EXPECT_TRUE(sell({"milk"}));
}

TEST_F(RefundAsking, WhatTheCloudSaysIsTakenOff) {
  sell_and_lose_the_epoch();
  tell("till-1.1.2", 1000);
  EXPECT_EQ(handle(Refund{"till-1.1.2", {2}, {}}).error().code, Code::not_allowed);
  const auto rest = handle(Refund{"till-1.1.2", {}, {}});
  ASSERT_TRUE(rest) << rest.error().what;
  EXPECT_EQ(rest->total, Money{-258});
}

TEST_F(RefundAsking, ARefundOfItsOwnCountsOnceWhetherItIsInTheCloudOrNot) {
  sell_and_lose_the_epoch();
  tell("till-1.1.2", 0);
  const auto first = handle(Refund{"till-1.1.2", {2}, {}});
  ASSERT_TRUE(first) << first.error().what;
  EXPECT_EQ(handle(Refund{"till-1.1.2", {2}, {}}).error().code, Code::not_allowed)
      << "the cloud does not have it yet";
  tell("till-1.1.2", 1000, {first->sale});
  const auto rest = handle(Refund{"till-1.1.2", {}, {}});
  ASSERT_TRUE(rest) << rest.error().what;
  EXPECT_EQ(rest->total, Money{-258});
}

TEST_F(RefundAsking, ARefundThatIsNamedOnALaterPageCountsOnceToo) {
  sell_and_lose_the_epoch();
  tell("till-1.1.2", 0);
  const auto first = handle(Refund{"till-1.1.2", {2}, {}});
  ASSERT_TRUE(first) << first.error().what;
  tell("till-1.1.2", 1000, {first->sale});
  const base::HttpResponse last = *told_;
  tell("till-1.1.2", 1000, {"till-1.1.7", "till-1.1.8"}, true);
  const base::HttpResponse page = *std::exchange(told_, std::nullopt);
  const auto others = cloud.rule;
  cloud.rule = [&](const base::HttpRequest& request) -> std::optional<Reply> {
    if (request.target == "/v1/receipts/till-1.1.2") return Reply{page};
    if (request.target == "/v1/receipts/till-1.1.2?after=2") return Reply{last};
    return others(request);
  };
  const auto rest = handle(Refund{"till-1.1.2", {}, {}});
  ASSERT_TRUE(rest) << rest.error().what;
  EXPECT_EQ(rest->total, Money{-258});
}

TEST_F(RefundAsking, ASaleThatOnlyTheCloudHasIsGivenBackAsItTells) {
  start();
  tell("till-2.4.9", 0);
  const auto back = handle(Refund{"till-2.4.9", {2}, {}});
  ASSERT_TRUE(back) << back.error().what;
  EXPECT_EQ(back->total, Money{-999});
  answer_with(sync::ScriptedCloud::ours(wire::write_problem(wire::kNoSale, "none"), 404));
  EXPECT_EQ(handle(Refund{"till-2.4.10", {}, {}}).error().code, Code::not_found);
}

TEST_F(RefundAsking, ASaleThatTheCloudDoesNotHaveYetIsGivenBackFromTheStore) {
  sell_and_lose_the_epoch();
  answer_with(sync::ScriptedCloud::ours(wire::write_problem(wire::kNoSale, "none"), 404));
  EXPECT_TRUE(handle(Refund{"till-1.1.2", {}, {}}));
  EXPECT_EQ(handle(Refund{"till-1.1.2", {}, {}}).error().code, Code::not_allowed);
}

TEST_F(RefundAsking, NothingElseIsBegunWhileTheCloudIsAsked) {
  start();
  tell("till-2.4.9", 0);
  ask(Refund{"till-2.4.9", {}, {}});
  pass(20ms);
  for (const Command& other :
       {Command(Enter{"milk"}), Command(Refund{"till-2.4.9", {}, {}}), Command(Close())}) {
    Result<Answer> refused = base::fail(Code::internal, "not answered");
    auto asking = [](Till* at, Command command, Result<Answer>* into) -> base::Awaitable<void> {
      auto handled = at->handle(std::move(command));
      *into = co_await std::move(handled);
    };
    kernel::spawn(rig.kernel, rig.till_lane, asking(till.get(), other, &refused));
    pass(1ms);
    ASSERT_FALSE(refused) << other.index();
    EXPECT_EQ(refused.error().code, Code::not_allowed) << refused.error().what;
  }
  pass(300ms);
  EXPECT_TRUE(answer) << answer.error().what;
}

TEST_F(RefundAsking, LogsInWithItsSecret) {
  Config with = config();
  with.secret = "the-secret-of-till-1";
  till = std::make_unique<Till>(ports, with, screen);
  kernel::spawn(rig.kernel, rig.till_lane, starting());
  pass(3s);
  std::size_t logins = 0;
  for (const auto& asked : cloud.asked) {
    const bool login = asked.request.target.ends_with("/login");
    logins += login ? 1 : 0;
    const std::string_view shown = asked.request.fields.get("authorization");
    EXPECT_EQ(shown == "Bearer the-secret-of-till-1", login) << asked.request.target;
  }
  EXPECT_EQ(logins, 1U);
}

}  // namespace
}  // namespace tillrig::till
