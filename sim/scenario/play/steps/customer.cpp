// Whose the sale in hand is.
#include "sim/scenario/play/stage.hpp"

namespace tillrig::scenario::customer {
namespace {

using words::Args;
using words::Kind;

Awaitable<Result<void>> select(Stage& stage, const Args& args) {
  const std::string till = args.text("till");
  const std::string by = args.text("by", "id");
  std::string called = args.text("who");
  if (args.has("customer")) {
    const world::Customer* const known = stage.plan().setup.shop.customer(args.text("customer"));
    called = by == "card" ? known->card : by == "phone" ? known->phone : known->id;
  }
  world::Order order("customer");
  order.with("customer", called);
  auto answer = co_await stage.bed().command(till, order);
  if (!answer) co_return base::Failure(answer.error());
  co_return Result<void>{};
}

words::Row<Step> customer_row() {
  Step step;
  step.name = "customer";
  step.doc = "The sale in hand is this customer's: by id, or by card or phone number.";
  step.params = {
      {"till", Kind::till, "which till; not needed when there is one"},
      {"customer", Kind::customer, "which customer"},
      {"by", Kind::text, "what the cashier keys in; id if left out", false, "id card phone"},
      {"who", Kind::text, "or any other text that is keyed in"}};
  step.example = R"({ till = "till-1", act = "customer", customer = "ana", by = "card" })";
  step.play = select;
  step.plain = "{till} selects the customer {customer}{who}";
  step.rules = {
      {"act", "", "customer who", ""}, {"customer", "", "", "who"}, {"by", "", "customer", ""}};
  step.needs_app = true;
  return words::Row<Step>(std::move(step));
}

Awaitable<Result<void>> reward(Stage& stage, const Args& args) {
  world::Order order("reward");
  order.with("times", args.number("times", 1));
  auto answer = co_await stage.bed().command(args.text("till"), order);
  if (!answer) co_return base::Failure(answer.error());
  co_return Result<void>{};
}

words::Row<Step> reward_row() {
  Step step;
  step.name = "reward";
  step.doc =
      "Redeems rewards of the customer's points: each takes what the shop gives for it off "
      "the sale in hand.";
  step.params = {{"till", Kind::till, "which till; not needed when there is one"},
                 {"times", Kind::count, "how many; one if left out"}};
  step.example = R"({ till = "till-1", act = "reward" })";
  step.play = reward;
  step.plain = "{till} redeems {times} reward";
  step.needs_app = true;
  return words::Row<Step>(std::move(step));
}

const auto kSelect = customer_row();
const auto kReward = reward_row();

}  // namespace
}  // namespace tillrig::scenario::customer
