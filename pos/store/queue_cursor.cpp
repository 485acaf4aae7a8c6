#include "pos/store/queue_cursor.hpp"

#include "pos/base/assert.hpp"

#include <algorithm>

namespace tillrig::store {

void QueueCursor::add(Key key, Money total) {
  Epoch& epoch = epochs_[key.epoch];
  TILLRIG_ASSERT(key.epoch == epochs_.rbegin()->first, "events are made in the newest epoch");
  TILLRIG_ASSERT(key.seq == epoch.high + 1, "events of an epoch are numbered without gaps");
  epoch.high = key.seq;
  ++counters_.pending;
  counters_.pending_value += total;
}

bool QueueCursor::pending(Key key) const {
  const auto at = epochs_.find(key.epoch);
  if (at == epochs_.end()) return false;
  const Epoch& epoch = at->second;
  if (epoch.again.contains(key.seq)) return true;
  return key.seq > epoch.through && key.seq <= epoch.high && !epoch.acked.contains(key.seq) &&
         !epoch.quarantined.contains(key.seq);
}

// The last of an epoch says how far its keys and numbers have come.
bool QueueCursor::may_go(Key key) const {
  const auto at = epochs_.find(key.epoch);
  if (at == epochs_.end() || state(key) != SyncState::acked) return false;
  return key.seq <= at->second.through && key.seq < at->second.high;
}

SyncState QueueCursor::state(Key key) const {
  if (pending(key)) return SyncState::queued;
  const auto at = epochs_.find(key.epoch);
  if (at == epochs_.end() || key.seq > at->second.high) return SyncState::queued;
  return at->second.quarantined.contains(key.seq) ? SyncState::quarantined : SyncState::acked;
}

std::string_view QueueCursor::why(Key key) const {
  const auto at = epochs_.find(key.epoch);
  if (at == epochs_.end()) return {};
  const auto found = at->second.quarantined.find(key.seq);
  return found == at->second.quarantined.end() ? std::string_view() : found->second;
}

std::optional<Key> QueueCursor::first_pending(Key from) const {
  for (auto at = epochs_.lower_bound(from.epoch); at != epochs_.end(); ++at) {
    const Epoch& epoch = at->second;
    const std::uint64_t least = at->first == from.epoch ? from.seq : 0;
    const auto again = epoch.again.lower_bound(least);
    const std::uint64_t end = again == epoch.again.end() ? epoch.high + 1 : *again;
    for (std::uint64_t seq = std::max(epoch.through + 1, least); seq < end; ++seq) {
      if (!epoch.acked.contains(seq) && !epoch.quarantined.contains(seq)) {
        return Key{at->first, seq};
      }
    }
    if (again != epoch.again.end()) return Key{at->first, *again};
  }
  return std::nullopt;
}

void QueueCursor::no_longer_pending(const Fate& fate) {
  TILLRIG_ASSERT(counters_.pending > 0, "what leaves the queue was counted in it");
  --counters_.pending;
  counters_.pending_value -= fate.total;
  TILLRIG_ASSERT(counters_.pending > 0 || counters_.pending_value.minor == 0,
                 "an empty queue is worth nothing");
}

void QueueCursor::ack(Epoch& epoch, const Fate& fate, Changes& changes) {
  if (epoch.again.erase(fate.key.seq) > 0) {  // it counts as uploaded already
    no_longer_pending(fate);
    changes.done.push_back(fate.key);
    changes.released.insert(fate.key);
    if (fate.key.seq > epoch.through) changes.acked.insert(fate.key);
    return;
  }
  if (pending(fate.key)) {
    no_longer_pending(fate);
    changes.done.push_back(fate.key);
  } else if (epoch.quarantined.erase(fate.key.seq) > 0) {
    TILLRIG_ASSERT(counters_.quarantined > 0, "who leaves the quarantine was counted in it");
    --counters_.quarantined;
    changes.quarantined.erase(fate.key);
    changes.released.insert(fate.key);
    changes.done.push_back(fate.key);
  } else {
    return;
  }
  ++counters_.uploaded;
  if (fate.key.seq > epoch.through) {
    epoch.acked.insert(fate.key.seq);
    changes.acked.insert(fate.key);
  }
}

void QueueCursor::put_aside(Epoch& epoch, const Fate& fate, Changes& changes) {
  ++counters_.quarantined;
  epoch.acked.erase(fate.key.seq);
  epoch.quarantined.emplace(fate.key.seq, fate.why);
  changes.quarantined.emplace(fate.key, fate.why);
}

QueueCursor::Changes QueueCursor::take_back(const std::vector<Fate>& fates) {
  Changes changes;
  for (const Fate& fate : fates) {
    const auto at = epochs_.find(fate.key.epoch);
    const bool there = at != epochs_.end() && fate.key.seq > 0 && fate.key.seq <= at->second.high;
    if (!there || state(fate.key) != SyncState::acked) continue;
    if (fate.state == SyncState::quarantined) {
      TILLRIG_ASSERT(counters_.uploaded > 0, "what was acknowledged counts as uploaded");
      --counters_.uploaded;
      put_aside(at->second, fate, changes);
    } else {
      ++counters_.pending;
      counters_.pending_value += fate.total;
      at->second.again.insert(fate.key.seq);
      changes.again.insert(fate.key);
    }
  }
  return changes;
}

QueueCursor::Changes QueueCursor::settle(const std::vector<Fate>& fates) {
  Changes changes;
  std::set<std::uint32_t> touched;
  for (const Fate& fate : fates) {
    const auto at = epochs_.find(fate.key.epoch);
    if (at == epochs_.end()) continue;
    touched.insert(fate.key.epoch);
    if (fate.state == SyncState::acked) ack(at->second, fate, changes);
    if (fate.state == SyncState::quarantined && pending(fate.key)) {
      no_longer_pending(fate);
      if (at->second.again.erase(fate.key.seq) > 0) {
        TILLRIG_ASSERT(counters_.uploaded > 0, "what is owed again counts as uploaded");
        --counters_.uploaded;
      }
      put_aside(at->second, fate, changes);
    }
  }
  for (const std::uint32_t number : touched) {
    Epoch& epoch = epochs_[number];
    const std::uint64_t before = epoch.through;
    while (epoch.through < epoch.high) {
      const std::uint64_t next = epoch.through + 1;
      const bool acked = epoch.acked.erase(next) > 0;
      if (!acked && !epoch.quarantined.contains(next)) break;
      const Key key{number, next};
      const bool kept = epoch.again.contains(next) || epoch.quarantined.contains(next);
      if (acked && changes.acked.erase(key) == 0 && !kept) changes.passed.insert(key);
      epoch.through = next;
    }
    TILLRIG_ASSERT(epoch.acked.empty() || *epoch.acked.begin() > epoch.through,
                   "an exception stands beyond the cursor");
    if (epoch.through != before) changes.epochs.insert(number);
  }
  return changes;
}

}  // namespace tillrig::store
