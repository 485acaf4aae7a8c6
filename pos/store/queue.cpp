#include "pos/store/queue.hpp"

#include "pos/base/assert.hpp"

#include <algorithm>
#include <utility>

namespace tillrig::store {

using base::Code;
using base::fail;

Counters Queue::counters_with(std::span<const Draft> drafts) const {
  Counters counters = cursor_.counters();
  for (const Draft& draft : drafts) {
    ++counters.pending;
    counters.pending_value += draft.entry.head.total;
  }
  return counters;
}

void Queue::add(std::span<const Draft> drafts) {
  for (const Draft& draft : drafts) cursor_.add(draft.entry.head.key, draft.entry.head.total);
  if (!oldest_) refresh_oldest();
}

void Queue::refresh_oldest() {
  const auto first = cursor_.first_pending({});
  // A hole that neither copy can fill is pending for ever and in no count.
  TILLRIG_ASSERT(first.has_value() || counters().pending == 0, "what is counted is in the cursor");
  if (first == oldest_ && first) return;
  oldest_ = first;
  cursor_.set_oldest(first ? journal_.wall_of(*first) : base::WallTime{});
}

// Takes consecutive events from `key` on; returns how many were settled upon, unreadable ones
// included. 0: no room for the next one.
std::size_t Queue::take_run(Key key, std::size_t items, std::size_t bytes,
                            std::vector<wire::UpItem>& out, std::size_t& taken) {
  std::vector<Entry> entries = journal_.read_run(key, items, bytes - std::min(bytes, taken));
  if (entries.empty()) {
    if (auto other = journal_.read(key)) entries.push_back(std::move(*other));
  }
  std::size_t done = 0;
  for (const Entry& entry : entries) {
    if (!out.empty() && taken + entry.body.size() > bytes) return done;
    ++done;
    auto event = wire::decode(entry.body);
    // Whole, by its hash, and of a form that a later version wrote: it waits for that one.
    if (!event) continue;
    taken += entry.body.size();
    out.push_back({std::move(*event), entry.head.hash});
  }
  if (done > 0) return done;
  journal_.lose_both(fmt::format("{} can be read from neither copy",
                                 base::EventId{till_, key.epoch, key.seq}.text()));
  return 1;
}

std::vector<wire::UpItem> Queue::peek(std::size_t items, std::size_t bytes,
                                      const std::vector<base::EventId>& except) {
  std::vector<Key> busy;
  for (const base::EventId& id : except) busy.push_back(key_of(id));
  std::sort(busy.begin(), busy.end());
  const auto is_busy = [&](Key key) { return std::binary_search(busy.begin(), busy.end(), key); };

  std::vector<wire::UpItem> out;
  std::size_t taken = 0;
  Key from;
  while (out.size() < items) {
    const auto next = cursor_.first_pending(from);
    if (!next || (!out.empty() && next->epoch != out.front().event.id.epoch)) break;
    from = {next->epoch, next->seq + 1};
    if (is_busy(*next)) continue;
    std::size_t run = 1;
    while (run < items - out.size()) {
      const Key following{next->epoch, next->seq + run};
      if (!cursor_.pending(following) || is_busy(following)) break;
      ++run;
    }
    const std::size_t done = take_run(*next, run, bytes, out, taken);
    if (done == 0) break;
    from.seq = next->seq + done;
  }
  return out;
}

Result<void> Queue::settle(std::span<const Settled> settled) {
  if (settled.size() > kSettledAtOnce) {
    return fail(Code::bad_input, "{} items settled at once, at most {}", settled.size(),
                kSettledAtOnce);
  }
  std::vector<QueueCursor::Fate> fates;
  for (const Settled& item : settled) {
    if (item.id.till != till_ || item.state == SyncState::queued) continue;
    const Key key = key_of(item.id);
    fates.push_back({key, item.state, item.why, journal_.total_of(key)});
  }
  const QueueCursor::Changes changes = cursor_.settle(fates);
  if (changes.empty()) return {};
  refresh_oldest();
  journal_.settle(cursor_, changes);
  for (const Key key : changes.done) note_settled(key, SyncState::acked);
  for (const auto& [key, why] : changes.quarantined) note_settled(key, SyncState::quarantined);
  return {};
}

void Queue::note_settled(Key key, SyncState state) {
  const std::string sale = base::EventId{till_, key.epoch, key.seq}.text();
  recorder_.note({"outbox.settled", sale}, {{"state", name(state)}});
}

Result<void> Queue::take_back(std::span<const Found> found) {
  std::vector<QueueCursor::Fate> fates;
  for (const Found& each : found) {
    if (each.id.till != till_) continue;
    const Key key = key_of(each.id);
    const bool missing = each.what == Finding::missing;
    const auto state = missing ? SyncState::queued : SyncState::quarantined;
    fates.push_back({key, state, missing ? "" : kHeldOtherwise, journal_.total_of(key)});
  }
  const QueueCursor::Changes changes = cursor_.take_back(fates);
  if (changes.empty()) return {};
  refresh_oldest();
  if (auto kept = journal_.take_back(cursor_, changes); !kept) return kept;
  for (const Key key : changes.again) {
    const std::string sale = base::EventId{till_, key.epoch, key.seq}.text();
    recorder_.note({"outbox.owed_again", sale});
  }
  for (const auto& [key, why] : changes.quarantined) note_settled(key, SyncState::quarantined);
  return {};
}

std::uint64_t Queue::made_up_to(Key key) const {
  std::uint64_t made = 0;
  for (const auto& [number, epoch] : cursor_.epochs()) {
    if (number < key.epoch) made += epoch.high;
    if (number == key.epoch) made += std::min(epoch.high, key.seq);
  }
  return made;
}

}  // namespace tillrig::store
