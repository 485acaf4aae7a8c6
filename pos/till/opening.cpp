#include "pos/till/opening.hpp"

#include "pos/base/assert.hpp"
#include "pos/base/spawn.hpp"
#include "pos/till/leaving.hpp"
#include "pos/till/upgrade.hpp"

#include <utility>

namespace tillrig::till {
namespace {

const base::Mutant kToldOnce{"local_mode_told_once", "INV-18", "a fault planted by a reviewer",
                             "the till reminds of local mode after an hour, and then no more"};
const base::Mutant kReminderStays{"local_mode_reminder_stays", "INV-18",
                                  "a fault planted by a reviewer",
                                  "the reminder of local mode stays when that is over"};
const base::Mutant kCloneUnnoticed{"clone_unnoticed", "INV-06", "the till's PC is cloned",
                                   "two tills with the same files begin the same next epoch"};
const base::Mutant kNotSyncedStays{"not_synced_stays", "INV-20", "a fault planted by a reviewer",
                                   "the message that the till is not in step stays when it is"};
const base::Mutant kWaitsForLine{"start_waits_for_line", "INV-25", "domain 1.2, OUT-03",
                                 "who presses Continue waits until there is a line"};
const base::Mutant kNotOffered{"disable_not_offered", "INV-25", "domain 1.2, OUT-06",
                               "a start without a line says that loyalty is unavailable, and does "
                               "not offer to disable it"};
const base::Mutant kProceedDisables{"proceed_disables", "INV-13", "domain 1.2, OUT-07",
                                    "who proceeds without real time loyalty has it disabled"};
const base::Mutant kCloseStops{"close_stops_the_till", "INV-25", "domain 1.2, OUT-20",
                               "a till that was not in step for a day does not open after Close"};

}  // namespace

base::Awaitable<void> Opening::first_page() {
  if (!still_opening()) co_return;
  if (parts_.store.health() == store::Health::critical) {
    say_critical("The till's storage is damaged: " + parts_.store.opened().what +
                 " Do not sell on this till; make sure it is connected and press OK.");
    parts_.service.start();
    co_return;
  }
  notice_upgrade(parts_);
  contacting_ = true;
  const sync::Cause cause = co_await parts_.service.first_contact();
  contacting_ = false;
  if (!still_opening()) co_return;
  if (cause == sync::Cause::none) {
    Leaving(parts_).back();
    co_await open_register();
  } else if (cause == sync::Cause::local && is_set_up()) {
    co_await open_without_line();
  } else if (is_set_up()) {
    say_no_internet(cause, true);
    if (!parts_.prompts.has(kNoInternet)) co_await open_register();
  } else {
    parts_.prompts.open(kFirstLoginNeeded,
                        "This till has never been connected. It needs the cloud once before its "
                        "first sale. " +
                            std::string(sync::sentence(cause)),
                        {[this] { return first_page(); }});
  }
}

// It has been let in by the cloud once, and has not left its shop since.
bool Opening::is_set_up() const {
  return parts_.store.epoch() != 0 && !Leaving(parts_).has_left();
}

base::Awaitable<void> Opening::open_register() {
  if (!still_opening()) co_return;
  if (auto settled = settle_epoch(); !settled) parts_.refuse(settled.error());
  co_await ports::settle(parts_.ports);
  if (!still_opening()) co_return;
  go_to(Stage::register_page);
  parts_.service.start();
  if (when_open_) std::exchange(when_open_, {})();
}

Result<void> Opening::settle_epoch() {
  highest_[parts_.store.epoch()] = parts_.store.high_number();
  auto settled = choose_epoch();
  epoch_settled_ = settled.has_value();
  if (settled) parts_.store.settle_home();
  if (settled) say_what_others_did();
  return settled;
}

Result<void> Opening::choose_epoch() {
  store::Store& store = parts_.store;
  std::uint32_t cloud_epoch = 0;
  std::uint64_t cloud_number = 0;
  const auto& login = parts_.service.logged_in();
  if (login) {
    for (const wire::LoggedIn::High& high : login->highs) {
      if (high.epoch < cloud_epoch) continue;
      cloud_epoch = high.epoch;
      cloud_number = high.number;
    }
  }
  const std::uint32_t epoch = store.epoch();
  if (epoch == 0) return store.open_epoch("created", cloud_epoch + 1);
  const bool ahead =
      cloud_epoch > epoch || (cloud_epoch == epoch && cloud_number > store.high_number());
  const store::Opened& opened = store.opened();
  const bool copied = opened.new_epoch_due && opened.moved == store::Moved::copied;
  // Whoever else has these files may open an epoch at this moment, too.
  const bool alone = !copied && !(login && login->two);
  if (ahead) return store.open_epoch("cloud_ahead", above(cloud_epoch, alone));
  if (!opened.new_epoch_due) return {};
  if (copied) return store.open_epoch("copied", above(epoch, alone));
  if (opened.copy_lost) return store.open_epoch("copy_lost");
  if (login) {
    store.keep_epoch();
    return {};
  }
  const bool restarted = opened.moved == store::Moved::restarted;
  const bool unclean = opened.verdict != store::Verdict::clean;
  return store.open_epoch(unclean ? "unclean_stop" : "restarted", above(epoch, !restarted));
}

// The next epoch, or one that none who has the same files will choose.
std::uint32_t Opening::above(std::uint32_t epoch, bool alone) const {
  const bool jumps = !alone && !kCloneUnnoticed.on(parts_.config.mutants);
  const std::uint32_t next = epoch + 1 + (jumps ? parts_.store.home().jump() : 0);
  return next > wire::kMostEpoch ? epoch + 1 : next;
}

void Opening::say_what_others_did() {
  const auto& login = parts_.service.logged_in();
  if (!login) return;
  if (login->two) {
    parts_.prompts.open(
        kTwoTills,
        fmt::format("Two tills work under the name {}: its disk was copied to another machine, or "
                    "an older copy of it was put back. No sale is lost: each numbers its receipts "
                    "in series of its own, this one in series {} now. Give one of them another "
                    "name.",
                    parts_.config.name, parts_.store.epoch()));
  } else {
    parts_.prompts.withdraw(kTwoTills, "one till works under this name");
  }
  for (const wire::LoggedIn::High& high : login->highs) {
    const auto own = highest_.find(high.epoch);
    const std::uint64_t here = own == highest_.end() ? 0 : own->second;
    const bool known = high.epoch != parts_.store.opened().epoch || high.number <= here;
    if (told_older_ || known) continue;
    told_older_ = true;
    const base::ReceiptNumber theirs{high.epoch, high.number};
    const base::ReceiptNumber ours{high.epoch, here};
    parts_.prompts.open(
        kOlderStore,
        fmt::format("The cloud has receipts of this till up to {}, its own disk up to {}: the disk "
                    "was put back from a copy, or has lost what was written. The sales are safe in "
                    "the cloud. This till numbers its receipts in series {} now.",
                    theirs.text(), ours.text(), parts_.store.epoch()));
  }
}

void Opening::go_to(Stage stage) {
  TILLRIG_ASSERT(stage_ != Stage::closed, "a till that was closed does nothing more");
  TILLRIG_ASSERT(stage != Stage::register_page || stage_ == Stage::starting,
                 "a till opens its register once, and not with damaged storage");
  stage_ = stage;
  StageShown shown;
  shown.stage = stage;
  parts_.screen.show(shown);
}

void Opening::say_critical(std::string text) {
  go_to(Stage::critical);
  parts_.prompts.open(kCriticalError, std::move(text), {[this] { return send_what_is_left(); }});
}

// The cashier says that the till is connected now: it does not wait for its next probe.
base::Awaitable<void> Opening::send_what_is_left() {
  parts_.service.probe_now();
  parts_.service.kick();
  co_return;
}

void Opening::say_no_internet(sync::Cause cause, bool blocks) {
  std::vector<Act> acts;
  if (blocks) acts.push_back([this] { return open_offline(); });
  parts_.prompts.open(kNoInternet,
                      std::string(sync::sentence(cause)) +
                          " Sales are kept on this till and sent when the connection is back.",
                      std::move(acts), blocks);
}

base::Awaitable<void> Opening::open_without_line() {
  if (!still_opening()) co_return;
  if (parts_.service.freshness().stale() && parts_.prompts.has(kNotSynced)) {
    say_not_synced(true);
  } else {
    co_await open_register();
  }
}

void Opening::say_not_synced(bool blocks) {
  told_not_synced_ = true;
  std::vector<Act> acts;
  const bool stops = kCloseStops.on(parts_.config.mutants);
  if (blocks && !stops) acts.push_back([this] { return open_register(); });
  const auto hours =
      std::chrono::duration_cast<std::chrono::hours>(parts_.service.freshness().age()).count();
  const std::string why =
      parts_.service.local_mode().on()
          ? "It is in local mode: end that in the Sync Manager as soon as you can."
          : "Restart the computer and make sure that it is connected to the internet.";
  parts_.prompts.open(
      kNotSynced,
      fmt::format(
          "This till has not synchronised for {} hours. {} You can go on selling; nothing is "
          "lost, but its sales are not in the cloud.",
          hours, why),
      std::move(acts), blocks);
}

void Opening::on_beat() {
  if (stage_ != Stage::register_page || ending_) return;
  beats_with_line_ = parts_.service.online() ? beats_with_line_ + 1 : 0;
  // A line that has just come back brings it into step by itself.
  constexpr int kSoon = 12;
  const bool soon = beats_with_line_ > 0 && beats_with_line_ < kSoon;
  if (!parts_.service.freshness().stale()) {
    const bool stays = kNotSyncedStays.on(parts_.config.mutants);
    if (told_not_synced_ && !stays)
      parts_.prompts.withdraw(kNotSynced, "the till is in step again");
    told_not_synced_ = false;
  } else if (!told_not_synced_ && !soon) {
    say_not_synced(false);
  }
  remind_of_local_mode();
}

// Meant for a short time only: told each hour (article S4).
void Opening::remind_of_local_mode() {
  const sync::LocalMode& local = parts_.service.local_mode();
  if (!local.on()) {
    const bool stays = kReminderStays.on(parts_.config.mutants);
    if (hours_told_ > 0 && !stays) parts_.prompts.withdraw(kLocalMode, "local mode is over");
    hours_told_ = 0;
    return;
  }
  const auto hours = std::chrono::duration_cast<std::chrono::hours>(local.age()).count();
  if (hours <= hours_told_ || (hours_told_ > 0 && kToldOnce.on(parts_.config.mutants))) return;
  hours_told_ = hours;
  parts_.prompts.open(kLocalMode,
                      fmt::format("The till has been in local mode for {} hour{}: nothing is "
                                  "synchronised. It is meant for a short time only.",
                                  hours, hours == 1 ? "" : "s"),
                      {{}, [this] { return go_online(); }});
}

base::Awaitable<void> Opening::go_online() {
  if (auto ended = parts_.service.set_local_mode(false); !ended) parts_.refuse(ended.error());
  co_return;
}

// Whoever gives points in real time is asked whether to go on trying (OUT-06).
base::Awaitable<void> Opening::open_offline() {
  if (kWaitsForLine.on(parts_.config.mutants)) co_return;
  if (!parts_.loyalty.realtime()) {
    auto opening = open_without_line();
    co_await std::move(opening);
    co_return;
  }
  std::vector<Act> acts{[this] { return proceed(); }};
  if (!kNotOffered.on(parts_.config.mutants)) {
    acts.push_back([this] { return open_without_loyalty(); });
  }
  parts_.prompts.open(
      kLoyaltyStart,
      "Real time loyalty is unavailable without a connection. Proceed: the till tries again with "
      "each customer who is selected, and says so each time. Points accumulate in any case.",
      std::move(acts), true);
}

base::Awaitable<void> Opening::proceed() {
  if (kProceedDisables.on(parts_.config.mutants)) parts_.loyalty.disable();
  return open_without_line();
}

base::Awaitable<void> Opening::open_without_loyalty() {
  parts_.loyalty.disable();
  return open_without_line();
}

void Opening::on_connection(sync::Link link, sync::Cause cause) {
  ConnectionShown shown;
  shown.link = link;
  shown.cause = cause;
  shown.text = sync::sentence(cause);
  parts_.screen.show(shown);
  if (link == sync::Link::offline) parts_.loyalty.line_lost();
  if (stage_ != Stage::register_page) return;
  if (link == sync::Link::offline) say_no_internet(cause, false);
  if (link == sync::Link::online) parts_.prompts.withdraw(kNoInternet, "the line is back");
}

// The first contact was given too little time: once more, without the cashier.
void Opening::on_slow_line() {
  if (!still_opening() || contacting_) return;
  parts_.prompts.withdraw(kNoInternet, "the line is there, and slow");
  parts_.prompts.withdraw(kFirstLoginNeeded, "the line is there, and slow");
  parts_.prompts.withdraw(kLoyaltyStart, "the line is there, and slow");
  auto again = first_page();
  base::spawn(parts_.ports.executor, std::move(again));
}

void Opening::on_login() {
  if (stage_ == Stage::register_page && !ending_) static_cast<void>(settle_epoch());
}

}  // namespace tillrig::till
