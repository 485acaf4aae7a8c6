#include "sim/scenario/play/perform.hpp"

#include <algorithm>

namespace tillrig::scenario {
namespace {

using namespace std::chrono_literals;  // NOLINT(google-build-using-namespace)

constexpr Duration kPatience = 10min;

// A till that waits for a button at its start gets it pressed: nobody else will.
Awaitable<void> answer_start(std::shared_ptr<Stage> stage, std::string till) {
  auto state = co_await stage->bed().state(till);
  if (!state || state->stage != till::Stage::starting) co_return;
  for (const till::Prompt& prompt : state->prompts) {
    if (!prompt.modal) continue;
    till::Command press;
    press.verb = till::Command::Verb::press;
    press.text = prompt.id;
    press.button = prompt.buttons.front();
    auto pressed = co_await stage->bed().command(till, press);
    if (!pressed) co_return;
  }
}

Awaitable<void> start_again(std::shared_ptr<Stage> stage) {
  if (stage->cloud_down) {
    stage->cloud_down = false;
    auto started = co_await stage->bed().start_cloud();
    if (!started) stage->fail(Failure::Kind::rig, started.error().what);
  }
  const std::vector<std::string> tills(stage->started.begin(), stage->started.end());
  for (const std::string& till : tills) {
    if (!stage->bed().running(till)) {
      auto started = co_await stage->start(till);
      if (!started) stage->fail(Failure::Kind::liveness, started.error().what);
    }
    if (stage->bed().running(till)) co_await answer_start(stage, till);
  }
}

// Empty when every till that can sell has sent all it has and is online; else what is still open.
Awaitable<std::string> unrest(std::shared_ptr<Stage> stage) {
  const std::vector<std::string> tills(stage->started.begin(), stage->started.end());
  for (const std::string& till : tills) {
    if (!stage->bed().running(till)) {
      stage->notice_death(till);
      co_return till + " does not run";
    }
    auto state = co_await stage->bed().state(till);
    if (!state) co_return state.error().what;
    if (state->stage == till::Stage::critical) continue;  // it has said so, and takes no sales
    if (state->stage == till::Stage::starting) {
      co_await answer_start(stage, till);
      co_return till + " is still starting";
    }
    if (state->counters.pending != 0) {
      co_return fmt::format("{} has {} sales to send still", till, state->counters.pending);
    }
    if (state->link != sync::Link::online) co_return till + " is not online";
  }
  co_return std::string();
}

Awaitable<void> wait_for_quiet(std::shared_ptr<Stage> stage) {
  const Instant deadline = stage->now() + kPatience;
  Duration nap = 250ms;
  for (;;) {
    const std::string open = co_await unrest(stage);
    if (open.empty()) break;
    if (stage->now() >= deadline) {
      Failure failure;
      failure.kind = Failure::Kind::liveness;
      failure.what = "the shop did not come to rest after everything was healed";
      failure.expected = "all tills online with nothing to send within " + describe(kPatience);
      failure.seen = open;
      stage->fail(std::move(failure));
      co_return;
    }
    co_await stage->pause(nap);
    nap = std::min<Duration>(nap * 2, 4s);
  }
  stage->bed().recording().act(oracle::ActEntry::Kind::quiet, "quiet", "");
}

void check_faults(Stage& stage) {
  for (const Armed& each : stage.armed()) {
    if (each.optional || stage.bed().faults().hits(each.id) > 0) continue;
    Failure failure;
    failure.kind = Failure::Kind::not_fired;
    failure.line = each.line;
    failure.till = each.till;
    failure.what = fmt::format("the fault {} was armed and never did anything", each.row->name);
    failure.expected = "at least one hit, or optional = true";
    failure.seen = "none";
    stage.fail(std::move(failure));
  }
}

void check_unknown(Stage& stage) {
  const auto& looks = stage.bed().recording().tapes().cloud;
  for (Sale& sale : stage.sales()) {
    if (sale.state != Sale::State::unknown) continue;
    // The till cannot be asked any more; what reached the cloud is evidence too.
    const bool judged =
        std::any_of(stage.sales().begin(), stage.sales().end(),
                    [&](const Sale& other) { return &other != &sale && other.till == sale.till; });
    if (!looks.empty() && !judged) {
      for (const oracle::CloudEntry& row : looks.back().rows) {
        if (row.till == sale.till && row.kind == "sale") sale.id = row.id;
      }
    }
    if (!sale.id.empty()) {
      sale.state = Sale::State::completed;
      continue;
    }
    Failure failure;
    failure.kind = Failure::Kind::inconclusive;
    failure.line = sale.line;
    failure.till = sale.till;
    failure.what = "nobody knows whether this sale was completed, and no evidence settles it";
    failure.expected = "a till that can be asked at the end";
    failure.seen = sale.till + " could not be asked";
    stage.fail(std::move(failure));
  }
}

}  // namespace

Awaitable<void> bring_to_rest(std::shared_ptr<Stage> stage) {
  stage->at_phase("everything is healed");
  stage->at_line(0);
  if (auto healed = stage->heal_all(); !healed) {
    stage->fail(Failure::Kind::rig, healed.error().what);
  }
  co_await start_again(stage);
  stage->bed().recording().act(oracle::ActEntry::Kind::all_healed, "all", "");
  co_await wait_for_quiet(stage);
  constexpr Duration kPaper = 2s;  // for the last receipt to come out
  co_await stage->pause(kPaper);
  for (const std::string& till : stage->plan().setup.tills) co_await stage->resolve(till);
  auto looked = co_await stage->bed().look();
  if (!looked) stage->fail(Failure::Kind::rig, looked.error().what);
  check_unknown(*stage);
  check_faults(*stage);
  check_whens(*stage);
}

}  // namespace tillrig::scenario
