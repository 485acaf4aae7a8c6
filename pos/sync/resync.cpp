#include "pos/sync/resync.hpp"

#include "pos/base/assert.hpp"

#include <set>
#include <utility>

namespace tillrig::sync {

using base::Code;
using base::fail;
using base::Failure;

namespace {

const base::Mutant kByLocalFlag{"resync_by_local_flag", "INV-29", "domain SM-35",
                                "a forced resync believes the acknowledgements of yesterday: what "
                                "the cloud has lost since stays lost"};
const base::Mutant kSendsAll{"resync_sends_all", "INV-29", "domain SM-34",
                             "a forced resync sends everything again, held by the cloud or not"};
const base::Mutant kDifferentIsTaken{
    "different_is_taken", "INV-29", "domain SM-35",
    "what the cloud holds with other content counts as uploaded after a forced resync"};

const base::Mutant kNewestEpochOnly{"progress_of_one_epoch", "INV-29",
                                    "a fault planted by a reviewer",
                                    "the progress of a forced resync counts one epoch only"};

constexpr Duration kPatience = std::chrono::seconds(30);
constexpr int kTries = 3;
constexpr Duration kPause = std::chrono::seconds(2);  // before the next one

}  // namespace

base::Awaitable<base::Result<Resync::Progress>> Resync::run() {
  if (progress_.stage == Stage::running) {
    co_return fail(Code::not_allowed, "a full resync is under way: {} of {} events are compared",
                   progress_.done, progress_.all);
  }
  if (auto may = listener_.may_ask(); !may) co_return Failure(may.error());
  progress_ = Progress();
  progress_.stage = Stage::running;
  progress_.all = archive_.made();
  server_epoch_.clear();
  auto walking = walk();
  auto walked = co_await std::move(walking);
  progress_.stage = walked ? Stage::done : Stage::interrupted;
  const std::string why = walked ? std::string() : walked.error().what;
  ports_.recorder.note({.mark = "resync.ended"},
                       {{"missing", static_cast<std::int64_t>(progress_.missing)},
                        {"different", static_cast<std::int64_t>(progress_.different)},
                        {"why", std::string_view(why)}});
  if (!walked) {
    co_return fail(walked.error().code,
                   "the full resync stopped after {} of {} events ({}): begin it again",
                   progress_.done, progress_.all, why);
  }
  co_return progress_;
}

Resync::Progress Resync::progress() const {
  Progress now = progress_;
  if (now.stage == Stage::running && gate_.is_shut()) now.stage = Stage::paused;
  return now;
}

base::Awaitable<base::Result<void>> Resync::walk() {
  base::EventId last;
  for (;;) {
    co_await gate_.pass();
    if (stopped_) co_return fail(Code::cancelled, "the till is closed");
    auto page = read_page(last);
    if (!page) co_return Failure(page.error());
    if (page->read == 0) co_return base::Result<void>();
    last = page->last;
    co_await ports::settle(ports_);  // of reading it
    if (stopped_) co_return fail(Code::cancelled, "the till is closed");
    if (!page->asked.items.empty()) {
      auto asking = ask(*page);
      auto answer = co_await std::move(asking);
      if (!answer) co_return Failure(answer.error());
      if (auto kept = keep(*page, *answer); !kept) co_return kept;
      co_await ports::settle(ports_);
      if (stopped_) co_return fail(Code::cancelled, "the till is closed");
    }
    progress_.done = kNewestEpochOnly.on(mutants_) ? last.seq : archive_.made_up_to(last);
  }
}

// Events that are pending or in quarantine are not asked about: the cloud need not hold them.
base::Result<Resync::Page> Resync::read_page(const base::EventId& after) const {
  const auto filed = archive_.filed(after, wire::kManifestItems);
  if (!filed) return Failure(filed.error());
  Page page;
  page.read = filed->size();
  if (page.read == 0) return page;
  page.last = filed->back().id;
  for (const store::Filed& each : *filed) {
    if (each.state != store::SyncState::acked || kByLocalFlag.on(mutants_)) continue;
    page.asked.items.push_back({each.id.text(), each.hash.hex()});
  }
  return page;
}

base::Awaitable<base::Result<wire::ManifestAnswer>> Resync::ask(const Page& page) {
  base::Result<wire::ManifestAnswer> answer =
      fail(Code::needs_connection, "the cloud was not asked");
  for (int tried = 0; tried < kTries; ++tried) {
    if (tried > 0) {
      const Instant soon = ports_.clock.now() + kPause;
      co_await ports_.timer.sleep_until(soon);
    }
    wire::Manifest manifest = page.asked;
    const Instant deadline = ports_.clock.now() + kPatience;
    auto asking = desk_.manifest(std::move(manifest), deadline);
    answer = co_await std::move(asking);
    if (stopped_) co_return fail(Code::cancelled, "the till is closed");
    if (answer) break;
    if (auto may = listener_.may_ask(); !may) break;
  }
  if (!answer) co_return answer;
  ports_.recorder.note({.mark = "resync.page"},
                       {{"asked", static_cast<std::int64_t>(page.asked.items.size())},
                        {"missing", static_cast<std::int64_t>(answer->missing.size())},
                        {"different", static_cast<std::int64_t>(answer->different.size())}});
  if (server_epoch_.empty()) server_epoch_ = answer->server_epoch;
  if (server_epoch_ != answer->server_epoch) {
    co_return fail(Code::needs_connection, "the cloud is another one since");
  }
  co_return answer;
}

base::Result<void> Resync::keep(const Page& page, const wire::ManifestAnswer& answer) {
  std::set<std::string_view> missing(answer.missing.begin(), answer.missing.end());
  std::set<std::string_view> different(answer.different.begin(), answer.different.end());
  if (kDifferentIsTaken.on(mutants_)) different.clear();
  std::vector<store::Found> found;
  for (const wire::ManifestItem& item : page.asked.items) {
    const bool gone = missing.erase(item.id) > 0;
    const bool other = different.erase(item.id) > 0;
    if (!gone && !other && !kSendsAll.on(mutants_)) continue;
    const auto id = base::parse_event_id(item.id);
    TILLRIG_ASSERT(id.has_value(), "what was asked about has an id of ours");
    found.push_back({*id, other ? store::Finding::different : store::Finding::missing});
  }
  if (!missing.empty() || !different.empty()) {
    return fail(Code::needs_connection, "the cloud spoke of events that it was not asked about");
  }
  if (found.empty()) return {};
  if (auto kept = archive_.take_back(found); !kept) return kept;
  for (const store::Found& each : found) {
    ++(each.what == store::Finding::missing ? progress_.missing : progress_.different);
  }
  listener_.found();
  return {};
}

}  // namespace tillrig::sync
