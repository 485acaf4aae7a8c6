#include "sim/scenario/play/stage.hpp"

namespace tillrig::scenario {

Stage::Stage(world::Bed& bed, const Plan& plan, Outcome& outcome)
    : bed_(bed),
      plan_(plan),
      armoury(bed),
      story(bed, armoury, outcome),
      hands(bed),
      carts(plan.setup.poison_skus),
      sales(bed, outcome, story),
      sweeps(bed, plan, outcome, story),
      refusals(story),
      lives(bed, story) {}

Awaitable<void> Stage::pause(Duration duration) {
  const Instant until = now() + duration;
  co_await bed_.player().timer.sleep_until(until);
}

void Stage::refused(const std::string& till, std::string_view step, const base::Error& error,
                    std::size_t began) {
  if (error.code == base::Code::closed) {
    if (lives.stopped_since(till, began)) return;
    lives.notice_death(till);
  }
  refusals.add(till, step, error);
}

void Stage::notice_card_sales() {
  for (const std::string& till : sales.take_card_sales()) carts.close(till);
}

Awaitable<Result<void>> Stage::start(std::string till) {
  auto begun = co_await lives.start(till);
  if (begun) co_await sales.resolve(till);
  co_return begun;
}

Awaitable<Result<void>> Stage::complete(std::string till, std::string as) {
  const world::Order order("complete");
  co_await sales.resolve(till);
  sweeps.before_complete(till);
  auto reply = co_await bed_.command(till, order);
  if (reply && reply->sale.empty()) co_return Result<void>{};  // of a rehearsal
  sales.add(till, reply, carts.is_poisoned(till), std::move(as));
  if (!reply) co_return base::Failure(reply.error());
  co_return Result<void>{};
}

}  // namespace tillrig::scenario
