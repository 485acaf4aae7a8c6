#include "pos/till/patron.hpp"

#include "pos/base/spawn.hpp"

#include <utility>

namespace tillrig::till {

using base::Code;
using base::fail;

namespace {

const base::Mutant kRewardKept{"reward_kept_at_drop", "INV-33", "domain 1.2, OUT-14",
                               "a sale keeps its reward when the line has dropped"};

const base::Mutant kRewardOfAnother{"reward_of_another", "INV-41", "a fault planted by a reviewer",
                                    "a sale keeps its reward when another customer is selected"};
const base::Mutant kOldFace{"customer_stays_on_screen", "INV-41", "a fault planted by a reviewer",
                            "when another customer is selected the screen shows the one before"};
const base::Mutant kIdAlone{"customer_by_id_alone", "INV-55", "a fault planted by a reviewer",
                            "customers are known by their id, not by card or phone number"};
const base::Mutant kFirstOfTwo{"first_of_two_customers", "INV-13", "a fault planted by a reviewer",
                               "of two customers with one number the first is selected"};

}  // namespace

Patron::Patron(const ports::Ports& ports, const Config& config, Screen& screen, Prompts& prompts,
               sync::Service& service, Cart& cart)
    : ports_(ports),
      config_(config),
      screen_(screen),
      prompts_(prompts),
      service_(service),
      cart_(cart),
      realtime_(service),
      customers_(config.customers),
      loyalty_(
          ports, realtime_, config.loyalty, config.mutants,
          {[this] { show(); }, [this](std::string_view member,
                                      std::string_view why) { say_unavailable(member, why); }}),
      rewards_(ports, realtime_, config.loyalty, config.name, config.mutants) {}

void Patron::take_customers(const std::vector<Customers::Change>& changes) {
  customers_ = config_.customers.changed(changes);
}

// Each time anew, also when the one before still stands.
void Patron::say_unavailable(std::string_view member, std::string_view why) {
  const Customer* const who = customers_.by_id(member);
  prompts_.withdraw(kLoyaltyUnavailable, "another customer was selected");
  prompts_.open(kLoyaltyUnavailable,
                fmt::format("Loyalty is unavailable: the points of {} are not known ({}). The sale "
                            "goes on; its points count once it is sent.",
                            who != nullptr ? who->name : std::string(member), why));
}

base::Awaitable<Result<void>> Patron::select(std::string who) {
  const Customer* found = customers_.called(who);
  const auto close = customers_.find(who, 1);
  if (found == nullptr && !close.empty() && kFirstOfTwo.on(config_.mutants)) found = &close.front();
  if (found != nullptr && found->id != who && kIdAlone.on(config_.mutants)) found = nullptr;
  if (found == nullptr) {
    co_return fail(Code::not_found, "no customer has the id, card or phone number \"{}\"", who);
  }
  const bool others = rewards_.held() && customer_ && customer_->id != found->id;
  if (others && !kRewardOfAnother.on(config_.mutants)) {
    co_return fail(Code::not_allowed, "the sale has a reward of {}: cancel it first",
                   customer_->name);
  }
  const bool stays = customer_ && kOldFace.on(config_.mutants);
  customer_ = *found;
  cart_.tail().set(wire::kMember, found->id);
  prompts_.withdraw(kLoyaltyUnavailable, "another customer was selected");
  std::string member = found->id;
  auto asking = loyalty_.select(std::move(member));
  if (loyalty_.rules().blocking) {
    co_await std::move(asking);
  } else {
    base::spawn(ports_.executor, std::move(asking));
  }
  if (!stays) show();
  co_return Result<void>{};
}

void Patron::put(std::string_view id) {
  const Customer* const found = customers_.by_id(id);
  if (found == nullptr) return;
  customer_ = *found;
  cart_.tail().set(wire::kMember, found->id);
  show();
}

base::Awaitable<Result<void>> Patron::redeem(std::int64_t times) {
  if (!customer_) {
    co_return fail(Code::not_allowed, "rewards are a customer's: select the customer first");
  }
  if (cart_.empty()) co_return fail(Code::not_allowed, "there is nothing to take a reward off");
  if (config_.loyalty.on() && !loyalty_.realtime()) {
    co_return fail(Code::not_allowed,
                   "real time loyalty is disabled: close and reopen the app to redeem rewards");
  }
  std::string member = customer_->id;
  auto redeeming = rewards_.redeem(std::move(member), times, service_.online());
  const Result<pay::Reward> reward = co_await std::move(redeeming);
  if (!reward) co_return base::Failure(reward.error());
  if (auto off = cart_.take_reward(reward->amount); !off) {
    rewards_.give_back();
    co_return off;
  }
  cart_.tail().set(wire::kHold, reward->hold);
  cart_.tail().set(wire::kRedeemed, reward->points);
  co_return Result<void>{};
}

Result<void> Patron::check_reward() {
  if (!rewards_.held() || service_.online() || kRewardKept.on(config_.mutants)) return {};
  rewards_.give_back();
  cart_.drop_reward();
  return fail(
      Code::needs_connection,
      "the reward was taken off: it cannot be redeemed without a connection, and the total "
      "is {} now",
      base::format_money(
          cart_.total(),
          base::find_currency(config_.currency).value_or(base::Currency{config_.currency, 2})));
}

void Patron::sold() {
  rewards_.spent();
  forget();
}

void Patron::forget() {
  rewards_.give_back();
  loyalty_.clear();
  if (std::exchange(customer_, std::nullopt)) show();
}

void Patron::stop() {
  loyalty_.stop();
  rewards_.stop();
}

std::optional<CustomerShown> Patron::shown() const {
  if (!customer_) return std::nullopt;
  CustomerShown shown;
  shown.id = customer_->id;
  shown.name = customer_->name;
  shown.points = loyalty_.points();
  return shown;
}

void Patron::show() {
  screen_.show(shown().value_or(CustomerShown()));
}

}  // namespace tillrig::till
