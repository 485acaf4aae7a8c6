// Sales that wait, here or at another till.
#include "sim/scenario/play/stage.hpp"

namespace tillrig::scenario::orders {
namespace {

using words::Args;
using words::Kind;
using words::Param;

const Param kWhere{"till", Kind::till, "which till; not needed when there is one"};

Awaitable<Result<void>> ask(Stage& stage, std::string till, world::Order order) {
  auto asking = stage.bed().command(std::move(till), std::move(order));
  auto answer = co_await std::move(asking);
  if (!answer) co_return base::Failure(answer.error());
  co_return Result<void>{};
}

Awaitable<Result<void>> park(Stage& stage, const Args& args) {
  stage.carts.close(args.text("till"));
  return ask(stage, args.text("till"), world::Order("park").with("label", args.text("label")));
}

Awaitable<Result<void>> resume(Stage& stage, const Args& args) {
  stage.carts.put_in(args.text("till"), {});  // background trade waits for it
  return ask(stage, args.text("till"), world::Order("resume").with("order", args.text("order")));
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

const auto kPark = row("park", "The sale in hand waits, and the register is free.",
                       {kWhere, {"label", Kind::text, "what the cashier calls it", true}},
                       R"({ till = "till-1", act = "park", label = "table 4" })", park,
                       "{till} parks the sale as {label}");
const auto kResume =
    row("resume", "An order that waits is gone on with, at whichever till it was parked.",
        {kWhere, {"order", Kind::text, "what a cashier called it", true}},
        R"({ till = "till-2", act = "resume", order = "table 4" })", resume,
        "{till} goes on with {order}");

}  // namespace
}  // namespace tillrig::scenario::orders
