#include "pos/store/ledger_index.hpp"

#include "pos/base/assert.hpp"

#include <utility>

namespace tillrig::store {

const LedgerIndex::Slot* LedgerIndex::find(std::uint32_t epoch, std::uint64_t seq) const {
  const auto at = epochs_.find(epoch);
  if (at == epochs_.end()) return nullptr;
  const Epoch& found = at->second;
  if (seq < found.first || seq - found.first >= found.slots.size()) return nullptr;
  const Slot& slot = found.slots[seq - found.first];
  return slot.place.segment == 0 ? nullptr : &slot;
}

std::uint32_t LedgerIndex::put(std::uint32_t epoch, std::uint64_t seq, const Slot& slot) {
  TILLRIG_ASSERT(slot.place.segment != 0, "a record stands in a segment");
  if (into_ == nullptr || last_epoch_ != epoch) {
    last_epoch_ = epoch;
    into_ = &epochs_[epoch];
  }
  if (run_ == nullptr || last_segment_ != slot.place.segment) {
    last_segment_ = slot.place.segment;
    run_ = &runs_[last_segment_];
  }
  Epoch& into = *into_;
  if (into.slots.empty()) into.first = seq;
  while (seq < into.first) {
    into.slots.push_front({});
    --into.first;
  }
  while (seq - into.first >= into.slots.size()) into.slots.emplace_back();
  const std::uint32_t before = std::exchange(into.slots[seq - into.first], slot).place.segment;
  std::vector<Run>& runs = *run_;
  if (!runs.empty() && runs.back().epoch == epoch && runs.back().last + 1 == seq) {
    runs.back().last = seq;
  } else {
    runs.push_back({epoch, seq, seq});
  }
  return before;
}

std::vector<LedgerIndex::Key> LedgerIndex::in_segment(std::uint32_t segment) const {
  std::vector<Key> keys;
  const auto runs = runs_.find(segment);
  if (runs == runs_.end()) return keys;
  for (const Run& run : runs->second) {
    for (std::uint64_t seq = run.first; seq <= run.last; ++seq) {
      const Slot* slot = find(run.epoch, seq);
      if (slot != nullptr && slot->place.segment == segment) keys.push_back({run.epoch, seq});
    }
  }
  return keys;
}

void LedgerIndex::drop(std::uint32_t segment) {
  into_ = nullptr;
  run_ = nullptr;
  for (const Key& key : in_segment(segment)) {
    Epoch& epoch = epochs_[key.epoch];
    epoch.slots[key.seq - epoch.first] = {};
    while (!epoch.slots.empty() && epoch.slots.front().place.segment == 0) {
      epoch.slots.pop_front();
      ++epoch.first;
    }
    if (epoch.slots.empty()) epochs_.erase(key.epoch);
  }
  runs_.erase(segment);
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

}  // namespace tillrig::store
