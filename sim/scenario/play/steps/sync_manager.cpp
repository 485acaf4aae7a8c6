// What a technician does in the Sync Manager.
#include "sim/scenario/play/stage.hpp"

namespace tillrig::scenario::sync_manager {
namespace {

using words::Args;
using words::Kind;

Awaitable<Result<void>> local_mode(Stage& stage, const Args& args) {
  world::Order order("local_mode");
  order.with("on", args.text("is") == "on" ? 1 : 0);
  if (args.has("hours")) order.with("hours", args.text("hours"));
  auto answer = co_await stage.bed().command(args.text("till"), order);
  if (!answer) co_return base::Failure(answer.error());
  co_return Result<void>{};
}

const words::Row<Step> kLocalMode([] {
  Step step;
  step.name = "local-mode";
  step.doc =
      "Sets or takes away the Sync Manager's check Set local mode; with hours it ends by "
      "itself.";
  step.params = {{"till", Kind::till, "which till; not needed when there is one"},
                 {"is", Kind::text, "the check", true, "on off"},
                 {"hours", Kind::text, "what is typed into the box, such as \"2\" or \"0.5\""}};
  step.example = R"({ till = "till-1", act = "local-mode", is = "on", hours = "2" })";
  step.play = local_mode;
  step.plain = "local mode of {till} is set {is}";
  step.needs_app = true;
  return step;
}());

}  // namespace
}  // namespace tillrig::scenario::sync_manager
