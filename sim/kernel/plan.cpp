#include "sim/kernel/plan.hpp"

#include "pos/base/assert.hpp"

#include <algorithm>

namespace tillrig::kernel {

namespace {

std::uint32_t slot_of(std::uint64_t id) {
  return static_cast<std::uint32_t>(id & kSlotMask);
}

}  // namespace

std::uint32_t Plan::take_slot() {
  if (free_ == kNone) {
    const auto first = static_cast<std::uint32_t>(places_.size());
    TILLRIG_ASSERT(first + kChunk <= kSlotMask, "more than 16 million events planned at a time");
    chunks_.push_back(std::make_unique<Node[]>(kChunk));
    places_.resize(first + kChunk, 0);
    for (std::uint32_t i = kChunk; i-- > 0;) {
      node(first + i).next_free = free_;
      free_ = first + i;
    }
  }
  const std::uint32_t slot = free_;
  free_ = node(slot).next_free;
  return slot;
}

void Plan::release(std::uint32_t slot) {
  Node& n = node(slot);
  n.task.reset();  // may plan and cancel: the slot is not free yet
  n.next_free = free_;
  free_ = slot;
}

void Plan::put(std::size_t place, Key key) {
  at(place) = key;
  places_[slot_of(key.id)] = static_cast<std::uint32_t>(place);
}

void Plan::sift_up(std::size_t place, Key key) {
  const Rank mine = rank(key);
  while (place > kRoot) {
    const std::size_t above = parent(place);
    const Key other = at(above);
    if (rank(other) < mine) break;
    put(place, other);
    place = above;
  }
  put(place, key);
}

std::size_t Plan::least_child(std::size_t first) const {
  const std::size_t last = std::min(first + kFan, end());
  std::size_t least = first;
  Rank least_rank = rank(at(first));
  for (std::size_t i = first + 1; i < last; ++i) {
    const Rank r = rank(at(i));
    if (r < least_rank) {
      least = i;
      least_rank = r;
    }
  }
  return least;
}

void Plan::sift_down(std::size_t place, Key key) {
  const Rank mine = rank(key);
  for (;;) {
    const std::size_t first = child(place);
    if (first >= end()) break;
    const std::size_t least = least_child(first);
    if (mine < rank(at(least))) break;
    put(place, at(least));
    place = least;
  }
  put(place, key);
}

void Plan::settle(std::size_t place, Key key) {
  if (place > kRoot && rank(key) < rank(at(parent(place)))) {
    sift_up(place, key);
  } else {
    sift_down(place, key);
  }
}

void Plan::take_out(std::size_t place) {
  --size_;
  const Key last = at(end());
  if (place != end()) settle(place, last);
}

Key Plan::add(std::int64_t when, std::uint64_t sequence, Lane lane, Cause cause, Task&& task) {
  const std::uint32_t slot = take_slot();
  Node& n = node(slot);
  n.task = std::move(task);
  n.lane = lane;
  n.cause = cause;
  TILLRIG_ASSERT(sequence >> (64 - kSlotBits) == 0, "a kernel numbers at most 2^40 events");
  const Key key{when, (sequence << kSlotBits) | slot};
  if (hole_) {
    hole_ = false;
    sift_down(kRoot, key);
    return key;
  }
  if (end() / kFan >= lines_.size()) lines_.resize(lines_.size() * 2);
  ++size_;
  sift_up(end() - 1, key);
  return key;
}

std::uint32_t Plan::pop() {
  const std::uint32_t slot = slot_of(top().id);
  TILLRIG_ASSERT(places_[slot] == kRoot, "the first planned event knows that it is the first");
  hole_ = true;
  return slot;
}

void Plan::prefetch() {
  const std::size_t last = std::min(child(kRoot) + kFan, end());
  for (std::size_t i = child(kRoot); i < last; ++i) node(slot_of(at(i).id)).task.prefetch();
}

bool Plan::has(std::uint64_t id) {
  fill();
  const std::uint32_t slot = slot_of(id);
  if (id == 0 || slot >= places_.size()) return false;
  const std::size_t place = places_[slot];
  return place >= kRoot && place < end() && at(place).id == id;
}

Task Plan::remove(std::uint64_t id) {
  const std::uint32_t slot = slot_of(id);
  TILLRIG_ASSERT(has(id), "what is taken off the plan is planned");
  take_out(places_[slot]);
  Task task = std::move(node(slot).task);
  release(slot);
  return task;
}

Key Plan::move(std::uint64_t id, std::int64_t when, std::uint64_t sequence, Cause cause) {
  const std::uint32_t slot = slot_of(id);
  node(slot).cause = cause;
  const Key key{when, (sequence << kSlotBits) | slot};
  settle(places_[slot], key);
  return key;
}

void Plan::remove_lane(Lane which, std::vector<Removed>& out) {
  fill();
  const std::size_t old_end = end();
  std::size_t kept = kRoot;
  for (std::size_t i = kRoot; i < old_end; ++i) {
    const Key key = at(i);
    const std::uint32_t slot = slot_of(key.id);
    if (which != 0 && lane(slot) != which) {
      put(kept++, key);
      continue;
    }
    out.push_back(Removed{key, std::move(task(slot))});
    release(slot);
  }
  size_ = kept - kRoot;
  if (size_ < 2) return;
  for (std::size_t i = parent(end() - 1) + 1; i-- > kRoot;) sift_down(i, at(i));
}

}  // namespace tillrig::kernel
