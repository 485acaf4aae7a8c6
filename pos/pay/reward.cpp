#include "pos/pay/reward.hpp"

#include "pos/base/spawn.hpp"

#include <algorithm>
#include <utility>

namespace tillrig::pay {

using base::Code;
using base::fail;

namespace {

const base::Mutant kRewardOffline{"reward_without_connection", "INV-33", "domain 1.2, OUT-14",
                                  "a reward is given without asking when there is no connection"};

const base::Mutant kUnheardKept{"unheard_hold_kept", "INV-14", "a fault planted by a reviewer",
                                "points whose hold was not heard of are not released"};

constexpr std::int64_t kMostRewards = 1000;

}  // namespace

base::Awaitable<Result<Reward>> Rewards::redeem(std::string member, std::int64_t times,
                                                bool online) {
  if (rules_.reward_points <= 0) co_return fail(Code::not_allowed, "this shop has no rewards");
  if (times < 1 || times > kMostRewards) {
    co_return fail(Code::bad_input, "rewards are taken 1 to {} at a time, not {}", kMostRewards,
                   times);
  }
  if (held_ || asking_) co_return fail(Code::not_allowed, "the sale has a reward already");
  Reward reward;
  reward.points = times * rules_.reward_points;
  reward.amount = base::Money{times * rules_.reward_amount.minor};
  reward.hold = fmt::format("{}-{:016x}", till_, ports_.entropy.draw("pay.hold"));
  if (!online && kRewardOffline.on(mutants_)) {
    held_ = reward;
    co_return reward;
  }
  if (!online) {
    co_return fail(Code::needs_connection,
                   "rewards cannot be redeemed without a connection: wait until it is back");
  }
  asking_ = true;
  std::string id = reward.hold;
  const base::Instant deadline = ports_.clock.now() + rules_.patience;
  auto holding = cloud_.hold(std::move(id), std::move(member), reward.points, deadline);
  const Result<void> given = co_await std::move(holding);
  asking_ = false;
  if (stopped_) co_return fail(Code::cancelled, "the till is closed");
  if (!given) {
    const bool unheard = given.error().code == Code::needs_connection;
    if (unheard && !kUnheardKept.on(mutants_)) to_release_.push_back(reward.hold);
    co_return base::Failure(given.error());
  }
  held_ = reward;
  co_return reward;
}

void Rewards::give_back() {
  if (!held_) return;
  to_release_.push_back(std::exchange(held_, std::nullopt)->hold);
  line_is_back();
}

void Rewards::line_is_back() {
  if (to_release_.empty() || std::exchange(releasing_, true)) return;
  auto releasing = release_all();
  base::spawn(ports_.executor, std::move(releasing));
}

// What fails is tried again when a line comes back; after its time the cloud lets go by itself.
base::Awaitable<void> Rewards::release_all() {
  while (!to_release_.empty() && !stopped_) {
    const std::string hold = to_release_.front();
    std::string id = hold;
    const base::Instant deadline = ports_.clock.now() + rules_.patience;
    auto releasing = cloud_.release(std::move(id), deadline);
    const Result<void> done = co_await std::move(releasing);
    if (!done && done.error().code == Code::needs_connection) break;
    std::erase(to_release_, hold);
  }
  releasing_ = false;
}

}  // namespace tillrig::pay
