#include "sim/scenario/play/perform.hpp"
#include "sim/scenario/play/spawn.hpp"
#include "sim/scenario/play/steps/ring_up.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include <algorithm>

namespace tillrig::scenario {
namespace {

using namespace std::chrono_literals;  // NOLINT(google-build-using-namespace)

Awaitable<void> counted(std::shared_ptr<Stage> stage, Awaitable<void> work) {
  co_await std::move(work);
  --stage->background;
}

// Whether a cashier could sell at this till now.
Awaitable<bool> can_sell(std::shared_ptr<Stage> stage, std::string till) {
  if (!stage->bed().running(till) || stage->carts.is_open(till)) co_return false;
  auto state = co_await stage->bed().state(till);
  if (!state || state->stage != "register") co_return false;
  for (const world::Prompt& prompt : state->prompts) {
    if (prompt.modal) co_return false;
  }
  co_return true;
}

std::uint64_t drawn(Stage& stage, std::string_view what, const Flow& flow, std::uint64_t below) {
  return stage.bed().player().entropy.below(fmt::format("flow.{}.{}", what, flow.till), below);
}

std::vector<std::string> draw_items(Stage& stage, const Flow& flow) {
  const auto& items = stage.plan().setup.shop.items;
  const auto spread = static_cast<std::uint64_t>(flow.items.most - flow.items.least + 1);
  const std::uint64_t count =
      static_cast<std::uint64_t>(flow.items.least) + drawn(stage, "items", flow, spread);
  const auto& poison = stage.plan().setup.poison_skus;
  std::vector<std::string> skus;
  while (skus.size() < count) {
    if (!flow.goods.empty()) {
      skus.push_back(flow.goods[drawn(stage, "items", flow, flow.goods.size())]);
      continue;
    }
    const world::Item& item = items[drawn(stage, "items", flow, items.size())];
    const std::string& sku = item.sku;
    // What the cloud rejects is sold where the scenario says so, never by chance.
    if (!item.later && std::find(poison.begin(), poison.end(), sku) == poison.end())
      skus.push_back(sku);
  }
  return skus;
}

// Whether this is one of those so many of 100.
bool draw_is_one(Stage& stage, std::string_view what, const Flow& flow, base::Rate rate) {
  constexpr std::uint64_t kAll = 10'000;
  return rate.basis_points > 0 &&
         drawn(stage, what, flow, kAll) < static_cast<std::uint64_t>(rate.basis_points);
}

base::Rate draw_discount(Stage& stage, const Flow& flow) {
  if (!draw_is_one(stage, "discounts", flow, flow.discounts)) return {};
  constexpr std::int64_t kStep = 500;  // 5, 10, 15 or 20 %
  return {static_cast<std::int64_t>(drawn(stage, "discount", flow, 4) + 1) * kStep};
}

// Presses what the flow says of the prompts that stand there.
Awaitable<void> answer_prompts(std::shared_ptr<Stage> stage, const Flow& flow) {
  if (flow.answers.empty() || !stage->bed().running(flow.till)) co_return;
  auto state = co_await stage->bed().state(flow.till);
  if (!state) co_return;
  for (const world::Prompt& prompt : state->prompts) {
    const auto answer = flow.answers.find(prompt.id);
    if (answer == flow.answers.end()) continue;
    const world::Order press =
        world::Order("press").with("prompt", prompt.id).with("button", answer->second);
    const std::size_t began = stage->lives.acts_so_far();
    auto pressed = co_await stage->bed().command(flow.till, press);
    if (!pressed) stage->refused(flow.till, "press", pressed.error(), began);
  }
}

// The sale that was just made comes back.
Awaitable<void> give_back(std::shared_ptr<Stage> stage, const Flow& flow) {
  const Sale* const sale = stage->sales.find("last", flow.till, true);
  if (sale == nullptr || sale->state != Sale::State::completed) co_return;
  const std::string id = sale->id;
  const std::size_t began = stage->lives.acts_so_far();
  const world::Order order = world::Order("refund").with("sale", id);
  auto refunded = co_await stage->bed().command(flow.till, order);
  if (refunded) stage->sales.refund(id, *refunded);
  if (!refunded) stage->refused(flow.till, "refund", refunded.error(), began);
}

Duration draw_gap(Stage& stage, const Flow& flow) {
  const auto range = static_cast<std::uint64_t>(flow.every.give_or_take.count()) * 2 + 1;
  const std::uint64_t later = drawn(stage, "gap", flow, range);
  return flow.every.mean - flow.every.give_or_take + Duration(static_cast<std::int64_t>(later));
}

// So long nobody waits at a till that does not sell, unless the scenario says so.
constexpr Duration kTurnedAway = 10min;

Failure no_trade(const Flow& flow, std::string what) {
  Failure failure;
  failure.kind = Failure::Kind::liveness;
  failure.line = flow.where.line;
  failure.till = flow.till;
  failure.what = std::move(what);
  failure.expected = "trade, or optional = true in this [[flow]]";
  failure.seen = "none";
  return failure;
}

// One cashier's trade. A sale that is late because the till was down is rung up as soon as it can.
Awaitable<void> trade(std::shared_ptr<Stage> stage, Flow flow) {
  Instant due = Instant{0} + flow.from;
  std::int64_t sold = 0;
  std::int64_t finished = 0;
  bool turned_away = false;
  while (!stage->ending && (!flow.count || sold < *flow.count)) {
    while (!stage->ending && stage->now() < due) {
      const Duration left = due - stage->now();
      const Duration nap = std::min<Duration>(left, 30s);  // so that the end is noticed
      co_await stage->pause(nap);
    }
    if (flow.until && stage->now() >= Instant{0} + *flow.until) break;
    bool free = false;
    const Instant wanted = stage->now();
    while (!stage->ending && !free) {
      if (stage->now() - wanted > kTurnedAway && !flow.optional && !turned_away) {
        turned_away = true;
        stage->story.fail(no_trade(
            flow, fmt::format("{} could not be sold at for {}", flow.till, describe(kTurnedAway))));
      }
      co_await stage->hands.take(flow.till);
      co_await answer_prompts(stage, flow);
      free = co_await can_sell(stage, flow.till);
      if (!free) stage->hands.give(flow.till);
      if (!free) co_await stage->pause(1s);
    }
    if (!free) break;
    stage->story.at_line(flow.where.line);
    Basket basket;
    basket.skus = draw_items(*stage, flow);
    basket.note = drawn(*stage, "cash", flow, 2) == 1;
    basket.discount = draw_discount(*stage, flow);
    const std::size_t began = stage->lives.acts_so_far();
    auto ringing = ring_up(*stage, flow.till, std::move(basket));
    auto done = co_await std::move(ringing);
    stage->carts.close(flow.till);
    const bool returns = draw_is_one(*stage, "refunds", flow, flow.refunds);
    if (done && returns) co_await give_back(stage, flow);
    stage->hands.give(flow.till);
    if (done) ++finished;
    if (!done) stage->refused(flow.till, "sale", done.error(), began);
    ++sold;
    due = due + draw_gap(*stage, flow);
  }
  if (finished == 0 && !flow.optional && !turned_away) {
    stage->story.fail(no_trade(flow, fmt::format("the flow sold nothing at {}", flow.till)));
    co_return;
  }
  if (!flow.count || sold >= *flow.count) co_return;
  Failure failure;
  failure.kind = Failure::Kind::liveness;
  failure.line = flow.where.line;
  failure.till = flow.till;
  failure.what = fmt::format("the flow rang up {} of {} sales at {} before the story ended", sold,
                             *flow.count, flow.till);
  failure.expected = fmt::format("{} sales: a story that is long enough, or no count", *flow.count);
  failure.seen = fmt::format("{}", sold);
  stage->story.fail(std::move(failure));
}

Awaitable<void> do_all(std::shared_ptr<Stage> stage, const std::vector<Action>& actions,
                       std::size_t from) {
  for (std::size_t i = from; i < actions.size(); ++i) {
    auto doing = perform(stage, actions[i]);
    co_await std::move(doing);
  }
}

Awaitable<void> do_rest(std::shared_ptr<Stage> stage, const When& when, std::size_t from) {
  auto doing = do_all(stage, when.doing, from);
  co_await std::move(doing);
  --stage->promised;
}

Awaitable<void> do_at(std::shared_ptr<Stage> stage, const At& at) {
  for (std::int64_t time = 0; time < at.times; ++time) {
    const Instant when = Instant{0} + at.time + at.every * time;
    co_await stage->bed().player().timer.sleep_until(when);
    auto doing = do_all(stage, at.doing, 0);
    co_await std::move(doing);
  }
  --stage->promised;
}

void hang_on_mark(const std::shared_ptr<Stage>& stage, const When& when) {
  auto met = std::make_shared<std::uint64_t>(0);
  const std::weak_ptr<Stage> weak = stage;  // the recording outlives the stage
  stage->bed().recording().marks().listen(
      [weak, &when, met](std::string_view mark, std::uint64_t count, const std::string& lane) {
        if (mark != when.mark.mark) return;
        if (!when.mark.lane.empty() && lane != when.mark.lane) return;
        const auto on = weak.lock();
        if (!on || on->ending) return;
        const std::uint64_t now = when.mark.lane.empty() ? ++*met : count;
        if (now != when.mark.count) return;
        on->performed.insert(&when);
        const int line = on->story.line();
        on->story.at_line(when.where.line);
        std::size_t done = 0;
        while (done < when.doing.size() && perform_at_once(on, when.doing[done])) ++done;
        on->story.at_line(line);
        if (done == when.doing.size()) return;
        ++on->promised;
        spawn(*on, do_rest(on, when, done));
      });
}

}  // namespace

void spawn(Stage& stage, Awaitable<void> work) {
  ++stage.background;
  auto running = counted(stage.shared_from_this(), std::move(work));
  boost::asio::co_spawn(stage.bed().player().executor, std::move(running), boost::asio::detached);
}

void begin_background(const std::shared_ptr<Stage>& stage) {
  const Plan& plan = stage->plan();
  const bool alone = plan.whens.empty() && plan.ats.empty() && plan.flows.empty();
  if (!alone) stage->bed().recording().many_hands();
  for (const When& when : stage->plan().whens) hang_on_mark(stage, when);
  for (const At& at : stage->plan().ats) {
    ++stage->promised;
    spawn(*stage, do_at(stage, at));
  }
  for (const Flow& flow : stage->plan().flows) {
    for (const std::string& till : stage->plan().setup.tills) {
      if (flow.till != "*" && flow.till != till) continue;
      Flow own = flow;
      own.till = till;
      spawn(*stage, trade(stage, own));
    }
  }
}

void check_whens(Stage& stage) {
  for (const When& when : stage.plan().whens) {
    if (when.optional || stage.performed.contains(&when)) continue;
    std::uint64_t met = 0;
    std::vector<std::string> lanes = stage.plan().setup.tills;
    lanes.emplace_back("cloud");
    for (const std::string& lane : lanes) {
      if (!when.mark.lane.empty() && when.mark.lane != lane) continue;
      met += stage.bed().recording().marks().count(when.mark.mark, lane);
    }
    const std::string_view lane = when.mark.lane;
    Failure failure;
    failure.kind = Failure::Kind::not_fired;
    failure.line = when.where.line;
    failure.what = fmt::format(
        "the mark {}#{}{}{} {}", when.mark.mark, when.mark.count, lane.empty() ? "" : "@", lane,
        met < when.mark.count ? "never came"
                              : "came only after the story's end: nothing was done at it");
    failure.expected = fmt::format("{} times before the story's end", when.mark.count);
    failure.seen = fmt::format("{} times, the ending included", met);
    stage.story.fail(std::move(failure));
  }
}

}  // namespace tillrig::scenario
