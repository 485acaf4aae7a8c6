#include "pos/sync/up_lane.hpp"

#include "pos/base/assert.hpp"

#include <algorithm>
#include <span>

namespace tillrig::sync {
namespace {

using base::Mutant;

const Mutant kClearAllOnAck{"clear_all_on_ack", "INV-01", "odoo/odoo#211216, odoo/odoo#204786",
                            "any good answer clears the whole queue, sent or not"};
const Mutant kDirtyClearedEarly{"dirty_cleared_early", "INV-26", "odoo/odoo#261096",
                                "a sale counts as uploaded when it is sent, not when it is proved"};
const Mutant kClearOnCaptivePortal{"clear_on_captive_portal", "INV-01", "OUT-01",
                                   "a login page's 200 counts as the cloud's acknowledgement"};
const Mutant kDeadLetterCountsTransport{"dead_letter_counts_transport", "INV-23",
                                        "POS-Awesome: five tries, 75 s",
                                        "five transport failures send a sale to the dead letters"};
const Mutant kPoisonBlocksQueue{"poison_blocks_queue", "INV-24",
                                "frappe/erpnext#13388, odoo/odoo#197080",
                                "a rejected sale stays at the head of the queue"};

const Mutant kOtherHashBelieved{"other_hash_believed", "INV-26", "a fault planted by a reviewer",
                                "an acknowledgement with the hash of something else is believed"};
const Mutant kUnnamedIsTaken{"unnamed_is_taken", "INV-26", "a fault planted by a reviewer",
                             "what the cloud's answer says nothing of counts as uploaded"};
const Mutant kConflictIsTaken{"conflict_is_taken", "INV-24", "a fault planted by a reviewer",
                              "a sale that the cloud has other content for counts as uploaded"};
const Mutant kBatchPutAside{"batch_put_aside", "INV-23", "a fault planted by a reviewer",
                            "a batch that is turned away goes to quarantine whole"};
const Mutant kRetryAfterIgnored{"retry_after_ignored", "INV-46", "a fault planted by a reviewer",
                                "a till that is asked to wait with its uploads does not"};
const Mutant kBackoffNeverReset{"backoff_never_reset", "INV-47", "a fault planted by a reviewer",
                                "pauses after failures get longer and longer, whatever succeeds"};
const Mutant kNoPauses{"retry_without_backoff", "INV-28",
                       "TigerBeetle, June 2025: overload that stays",
                       "an upload that failed is sent again at once, as often as it fails"};
const Mutant kSlowToResume{"slow_to_resume", "INV-23", "a fault planted by a reviewer",
                           "after an outage a till waits up to a minute before it sends"};

const Mutant kTurnedAwayAgain{"turned_away_again", "INV-24", "a fault planted by a reviewer",
                              "a batch that is turned away is sent again as it was"};
const Mutant kWaitTakenBack{
    "later_failure_ends_wait", "INV-46", "a fault planted by a reviewer",
    "a failure without a word takes back what another upload was asked to wait"};
const Mutant kNowTakenBack{"send_now_taken_back", "INV-47", "seen over many seeds",
                           "Trigger sync up is over when the upload that was under way fails"};
const Mutant kNowIsLater{"send_now_waits", "INV-47", "a fault planted by a reviewer",
                         "Trigger sync up does not shorten the pause after a failure"};
const Mutant kWaitForgotten{"asked_wait_forgotten_at_drop", "INV-46",
                            "a fault planted by a reviewer",
                            "after an outage a till forgets that it was asked to wait"};
const Mutant kTriggerWaitsNot{"trigger_ignores_asked_wait", "INV-46",
                              "a fault planted by a reviewer",
                              "Trigger sync up sends although the cloud asked to wait"};

const Mutant kRefusedIsDropped{
    "old_payload_dropped", "INV-24", "engram#340: old payloads refused by new checks",
    "what the cloud refuses is struck from the queue, and nobody is told"};

const base::Mutant kNoOwnMoment{"no_own_moment", "INV-46", "a fault planted by a reviewer",
                                "tills whose lines are back at one moment all send at once"};

constexpr Duration kDeferredWait = std::chrono::seconds(2);
constexpr int kDeadLetterTries = 5;
// An absurd value must not park the lane for ever.
constexpr std::chrono::milliseconds kLongestWait = std::chrono::hours(1);

}  // namespace

UpLane::UpLane(store::Outbox& store, ports::Entropy& entropy, base::Mutants mutants)
    : store_(store), mutants_(std::move(mutants)), backoff_(entropy) {}

// What the queue has that is not under way and does not wait for something.
std::vector<wire::UpItem> UpLane::ready(Instant now) {
  std::vector<base::EventId> except(in_flight_.begin(), in_flight_.end());
  for (auto at = deferred_until_.begin(); at != deferred_until_.end();) {
    if (at->second <= now) {
      at = deferred_until_.erase(at);
    } else {
      except.push_back(at->first);
      ++at;
    }
  }
  return store_.peek(wire::kBatchItems, wire::kBatchBytes, except);
}

std::optional<Outgoing> UpLane::next(Instant now) {
  if (now < free_at() || batches_in_flight_ >= window_) return std::nullopt;
  Outgoing out;
  const bool from_split = !splits_.empty();
  if (from_split) {
    out.items = std::move(splits_.front());
    splits_.pop_front();
  } else {
    out.items = ready(now);
  }
  if (out.items.empty()) return std::nullopt;
  // What does not fit any more goes with the next batch.
  const std::size_t fit =
      wire::append_items(out.list, out.items, wire::kBatchBytes - wire::kBatchHeadBytes);
  const auto rest = out.items.begin() + static_cast<std::ptrdiff_t>(fit);
  if (from_split && rest != out.items.end()) splits_.emplace_front(rest, out.items.end());
  out.items.erase(rest, out.items.end());
  out.batch = ++batches_;
  out.failures = failures_;
  out.epoch = out.items.front().event.id.epoch;
  ++batches_in_flight_;
  for (const wire::UpItem& item : out.items) {
    const bool is_new = in_flight_.insert(item.event.id).second;
    TILLRIG_ASSERT(is_new || from_split, "an item is in one batch at a time");
    TILLRIG_ASSERT(item.event.id.epoch == out.epoch, "a batch is of one epoch");
  }
  check();
  if (kDirtyClearedEarly.on(mutants_)) {
    if (!settle_all(out, store::SyncState::acked)) return std::nullopt;
  }
  return out;
}

void UpLane::check() const {
  TILLRIG_ASSERT(batches_in_flight_ <= wire::kWindow, "at most a window of batches is in flight");
  TILLRIG_ASSERT(in_flight_.size() >= batches_in_flight_, "each batch in flight has an item there");
}

Instant UpLane::resume_at(Instant now) const {
  if (batches_in_flight_ >= window_) return Instant::never();  // an outcome makes room
  if (now < free_at()) return free_at();
  Instant first = Instant::never();
  for (const auto& [id, until] : deferred_until_) first = std::min(first, until);
  return first;
}

base::Result<void> UpLane::finish(const Outgoing& sent, const Outcome& outcome, Instant now) {
  release(sent);
  if (outcome.answer) {
    recovered();
    return answered(sent, *outcome.answer, now);
  }
  if (outcome.cause == Cause::portal && outcome.status == 200 &&
      kClearOnCaptivePortal.on(mutants_)) {
    return settle_all(sent, store::SyncState::acked);
  }
  const bool again_whole = kTurnedAwayAgain.on(mutants_) && outcome.status == 400;
  if ((outcome.status == 400 || outcome.status == 413) && outcome.cause == Cause::none &&
      !again_whole) {
    recovered();
    if (kBatchPutAside.on(mutants_)) return settle_all(sent, store::SyncState::quarantined);
    if (sent.items.size() > 1) {
      split(sent);
      return {};
    }
    return settle({{sent.items.front().event.id, store::SyncState::quarantined,
                    outcome.status == 413 ? "too_large" : "unreadable"}});
  }
  if (kRetryAfterIgnored.on(mutants_)) {
    Outcome deaf = outcome;
    deaf.retry_after = {};
    return transport_failed(sent, deaf, now);
  }
  return transport_failed(sent, outcome, now);
}

base::Result<void> UpLane::answered(const Outgoing& sent, const wire::UpAnswer& answer,
                                    Instant now) {
  window_ = std::clamp<std::size_t>(answer.window, 1, wire::kWindow);
  if (answer.retry_after_ms > 0) {
    const auto wait = std::min<std::uint64_t>(answer.retry_after_ms, kLongestWait.count());
    asked_until_ = std::max(asked_until_, now + std::chrono::milliseconds(wait));
  }
  std::map<std::string_view, const wire::UpResult*> by_id;
  for (const wire::UpResult& result : answer.results) by_id.emplace(result.id, &result);

  std::vector<store::Settled> settled;
  for (const wire::UpItem& item : sent.items) {
    const std::string id = item.event.id.text();
    const auto at = by_id.find(id);
    if (at == by_id.end()) {  // said nothing about it: it stays, but is not asked about at once
      if (kUnnamedIsTaken.on(mutants_)) {
        settled.push_back({item.event.id, store::SyncState::acked, ""});
        continue;
      }
      deferred_until_[item.event.id] = now + kDeferredWait;
      continue;
    }
    const wire::ItemStatus status = at->second->status;
    if (status == wire::ItemStatus::rejected && kPoisonBlocksQueue.on(mutants_)) {
      splits_.push_front(sent.items);
      window_ = 1;
      not_before_ = now + backoff_.failed({});
      return {};
    }
    if (auto fate = judge(item, *at->second)) {
      settled.push_back(std::move(*fate));
    } else {
      deferred_until_[item.event.id] = now + kDeferredWait;
    }
  }
  if (kClearAllOnAck.on(mutants_)) {
    for (const wire::UpItem& item : store_.peek(SIZE_MAX, SIZE_MAX, {})) {
      settled.push_back({item.event.id, store::SyncState::acked, ""});
    }
  }
  return settle(settled);
}

std::optional<store::Settled> UpLane::judge(const wire::UpItem& item,
                                            const wire::UpResult& result) {
  using store::SyncState;
  if (result.status == wire::ItemStatus::conflict && kConflictIsTaken.on(mutants_)) {
    return store::Settled{item.event.id, SyncState::acked, ""};
  }
  switch (result.status) {
    case wire::ItemStatus::applied:
    case wire::ItemStatus::duplicate:
      if (result.hash != item.hash.hex()) {
        if (kOtherHashBelieved.on(mutants_)) {
          return store::Settled{item.event.id, SyncState::acked, ""};
        }
        return store::Settled{item.event.id, SyncState::quarantined, "other_hash"};
      }
      return store::Settled{item.event.id, SyncState::acked, ""};
    case wire::ItemStatus::conflict:
    case wire::ItemStatus::rejected:
      if (kRefusedIsDropped.on(mutants_)) {
        return store::Settled{item.event.id, SyncState::acked, ""};
      }
      return store::Settled{item.event.id, SyncState::quarantined, result.code};
    case wire::ItemStatus::deferred:
      break;
  }
  // Waits for what came before it; with it in quarantine, if that is where it ended.
  const auto first = base::parse_event_id(item.event.aggregate);
  if (first && store_.sync_state(*first) == store::SyncState::quarantined) {
    return store::Settled{item.event.id, SyncState::quarantined, result.code};
  }
  return std::nullopt;
}

void UpLane::split(const Outgoing& sent) {
  const auto middle = sent.items.begin() + static_cast<std::ptrdiff_t>(sent.items.size() / 2);
  splits_.emplace_back(sent.items.begin(), middle);
  splits_.emplace_back(middle, sent.items.end());
  for (const wire::UpItem& item : sent.items) in_flight_.insert(item.event.id);
}

base::Result<void> UpLane::transport_failed(const Outgoing& sent, const Outcome& outcome,
                                            Instant now) {
  const Instant kept = kWaitTakenBack.on(mutants_) ? Instant{} : asked_until_;
  asked_until_ = std::max(kept, now + outcome.retry_after);
  // A window that fails together is one failure, not four: whatever was sent before the first of
  // them was known says nothing new of the line.
  if (sent.failures == failures_) {
    ++failures_;
    const Duration pause = backoff_.failed(outcome.retry_after);
    not_before_ = kNoPauses.on(mutants_) ? now : now + pause;
  }
  if (!kDeadLetterCountsTransport.on(mutants_)) return {};
  std::vector<store::Settled> dead;
  for (const wire::UpItem& item : sent.items) {
    if (++transport_tries_[item.event.id] >= kDeadLetterTries) {
      dead.push_back({item.event.id, store::SyncState::quarantined, "dead_letter"});
    }
  }
  return settle(dead);
}

// Only in mutants: one fate for all that was sent.
base::Result<void> UpLane::settle_all(const Outgoing& sent, store::SyncState state) {
  std::vector<store::Settled> all;
  for (const wire::UpItem& item : sent.items) all.push_back({item.event.id, state, ""});
  return settle(all);
}

base::Result<void> UpLane::settle(const std::vector<store::Settled>& settled) {
  constexpr std::size_t kAtOnce = store::kSettledAtOnce;
  const std::span<const store::Settled> all(settled);
  for (std::size_t i = 0; i < all.size(); i += kAtOnce) {
    auto kept = store_.settle(all.subspan(i, std::min(kAtOnce, all.size() - i)));
    if (!kept) return kept;
  }
  return {};
}

void UpLane::release(const Outgoing& sent) {
  TILLRIG_ASSERT(batches_in_flight_ > 0, "an outcome is of a batch that was sent");
  --batches_in_flight_;
  for (const wire::UpItem& item : sent.items) {
    const std::size_t gone = in_flight_.erase(item.event.id);
    TILLRIG_ASSERT(gone == 1, "what was sent was in flight");
  }
  check();
}

void UpLane::restart() {
  batches_ = 0;
}

void UpLane::recovered() {
  if (!kBackoffNeverReset.on(mutants_)) backoff_.succeeded();
}

void UpLane::now(Instant now) {
  if (kNowIsLater.on(mutants_) && not_before_ > now) return;
  not_before_ = std::min(not_before_, now);
  // What is under way was sent before that was said: that it fails makes nobody wait.
  if (!kNowTakenBack.on(mutants_)) ++failures_;
  if (kTriggerWaitsNot.on(mutants_)) asked_until_ = {};
  deferred_until_.clear();
}

void UpLane::line_is_back(Instant now, Duration wait) {
  if (kWaitForgotten.on(mutants_)) asked_until_ = {};
  recovered();
  if (kNoOwnMoment.on(mutants_)) wait = {};
  not_before_ = now + (kSlowToResume.on(mutants_) ? Backoff::kCap : wait);
}

}  // namespace tillrig::sync
