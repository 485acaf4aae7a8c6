#include "sim/scenario/play/perform.hpp"

#include "sim/scenario/play/spawn.hpp"

#include <algorithm>

namespace tillrig::scenario {
namespace {

using namespace std::chrono_literals;  // NOLINT(google-build-using-namespace)

Awaitable<void> heal_later(std::shared_ptr<Stage> stage, words::FaultId id, Duration after) {
  co_await stage->pause(after);
  static_cast<void>(stage->armoury.heal(id));
}

void begin_fault(const std::shared_ptr<Stage>& stage, const Action& action) {
  const auto begun = stage->armoury.begin(action);
  if (!begun) return stage->story.fail(Failure::Kind::rig, begun.error().what);
  if (action.for_) spawn(*stage, heal_later(stage, *begun, *action.for_));
}

void heal(Stage& stage, const Action& action) {
  if (auto healed = stage.armoury.heal(*action.fault, action.till); !healed) {
    stage.story.fail(Failure::Kind::expectation, healed.error().what);
  }
}

Awaitable<void> play_step(std::shared_ptr<Stage> stage, const Step& step, words::Args args) {
  const std::string till = args.text("till");
  const bool orderly = step.at_once == nullptr && step.waits_for_hands && args.has("till");
  if (orderly) co_await stage->hands.take(till);
  if (!step.needs_app || stage->lives.can_begin(till, step.name)) {
    const std::size_t began = stage->lives.acts_so_far();
    stage->notice_card_sales();
    auto done = co_await step.play(*stage, args);
    if (!done) stage->refused(till, step.name, done.error(), began);
  }
  if (orderly) stage->hands.give(till);
}

std::vector<words::Args> for_each_till(const Stage& stage, const words::Args& args) {
  if (args.text("till") != "*") return {args};
  std::vector<words::Args> all;
  for (const std::string& till : stage.plan().setup.tills) {
    all.push_back(args);
    all.back().set("till", till);
  }
  return all;
}

}  // namespace

Awaitable<void> perform(std::shared_ptr<Stage> stage, const Action& action) {
  stage->story.at_line(action.where.line);
  if (action.kind == Action::Kind::fault) {
    begin_fault(stage, action);
    co_return;
  }
  if (action.kind == Action::Kind::heal) {
    heal(*stage, action);
    co_return;
  }
  const auto all = for_each_till(*stage, action.args);
  for (const words::Args& args : all) {
    auto playing = play_step(stage, *action.step, args);
    co_await std::move(playing);
  }
}

bool perform_at_once(const std::shared_ptr<Stage>& stage, const Action& action) {
  if (action.kind == Action::Kind::fault) {
    begin_fault(stage, action);
    return true;
  }
  if (action.kind == Action::Kind::heal) {
    heal(*stage, action);
    return true;
  }
  if (action.step->at_once == nullptr) return false;
  for (const words::Args& args : for_each_till(*stage, action.args)) {
    const std::string till = args.text("till");
    if (action.step->needs_app && !stage->lives.can_begin(till, action.step->name)) continue;
    const std::size_t began = stage->lives.acts_so_far();
    const auto done = action.step->at_once(*stage, args);
    if (!done) stage->refused(till, action.step->name, done.error(), began);
  }
  return true;
}

namespace {

// What was true from the first moment says nothing of what comes later.
Failure met_at_once(const Expected& expected, const Seen& looked) {
  Failure failure;
  failure.line = expected.where.line;
  failure.what =
      fmt::format("the expectation \"{}\" was met in its first moment, so it waited for nothing",
                  expected.row->name);
  failure.expected =
      fmt::format("for = \"{}\": it holds all the while; or no within", describe(expected.within));
  failure.seen = looked.expected;
  return failure;
}

}  // namespace

Awaitable<void> await_expected(std::shared_ptr<Stage> stage, const Expected& expected) {
  stage->story.at_line(expected.where.line);
  const Instant began = stage->now();
  const Instant deadline = began + expected.within;
  const Instant until = began + expected.holds_for;
  for (;;) {
    stage->notice_card_sales();
    auto looked = co_await expected.row->look(*stage, expected.args);
    const bool holds = looked && looked->holds;
    if (holds && looked->never_otherwise && expected.within > 0ns && stage->now() == began) {
      stage->story.fail(met_at_once(expected, *looked));
      co_return;
    }
    if (holds && stage->now() >= until) co_return;
    if (!holds && stage->now() >= deadline) {
      Failure failure;
      failure.line = expected.where.line;
      failure.kind =
          looked && looked->open ? Failure::Kind::inconclusive : Failure::Kind::expectation;
      failure.what = fmt::format("the expectation \"{}\" does not hold", expected.row->name);
      if (expected.within > 0ns) failure.what += " within " + describe(expected.within);
      if (expected.holds_for > 0ns) {
        const Duration held = stage->now() - began;
        failure.what += fmt::format(" for {}", describe(expected.holds_for));
        failure.what +=
            held > 0ns ? fmt::format(": it did for {}", describe(held)) : ", not even once";
      }
      if (looked) {
        failure.expected = looked->expected;
        failure.seen = looked->seen;
        failure.sale = looked->sale;
      } else {
        failure.seen = looked.error().what;
      }
      stage->story.fail(std::move(failure));
      co_return;
    }
    constexpr Duration kGlance = 100ms;  // then less often, so that hours cost no millions of looks
    constexpr Duration kRarest = 2s;
    const Duration next = std::clamp((stage->now() - began) / 8, kGlance, kRarest);
    const Duration left = (holds ? until : deadline) - stage->now();
    const Duration rest = std::min(next, left);
    co_await stage->pause(rest);
  }
}

}  // namespace tillrig::scenario
