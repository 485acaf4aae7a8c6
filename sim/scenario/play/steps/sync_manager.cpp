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

Awaitable<Result<void>> rehearse(Stage& stage, const Args& args) {
  world::Order order("rehearse");
  order.with("on", args.text("is") == "on" ? 1 : 0);
  auto answer = co_await stage.bed().command(args.text("till"), order);
  if (!answer) co_return base::Failure(answer.error());
  co_return Result<void>{};
}

Awaitable<Result<void>> unlock(Stage& stage, const Args& args) {
  world::Order order("unlock_manager");
  order.with("pin", args.text("pin"));
  auto answer = co_await stage.bed().command(args.text("till"), order);
  if (!answer) co_return base::Failure(answer.error());
  co_return Result<void>{};
}

// A control that needs nothing but to be pressed.
template <const char* verb>
Awaitable<Result<void>> control(Stage& stage, const Args& args) {
  const world::Order order(verb);
  auto answer = co_await stage.bed().command(args.text("till"), order);
  if (!answer) co_return base::Failure(answer.error());
  co_return Result<void>{};
}

constexpr char kUp[] = "trigger_up";
constexpr char kDown[] = "trigger_down";
constexpr char kRestore[] = "restore_service";
constexpr char kExport[] = "export";

words::Row<Step> row(std::string_view name, std::string_view doc, std::string_view example,
                     Awaitable<Result<void>> (*play)(Stage&, const Args&), std::string_view plain) {
  Step step;
  step.name = name;
  step.doc = doc;
  step.params = {{"till", Kind::till, "which till; not needed when there is one"}};
  step.example = example;
  step.play = play;
  step.plain = plain;
  step.needs_app = true;
  return words::Row<Step>(std::move(step));
}

const auto kTriggerUp = row(
    "trigger-sync-up", "Presses Trigger sync up: what waits is sent at once.",
    R"({ till = "till-1", act = "trigger-sync-up" })", control<kUp>, "{till} is told to send now");
const auto kTriggerDown =
    row("trigger-sync-down", "Presses Trigger sync down: the cloud is asked for what is new.",
        R"({ till = "till-1", act = "trigger-sync-down" })", control<kDown>,
        "{till} is told to ask for what is new");
const auto kRestoreService =
    row("restore-sync", "Presses Restore sync service: it starts anew, both ways.",
        R"({ till = "till-1", act = "restore-sync" })", control<kRestore>,
        "the sync service of {till} is started anew");

const auto kExportUnsent =
    row("export", "What the cloud has not got is written down, for whoever carries it by hand.",
        R"({ till = "till-1", act = "export" })", control<kExport>,
        "{till} writes down what the cloud has not got");

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

const words::Row<Step> kRehearse([] {
  Step step;
  step.name = "rehearse";
  step.doc =
      "Begins or ends a rehearsal of local mode: the cashier works as on any day, and nothing of "
      "it "
      "reaches the books.";
  step.params = {{"till", Kind::till, "which till; not needed when there is one"},
                 {"is", Kind::text, "whether it begins", true, "on off"}};
  step.example = R"({ till = "till-1", act = "rehearse", is = "on" })";
  step.play = rehearse;
  step.plain = "the rehearsal at {till} is set {is}";
  step.needs_app = true;
  return step;
}());
const words::Row<Step> kUnlock([] {
  Step step;
  step.name = "unlock-sync-manager";
  step.doc = "Types the PIN of the Sync Manager, in a shop that has one.";
  step.params = {{"till", Kind::till, "which till; not needed when there is one"},
                 {"pin", Kind::text, "what is typed", true}};
  step.example = R"({ till = "till-1", act = "unlock-sync-manager", pin = "2580" })";
  step.play = unlock;
  step.plain = "the PIN {pin} is typed at {till}";
  step.needs_app = true;
  return step;
}());

}  // namespace
}  // namespace tillrig::scenario::sync_manager
