// Money that customers have with the shop.
#include "sim/scenario/play/stage.hpp"

namespace tillrig::scenario::purse {
namespace {

using words::Args;
using words::Kind;
using words::Param;
using world::Order;

const Param kTill{"till", Kind::till, "which till; not needed when there is one"};
const Param kCustomer{"customer", Kind::customer, "which customer", true};
const Param kCard{"card", Kind::text, "the number of the card", true};

Awaitable<Result<void>> play(Stage& stage, std::string till, Order order) {
  auto asking = stage.bed().command(std::move(till), std::move(order));
  auto answer = co_await std::move(asking);
  if (!answer) co_return base::Failure(answer.error());
  co_return Result<void>{};
}

Awaitable<Result<void>> sell_gift(Stage& stage, const Args& args) {
  Order order("load");
  order.with("purse", "gift").with("of", args.text("card")).with("amount", args.number("amount"));
  return play(stage, args.text("till"), std::move(order));
}

Awaitable<Result<void>> check_card(Stage& stage, const Args& args) {
  Order order("purse");
  order.with("purse", "gift").with("of", args.text("card"));
  return play(stage, args.text("till"), std::move(order));
}

// Money that a customer puts into a purse.
Order load(const char* purse, const Args& args) {
  Order order("load");
  order.with("purse", purse)
      .with("of", args.text("customer"))
      .with("amount", args.number("amount"));
  return order;
}

Awaitable<Result<void>> pay_account(Stage& stage, const Args& args) {
  return play(stage, args.text("till"), load("account", args));
}

Awaitable<Result<void>> add_credit(Stage& stage, const Args& args) {
  return play(stage, args.text("till"), load("credit", args));
}

Awaitable<Result<void>> check_account(Stage& stage, const Args& args) {
  Order order("purse");
  order.with("purse", "account").with("of", args.text("customer"));
  return play(stage, args.text("till"), std::move(order));
}

Awaitable<Result<void>> check_credit(Stage& stage, const Args& args) {
  Order order("purse");
  order.with("purse", "credit").with("of", args.text("customer"));
  return play(stage, args.text("till"), std::move(order));
}

Awaitable<Result<void>> set_limit(Stage& stage, const Args& args) {
  return stage.bed().office().set_limit(args.text("customer"), base::Money{args.number("limit")});
}

words::Row<Step> limit_row() {
  Step step;
  step.name = "set-limit";
  step.doc = "The shop's office says how much a customer may owe.";
  step.params = {{"customer", Kind::customer, "which customer", true},
                 {"limit", Kind::money, "so much", true}};
  step.example = R"({ act = "set-limit", customer = "ana", limit = "100.00" })";
  step.play = set_limit;
  step.plain = "{customer} may owe {limit}";
  return words::Row<Step>(std::move(step));
}
const auto kLimit = limit_row();

words::Row<Step> row(std::string_view name, std::string_view doc, std::vector<Param> params,
                     std::string_view example, Awaitable<Result<void>> (*play)(Stage&, const Args&),
                     std::string_view plain) {
  Step step;
  step.name = name;
  step.doc = doc;
  step.params = std::move(params);
  step.example = example;
  step.play = play;
  step.plain = plain;
  step.needs_app = true;
  return words::Row<Step>(std::move(step));
}

const auto kSell = row("sell-gift", "Puts a gift card that is sold into the cart.",
                       {kTill, kCard, {"amount", Kind::money, "what is put on it", true}},
                       R"({ till = "till-1", act = "sell-gift", card = "GC-1", amount = "20.00" })",
                       sell_gift, "{till} sells the gift card {card} with {amount} on it");
const auto kPay =
    row("pay-account", "A customer pays off what is owed: a line of the cart.",
        {kTill, kCustomer, {"amount", Kind::money, "how much", true}},
        R"({ till = "till-1", act = "pay-account", customer = "ana", amount = "20.00" })",
        pay_account, "{customer} pays {amount} on account at {till}");
const auto kAdd =
    row("add-credit", "Store credit is sold to a customer: a line of the cart.",
        {kTill, kCustomer, {"amount", Kind::money, "how much", true}},
        R"({ till = "till-1", act = "add-credit", customer = "ana", amount = "20.00" })",
        add_credit, "{customer} gets {amount} of store credit at {till}");
const auto kCheckCredit =
    row("check-credit", "Asks the till what a customer has as store credit.", {kTill, kCustomer},
        R"({ till = "till-1", act = "check-credit", customer = "ana" })", check_credit,
        "{till} checks the store credit of {customer}");
const auto kCheckAccount =
    row("check-account", "Asks the till what a customer owes.", {kTill, kCustomer},
        R"({ till = "till-1", act = "check-account", customer = "ana" })", check_account,
        "{till} checks what {customer} owes");
const auto kCheck = row("check-card", "Asks the till what is on a gift card.", {kTill, kCard},
                        R"({ till = "till-1", act = "check-card", card = "GC-1" })", check_card,
                        "{till} checks what is on the gift card {card}");

}  // namespace
}  // namespace tillrig::scenario::purse
