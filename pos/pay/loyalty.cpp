#include "pos/pay/loyalty.hpp"

#include "pos/base/spawn.hpp"

#include <utility>

namespace tillrig::pay {
namespace {

const base::Mutant kWarnOnce{"warn_once", "INV-13", "domain 1.2, OUT-08",
                             "the cashier is told once that loyalty is unavailable, not at each "
                             "selection of a customer"};
const base::Mutant kStaleShown{"points_stale_shown", "INV-13", "domain 1.2, OUT-15",
                               "points that were heard earlier are shown and printed when the "
                               "cloud cannot be asked"};
const base::Mutant kSettingPersisted{"loyalty_setting_persisted", "INV-13", "domain 1.2, OUT-12",
                                     "real time loyalty, once disabled, stays so when the app is "
                                     "opened again"};
const base::Mutant kRetried{"loyalty_retried_in_background", "INV-13", "domain 1.2, OUT-09",
                            "a timer goes on asking for the points that did not come"};

const base::Mutant kLastOnesPoints{"points_of_the_last", "INV-13", "a fault planted by a reviewer",
                                   "a customer whose points do not come has those of the last one"};

const base::Mutant kAsksStill{"disabled_asks_still", "INV-13", "domain 1.2, OUT-11",
                              "who disabled real time loyalty is told all the same that it is "
                              "unavailable"};
const base::Mutant kAtStartOnly{"warned_at_start_only", "INV-13", "domain 1.2, OUT-23",
                                "the cashier is told that loyalty is unavailable only after a "
                                "start without a line"};

constexpr const char* kSettingFile = "loyalty.off";  // of the mutant alone
constexpr base::Duration kRetryEvery = std::chrono::seconds(10);

}  // namespace

bool shows_stale(const base::Mutants& mutants) {
  return kStaleShown.on(mutants);
}

Loyalty::Loyalty(const ports::Ports& ports, Realtime& cloud, LoyaltyRules rules,
                 base::Mutants mutants, Listener listener)
    : ports_(ports),
      cloud_(cloud),
      rules_(rules),
      mutants_(std::move(mutants)),
      listener_(std::move(listener)) {
  if (!kSettingPersisted.on(mutants_)) return;
  disabled_ = ports_.disk.open(kSettingFile, ports::Disk::Mode::read).has_value();
}

void Loyalty::disable() {
  disabled_ = true;
  if (kSettingPersisted.on(mutants_)) {
    static_cast<void>(ports_.disk.open(kSettingFile, ports::Disk::Mode::create));
  }
}

base::Awaitable<void> Loyalty::select(std::string member) {
  const std::uint64_t mine = current_ = ++selections_;
  if (!kLastOnesPoints.on(mutants_)) points_.reset();
  if (!realtime() && !(disabled_ && kAsksStill.on(mutants_))) co_return;
  ++asking_;
  ports_.recorder.note({.mark = "loyalty.asked"}, {{"member", std::string_view(member)}});
  const base::Instant deadline = ports_.clock.now() + rules_.patience;
  std::string whose = member;
  auto asking = cloud_.points(std::move(whose), deadline);
  const Result<std::int64_t> told = co_await std::move(asking);
  --asking_;
  if (stopped_) co_return;
  ports_.recorder.note({.mark = told ? "loyalty.answered" : "loyalty.failed"},
                       {{"member", std::string_view(member)}});
  if (!told) {
    failed(member, told.error(), mine == current_);
    co_return;
  }
  told_[member] = *told;
  heard_once_ = true;
  if (mine != current_) co_return;  // the sale is another one by now, or over
  points_ = *told;
  listener_.changed();
}

void Loyalty::failed(const std::string& member, const base::Error& why, bool current) {
  if (kStaleShown.on(mutants_) && current && told_.contains(member)) {
    points_ = told_[member];
    listener_.changed();
  }
  const bool silent = heard_once_ && kAtStartOnly.on(mutants_);
  if (silent) {
    listener_.changed();
  } else if (!kWarnOnce.on(mutants_) || !std::exchange(warned_, true)) {
    listener_.unavailable(member, why.what);
  }
  if (!kRetried.on(mutants_)) return;
  auto again = ask_again(member);
  base::spawn(ports_.executor, std::move(again));
}

base::Awaitable<void> Loyalty::ask_again(std::string member) {
  while (!stopped_) {
    const base::Instant next = ports_.clock.now() + kRetryEvery;
    co_await ports_.timer.sleep_until(next);
    if (stopped_) co_return;
    std::string whose = member;
    const base::Instant deadline = ports_.clock.now() + rules_.patience;
    auto asking = cloud_.points(std::move(whose), deadline);
    const Result<std::int64_t> told = co_await std::move(asking);
    if (told) co_return;
  }
}

void Loyalty::line_lost() {
  if (!points_ || kStaleShown.on(mutants_)) return;
  points_.reset();
  listener_.changed();
}

void Loyalty::clear() {
  current_ = 0;
  points_.reset();
}

}  // namespace tillrig::pay
