#include "sim/scenario/play/perform.hpp"

#include <algorithm>

namespace tillrig::scenario {
namespace {

using namespace std::chrono_literals;  // NOLINT(google-build-using-namespace)

// A till that waits for a button at its start gets it pressed: nobody else will.
Awaitable<void> answer_start(std::shared_ptr<Stage> stage, std::string till) {
  auto state = co_await stage->bed().state(till);
  if (!state || state->stage != "starting") co_return;
  for (const world::Prompt& prompt : state->prompts) {
    if (!prompt.modal || prompt.buttons.empty()) continue;
    const world::Order press =
        world::Order("press").with("prompt", prompt.id).with("button", prompt.buttons.front());
    auto pressed = co_await stage->bed().command(till, press);
    if (!pressed) co_return;
  }
}

Awaitable<void> start_again(std::shared_ptr<Stage> stage) {
  if (stage->cloud_down) {
    stage->cloud_down = false;
    auto started = co_await stage->bed().start_cloud();
    if (!started) stage->story.fail(Failure::Kind::rig, started.error().what);
  }
  const std::vector<std::string> tills(stage->lives.started().begin(),
                                       stage->lives.started().end());
  for (const std::string& till : tills) {
    if (!stage->bed().running(till)) {
      auto started = co_await stage->start(till);
      if (!started) stage->story.fail(Failure::Kind::liveness, started.error().what);
    }
    if (stage->bed().running(till)) co_await answer_start(stage, till);
  }
}

// Where nobody knows whether a card was charged the cashier does what is left to do, to the end; an
// order that is closed as unpaid is asked about by a reload.
Awaitable<std::string> settle_cards(std::shared_ptr<Stage> stage, std::string till,
                                    world::State state) {
  for (const world::Prompt& prompt : state.prompts) {
    if (!prompt.id.starts_with("card_")) continue;
    const bool asks = prompt.id != "card_payment" && !prompt.buttons.empty();
    if (asks) {
      const world::Order press =
          world::Order("press").with("prompt", prompt.id).with("button", prompt.buttons.front());
      static_cast<void>(co_await stage->bed().command(till, press));
    }
    co_return till + " waits for a card payment";
  }
  const world::Order ask("sales");
  auto answer = co_await stage->bed().command(till, ask);
  if (!answer || answer->unpaid.empty()) co_return std::string();
  const world::Order reload("reload");
  static_cast<void>(co_await stage->bed().command(till, reload));
  stage->bed().cards().day_ends();
  co_return fmt::format("{} has {} unpaid orders", till, answer->unpaid.size());
}

// Empty when every till that can sell has sent all it has and is online; else what is still open.
Awaitable<std::string> unrest(std::shared_ptr<Stage> stage) {
  const std::vector<std::string> tills(stage->lives.started().begin(),
                                       stage->lives.started().end());
  for (const std::string& till : tills) {
    if (!stage->bed().running(till)) {
      stage->lives.notice_death(till);
      co_return till + " does not run";
    }
    auto state = co_await stage->bed().state(till);
    if (!state) co_return state.error().what;
    if (state->stage == "critical") continue;  // it has said so, and takes no sales
    if (state->stage == "starting") {
      co_await answer_start(stage, till);
      co_return till + " is still starting";
    }
    if (stage->bed().cards().open()) {
      auto settling = settle_cards(stage, till, *state);
      const std::string open = co_await std::move(settling);
      if (!open.empty()) co_return open;
    }
    if (state->counters.pending != 0) {
      co_return fmt::format("{} has {} sales to send still", till, state->counters.pending);
    }
    if (state->link != "online") co_return till + " is not online";
  }
  if (stage->bed().cards().acquirer().owed() != 0)
    co_return std::string("the acquirer has more to tell");
  co_return std::string();
}

Awaitable<void> wait_for_quiet(std::shared_ptr<Stage> stage) {
  const Duration patience = stage->bed().patience();
  const Instant deadline = stage->now() + patience;
  Duration nap = 250ms;
  for (;;) {
    const std::string open = co_await unrest(stage);
    if (open.empty()) break;
    if (stage->now() >= deadline) {
      Failure failure;
      failure.kind = Failure::Kind::liveness;
      failure.what = "the shop did not come to rest after everything was healed";
      failure.expected = "all tills online with nothing to send within " + describe(patience);
      failure.seen = open;
      stage->story.fail(std::move(failure));
      co_return;
    }
    co_await stage->pause(nap);
    nap = std::min<Duration>(nap * 2, 4s);
  }
  stage->bed().recording().act(oracle::ActEntry::Kind::quiet, "quiet", "");
}

// What the office changed comes with a heartbeat or two; what never does is for the oracle to tell.
Awaitable<void> wait_for_changes(std::shared_ptr<Stage> stage) {
  constexpr Duration kChanges = 30s;
  const Instant give_up = stage->now() + kChanges;
  for (;;) {
    const bool come = co_await stage->bed().changes_have_come();
    if (come || stage->now() >= give_up) co_return;
    co_await stage->pause(1s);
  }
}

}  // namespace

Awaitable<void> bring_to_rest(std::shared_ptr<Stage> stage) {
  stage->story.at_phase("everything is healed");
  stage->story.at_line(0);
  if (auto healed = stage->armoury.heal_all(); !healed) {
    stage->story.fail(Failure::Kind::rig, healed.error().what);
  }
  stage->bed().thaw_all();
  co_await start_again(stage);
  stage->bed().recording().act(oracle::ActEntry::Kind::all_healed, "all", "");
  co_await wait_for_quiet(stage);
  co_await wait_for_changes(stage);
  stage->notice_card_sales();
  constexpr Duration kPaper = 2s;  // for the last receipt to come out
  co_await stage->pause(kPaper);
  for (const std::string& till : stage->plan().setup.tills) co_await stage->sales.resolve(till);
  auto looked = co_await stage->bed().look();
  if (!looked) stage->story.fail(Failure::Kind::rig, looked.error().what);
  for (const std::string& till : stage->plan().setup.tills) stage->lives.notice_death(till);
  const auto& looks = stage->bed().recording().tapes().cloud;
  stage->sales.settle_unknown(looks.empty() ? nullptr : &looks.back().rows);
  stage->armoury.check_all_fired(stage->story);
  check_whens(*stage);
}

}  // namespace tillrig::scenario
