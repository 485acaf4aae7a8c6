#include "pos/store/ledger_index.hpp"

#include "pos/base/assert.hpp"

#include <utility>

namespace tillrig::store {

const LedgerIndex::Slot* LedgerIndex::find(Key key) const {
  const auto at = epochs_.find(key.epoch);
  if (at == epochs_.end() || !at->second.covers(key.seq)) return nullptr;
  const Slot& slot = at->second.slots[key.seq - at->second.first];
  return slot.place.segment == 0 ? nullptr : &slot;
}

std::uint32_t LedgerIndex::put(Key key, const Slot& slot) {
  TILLRIG_ASSERT(slot.place.segment != 0 && slot.place.sectors != 0, "a record stands somewhere");
  if (into_ == nullptr || last_epoch_ != key.epoch) {
    last_epoch_ = key.epoch;
    into_ = &epochs_[key.epoch];
  }
  if (run_ == nullptr || last_segment_ != slot.place.segment) {
    last_segment_ = slot.place.segment;
    run_ = &runs_[last_segment_];
  }
  Epoch& into = *into_;
  if (into.slots.empty()) into.first = key.seq;
  while (key.seq < into.first) {
    into.slots.push_front({});
    --into.first;
  }
  while (!into.covers(key.seq)) into.slots.emplace_back();
  Place& place = into.slots[key.seq - into.first].place;
  const std::uint32_t before = place.segment;
  TILLRIG_ASSERT(before <= slot.place.segment, "an older segment is not written to again");
  into.slots[key.seq - into.first] = slot;
  if (before == slot.place.segment) return before;  // a run of this segment has it
  std::vector<Run>& runs = *run_;
  if (!runs.empty() && runs.back().epoch == key.epoch && runs.back().last + 1 == key.seq) {
    runs.back().last = key.seq;
  } else {
    runs.push_back({key.epoch, key.seq, key.seq});
  }
  return before;
}

std::vector<Key> LedgerIndex::in_segment(std::uint32_t segment) const {
  std::vector<Key> keys;
  const auto runs = runs_.find(segment);
  if (runs == runs_.end()) return keys;
  for (const Run& run : runs->second) {
    for (std::uint64_t seq = run.first; seq <= run.last; ++seq) {
      const Slot* slot = find({run.epoch, seq});
      if (slot != nullptr && slot->place.segment == segment) keys.push_back({run.epoch, seq});
    }
  }
  return keys;
}

void LedgerIndex::drop(std::uint32_t segment) {
  into_ = nullptr;
  run_ = nullptr;
  for (const Key key : in_segment(segment)) {
    const auto at = epochs_.find(key.epoch);
    TILLRIG_ASSERT(at != epochs_.end(), "a record of a segment belongs to an epoch");
    forget_in(at, key.seq);
  }
  runs_.erase(segment);
}

void LedgerIndex::forget(Key key) {
  if (find(key) == nullptr) return;
  into_ = nullptr;
  forget_in(epochs_.find(key.epoch), key.seq);
}

void LedgerIndex::forget_in(std::map<std::uint32_t, Epoch>::iterator at, std::uint64_t seq) {
  Epoch& epoch = at->second;
  TILLRIG_ASSERT(epoch.covers(seq), "a record is dropped once");
  epoch.slots[seq - epoch.first] = {};
  while (!epoch.slots.empty() && epoch.slots.front().place.segment == 0) {
    epoch.slots.pop_front();
    ++epoch.first;
  }
  if (epoch.slots.empty()) epochs_.erase(at);
}

std::vector<std::uint32_t> LedgerIndex::epochs() const {
  std::vector<std::uint32_t> all;
  for (const auto& [epoch, slots] : epochs_) all.push_back(epoch);
  return all;
}

LedgerIndex::Span LedgerIndex::span(std::uint32_t epoch) const {
  const auto at = epochs_.find(epoch);
  if (at == epochs_.end()) return {};
  return {at->second.first, at->second.first + at->second.slots.size() - 1};
}

std::optional<Key> LedgerIndex::first_out_of_order() const {
  std::uint32_t newest = 0;
  for (const auto& [number, epoch] : epochs_) {
    for (std::size_t i = 0; i < epoch.slots.size(); ++i) {
      const std::uint32_t segment = epoch.slots[i].place.segment;
      if (segment == 0) continue;
      if (segment < newest) return Key{number, epoch.first + i};
      newest = segment;
    }
  }
  return std::nullopt;
}

}  // namespace tillrig::store
