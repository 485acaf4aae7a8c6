// Money that customers have with the shop.
#include "sim/scenario/play/stage.hpp"

namespace tillrig::scenario::purse {
namespace {

using words::Args;
using words::Kind;
using words::Param;
using world::Order;

const Param kTill{"till", Kind::till, "which till; not needed when there is one"};
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
const auto kCheck = row("check-card", "Asks the till what is on a gift card.", {kTill, kCard},
                        R"({ till = "till-1", act = "check-card", card = "GC-1" })", check_card,
                        "{till} checks what is on the gift card {card}");

}  // namespace
}  // namespace tillrig::scenario::purse
