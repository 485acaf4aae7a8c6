#include "pos/sync/clean_up.hpp"

#include <set>
#include <string>
#include <utility>

namespace tillrig::sync {

using base::Code;
using base::fail;
using base::Failure;

namespace {

const base::Mutant kTrustsAcks{
    "cleanup_trusts_acks", "INV-30", "domain SM-37",
    "a clean-up deletes what the cloud acknowledged once, without asking "
    "whether it still has it"};

const base::Mutant kDropsWhatWaits{"full_resync_drops_all", "INV-30", "domain SM-32",
                                   "a full data resync deletes all local data, whatever waits and "
                                   "whatever the cloud has"};

const base::Mutant kQuarantineForgotten{"quarantine_owes_nothing", "INV-30",
                                        "a fault planted by a reviewer",
                                        "a full data resync is done while sales are in quarantine"};

const base::Mutant kHalfAsOld{"cleanup_takes_younger", "INV-30", "a fault planted by a reviewer",
                              "a clean-up deletes what is half as old as was asked for, too"};

constexpr Duration kForAPage = std::chrono::seconds(30);
constexpr std::int64_t kDayMs = 24LL * 60 * 60 * 1000;

}  // namespace

base::Awaitable<base::Result<CleanUp::Outcome>> CleanUp::run(std::int64_t days) {
  if (days < 1 || days > kMostDays) {
    co_return fail(Code::bad_input,
                   "'days' is {}: what is older than 1 to {} days can be cleaned up, today's sales "
                   "never",
                   days, kMostDays);
  }
  const std::int64_t old = days * kDayMs / (kHalfAsOld.on(mutants_) ? 2 : 1);
  const base::WallTime before{ports_.clock.wall().ms - old};
  auto running = run_before(before);
  co_return co_await std::move(running);
}

base::Awaitable<base::Result<CleanUp::Outcome>> CleanUp::run_all(store::Counters now) {
  const bool owes = now.pending > 0 || (now.quarantined > 0 && !kQuarantineForgotten.on(mutants_));
  if (owes && !kDropsWhatWaits.on(mutants_)) {
    co_return fail(Code::not_allowed,
                   "{} transactions wait to be sent and {} are in quarantine: they are only here. "
                   "Send them, or have them seen to, first",
                   now.pending, now.quarantined);
  }
  const base::WallTime before{INT64_MAX};
  auto running = run_before(before);
  co_return co_await std::move(running);
}

base::Awaitable<base::Result<CleanUp::Outcome>> CleanUp::run_before(base::WallTime before) {
  if (running_) co_return fail(Code::not_allowed, "a clean-up is under way: wait for its end");
  if (auto may = listener_.may_ask(); !may) co_return Failure(may.error());
  running_ = true;
  outcome_ = Outcome();
  auto walking = walk(before);
  auto walked = co_await std::move(walking);
  running_ = false;
  if (!walked) {
    co_return fail(
        walked.error().code,
        "the clean-up stopped when {} old transactions were deleted ({}): begin it again",
        outcome_.removed, walked.error().what);
  }
  co_return outcome_;
}

base::Awaitable<base::Result<void>> CleanUp::walk(base::WallTime before) {
  base::EventId last;
  for (;;) {
    co_await gate_.pass();
    if (stopped_) co_return fail(Code::cancelled, "the till is closed");
    const auto page = archive_.filed(last, kAtOnce);
    if (!page) co_return Failure(page.error());
    if (page->empty()) co_return base::Result<void>();
    last = page->back().id;
    std::vector<store::Filed> old;
    for (const store::Filed& each : *page) {
      if (each.may_go && each.wall.ms < before.ms) old.push_back(each);
    }
    co_await ports::settle(ports_);  // of reading it
    if (stopped_) co_return fail(Code::cancelled, "the till is closed");
    if (old.empty()) continue;
    auto cleaning = clean(std::move(old));
    auto cleaned = co_await std::move(cleaning);
    if (!cleaned) co_return cleaned;
  }
}

base::Awaitable<base::Result<void>> CleanUp::clean(std::vector<store::Filed> old) {
  wire::Manifest manifest;
  for (const store::Filed& each : old) manifest.items.push_back({each.id.text(), each.hash.hex()});
  wire::ManifestAnswer answer;
  if (!kTrustsAcks.on(mutants_) && !kDropsWhatWaits.on(mutants_)) {
    const Instant deadline = ports_.clock.now() + kForAPage;
    auto asking = desk_.manifest(std::move(manifest), deadline);
    auto told = co_await std::move(asking);
    if (stopped_) co_return fail(Code::cancelled, "the till is closed");
    if (!told) co_return Failure(told.error());
    answer = *std::move(told);
    ports_.recorder.note({.mark = "cleanup.page"},
                         {{"asked", static_cast<std::int64_t>(old.size())},
                          {"missing", static_cast<std::int64_t>(answer.missing.size())}});
  }
  auto kept = keep(old, answer);
  if (!kept) co_return kept;
  co_await ports::settle(ports_);
  if (stopped_) co_return fail(Code::cancelled, "the till is closed");
  co_return base::Result<void>();
}

base::Result<void> CleanUp::keep(const std::vector<store::Filed>& old,
                                 const wire::ManifestAnswer& answer) {
  const std::set<std::string> missing(answer.missing.begin(), answer.missing.end());
  const std::set<std::string> different(answer.different.begin(), answer.different.end());
  std::vector<store::Found> found;
  std::vector<base::EventId> confirmed;
  for (const store::Filed& each : old) {
    const std::string id = each.id.text();
    if (missing.contains(id)) {
      found.push_back({each.id, store::Finding::missing});
    } else if (different.contains(id)) {
      found.push_back({each.id, store::Finding::different});
    } else {
      confirmed.push_back(each.id);
    }
  }
  if (found.size() != missing.size() + different.size()) {
    return fail(Code::needs_connection, "the cloud spoke of events that it was not asked about");
  }
  // First what was lost: a kill in between must not leave it counted as uploaded.
  if (!found.empty()) {
    if (auto taken = archive_.take_back(found); !taken) return taken;
    outcome_.unconfirmed += found.size();
    listener_.found();
  }
  if (confirmed.empty()) return {};
  const auto cleaned = archive_.clean(confirmed);
  if (!cleaned) return Failure(cleaned.error());
  outcome_.removed += cleaned->rows;
  outcome_.bytes += cleaned->bytes;
  return {};
}

}  // namespace tillrig::sync
