// What is done to a till's app and machine, and to the cloud.
#include "sim/scenario/play/spawn.hpp"
#include "sim/scenario/play/stage.hpp"

namespace tillrig::scenario::power {
namespace {

using words::Args;
using words::Kind;
using words::Param;

const Param kTill{"till", Kind::till, "which till; not needed when there is one"};

Awaitable<Result<void>> quit_till(Stage& stage, std::string till) {
  const world::Order close("close");
  stage.carts.close(till);
  auto answer = co_await stage.bed().command(till, close);
  if (!answer) co_return base::Failure(answer.error());
  co_return Result<void>{};
}

Result<void> kill_now(Stage& stage, const Args& args) {
  stage.carts.close(args.text("till"));
  return stage.bed().kill(args.text("till"));
}

Result<void> cut_now(Stage& stage, const Args& args) {
  using Survivors = world::PowerCut::Survivors;
  world::PowerCut cut;
  const std::string disk = args.text("disk", "none");
  if (disk == "prefix") cut.survivors = Survivors::prefix;
  if (disk == "all") cut.survivors = Survivors::all;
  if (disk == "torn") cut.survivors = Survivors::torn;
  stage.carts.close(args.text("till"));
  return stage.bed().power_cut(args.text("till"), cut);
}

Result<void> kill_cloud_now(Stage& stage, const Args& /*args*/) {
  stage.cloud_down = true;
  return stage.bed().kill_cloud();
}

Awaitable<void> thaw_later(std::shared_ptr<Stage> stage, std::string till, Duration after) {
  co_await stage->pause(after);
  static_cast<void>(stage->bed().thaw(till));  // it may have died, or been thawed
}

Result<void> freeze_now(Stage& stage, const Args& args) {
  const std::string till = args.text("till");
  auto frozen = stage.bed().freeze(till);
  if (frozen && args.has("lasting")) {
    spawn(stage, thaw_later(stage.shared_from_this(), till, args.duration("lasting")));
  }
  return frozen;
}

Result<void> thaw_now(Stage& stage, const Args& args) {
  return stage.bed().thaw(args.text("till"));
}

Awaitable<Result<void>> freeze(Stage& stage, const Args& args) {
  co_return freeze_now(stage, args);
}

Awaitable<Result<void>> thaw(Stage& stage, const Args& args) {
  co_return thaw_now(stage, args);
}

Awaitable<Result<void>> start(Stage& stage, const Args& args) {
  return stage.start(args.text("till"));
}

Awaitable<Result<void>> start_again(Stage& stage, const Args& args) {
  return stage.bed().start_again(args.text("till"));
}

Awaitable<Result<void>> quit(Stage& stage, const Args& args) {
  return quit_till(stage, args.text("till"));
}

Awaitable<Result<void>> kill(Stage& stage, const Args& args) {
  co_return kill_now(stage, args);
}

Awaitable<Result<void>> power_cut(Stage& stage, const Args& args) {
  co_return cut_now(stage, args);
}

Awaitable<Result<void>> restart(Stage& stage, const Args& args) {
  const std::string till = args.text("till");
  if (stage.bed().running(till)) {
    if (args.text("how", "quit") == "kill") {
      if (auto killed = kill_now(stage, args); !killed) co_return killed;
    } else {
      auto closed = co_await quit_till(stage, till);
      if (!closed) co_return closed;
    }
  }
  auto started = co_await stage.start(till);
  co_return started;
}

Awaitable<Result<void>> kill_cloud(Stage& stage, const Args& args) {
  co_return kill_cloud_now(stage, args);
}

Awaitable<Result<void>> start_cloud(Stage& stage, const Args& /*args*/) {
  stage.cloud_down = false;
  return stage.bed().start_cloud();
}

Awaitable<Result<void>> kill_at_call(Stage& stage, const Args& args) {
  co_return stage.sweeps.next(args.text("till"), static_cast<std::uint64_t>(args.number("call")));
}

Awaitable<Result<void>> wait(Stage& stage, const Args& args) {
  const Duration duration = args.duration("wait");
  co_await stage.bed().pass(duration);
  co_return Result<void>{};
}

words::Row<Step> row(std::string_view name, std::string_view doc, std::vector<Param> params,
                     std::string_view example, Awaitable<Result<void>> (*play)(Stage&, const Args&),
                     std::string_view plain, Result<void> (*at_once)(Stage&, const Args&) = nullptr,
                     bool needs_app = false) {
  Step step;
  step.name = name;
  step.doc = doc;
  step.params = std::move(params);
  step.example = example;
  step.play = play;
  step.at_once = at_once;
  step.plain = plain;
  step.needs_app = needs_app;
  return words::Row<Step>(std::move(step));
}

const auto kStart =
    row("start", "Starts the till's app; goes on when it shows its first page or a prompt.",
        {kTill}, R"({ till = "till-1", act = "start" })", start, "{till} is started");
const auto kStartAgain =
    row("start-again",
        "Starts the app a second time while it runs, as a double click does. If that is not "
        "refused, the cashier works with the second one until it is closed.",
        {kTill}, R"({ till = "till-1", act = "start-again" })", start_again,
        "{till} is started a second time", nullptr, true);
const auto kQuit =
    row("quit", "Closes the till's app in an orderly way.", {kTill},
        R"({ till = "till-1", act = "quit" })", quit, "{till} is closed", nullptr, true);
const auto kKill =
    row("kill", "Force kill: the app dies where it stands; what it wrote is in the disk's cache.",
        {kTill}, R"({ till = "till-1", act = "kill" })", kill, "{till} is force killed", kill_now,
        true);
const auto kFreeze =
    row("freeze",
        "The app does nothing for a while, as under a debugger or on a machine that swaps; what it "
        "is asked meanwhile waits. At the end of the story it goes on at the latest.",
        {kTill, {"lasting", Kind::lasting, "it goes on by itself after this; else when thawed"}},
        R"({ till = "till-1", act = "freeze", lasting = "40s" })", freeze, "{till} is frozen",
        freeze_now, true);
const auto kThaw = row("thaw", "The frozen app goes on where it stood.", {kTill},
                       R"({ till = "till-1", act = "thaw" })", thaw, "{till} goes on", thaw_now);
const auto kPowerCut =
    row("power-cut", "The machine loses its power; writes that were not synced go as `disk` says.",
        {kTill,
         {"disk", Kind::text, "which unsynced writes survive; none if left out", false,
          "none prefix all torn"}},
        R"({ till = "till-1", act = "power-cut", disk = "torn" })", power_cut,
        "{till} loses its power", cut_now);
const auto kRestart = row(
    "restart", "Ends the app if it runs, and starts it again.",
    {kTill, {"how", Kind::text, "how it ends; quit if left out", false, "quit kill"}},
    R"({ till = "till-1", act = "restart", how = "kill" })", restart, "{till} is started again");
const auto kKillCloud =
    row("kill-cloud", "The cloud's process dies where it stands.", {}, R"({ act = "kill-cloud" })",
        kill_cloud, "the cloud is force killed", kill_cloud_now);
const auto kStartCloud = row("start-cloud", "The cloud is started again.", {},
                             R"({ act = "start-cloud" })", start_cloud, "the cloud is started");
const auto kKillAtCall =
    row("kill-at-call",
        "Kills the till just before the n-th call through its ports (write, sync, connect, send) "
        "of its next complete; 0 never.",
        {kTill, {"call", Kind::integer, "which call, from 1", true}},
        R"({ till = "till-1", act = "kill-at-call", call = 12 })", kill_at_call,
        "{till} will die before its port call {call}");
const auto kWait = row("wait", "Lets time pass.", {{"wait", Kind::duration, "how long", true}},
                       R"({ wait = "10m" })", wait, "{wait} pass");

}  // namespace
}  // namespace tillrig::scenario::power
