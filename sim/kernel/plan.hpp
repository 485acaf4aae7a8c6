#pragma once

#include "sim/kernel/kernel.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace tillrig::kernel {

// Where a planned event stands in the order of time: 16 bytes, so that the four children of a heap
// entry share a cache line. `id` is the sequence number above the slot the task is kept in; no two
// events have the same, so it serves as the public handle as well.
struct Key {
  std::int64_t when = 0;
  std::uint64_t id = 0;
};

inline constexpr unsigned kSlotBits = 24;  // 16 M events planned at a time
inline constexpr std::uint64_t kSlotMask = (std::uint64_t{1} << kSlotBits) - 1;

__extension__ using Rank = unsigned __int128;

// One number to compare by (time, sequence); times are never negative.
inline Rank rank(Key key) {
  return (static_cast<Rank>(static_cast<std::uint64_t>(key.when)) << 64) | key.id;
}

// The planned events: an indexed 4-ary heap of keys over a slab of tasks. A task keeps its address
// from add() to release(), so it can run where it lies.
class Plan {
 public:
  [[nodiscard]] bool empty() const { return size() == 0; }
  [[nodiscard]] std::size_t size() const { return hole_ ? size_ - 1 : size_; }
  [[nodiscard]] Key top() {
    fill();
    return at(kRoot);
  }

  // `sequence` is larger than any before it.
  Key add(std::int64_t when, std::uint64_t sequence, Lane lane, Cause cause, Task&& task);

  // Takes the first event off the heap; its slot is held until release(slot). The place at the root
  // stays open for a while: most events plan one more, which can then go straight in.
  std::uint32_t pop();
  // Asks the cache for what the first few events will touch.
  void prefetch();
  [[nodiscard]] Task& task(std::uint32_t slot) { return node(slot).task; }
  [[nodiscard]] Lane lane(std::uint32_t slot) { return node(slot).lane; }
  [[nodiscard]] Cause cause(std::uint32_t slot) { return node(slot).cause; }
  // Destroys the task, if it is still there, and recycles the slot.
  void release(std::uint32_t slot);

  // Whether the handle's event is still planned.
  [[nodiscard]] bool has(std::uint64_t id);
  // Takes it off the heap; its task is handed out. has(id) must hold.
  Task remove(std::uint64_t id);
  // The same event at another place in the order. has(id) must hold.
  Key move(std::uint64_t id, std::int64_t when, std::uint64_t sequence, Cause cause);

  // Takes off all events of a lane (0: of every lane) and appends them with their keys.
  struct Removed {
    Key key;
    Task task;
  };
  void remove_lane(Lane lane, std::vector<Removed>& out);

 private:
  // Entries start at 3, so that the children of p, 4(p-2) and the three after it, share a line.
  static constexpr std::size_t kRoot = 3;
  static constexpr std::size_t kFan = 4;
  static constexpr std::uint32_t kChunk = 256;
  static constexpr std::uint32_t kNone = UINT32_MAX;

  struct alignas(64) Line {
    Key keys[kFan];
  };
  struct alignas(64) Node {
    Task task;
    Lane lane = 0;
    union {  // one cache line: a slot is either held or free
      Cause cause;
      std::uint32_t next_free = kNone;
    };
  };
  static_assert(sizeof(Node) == 64);

  [[nodiscard]] Key& at(std::size_t place) { return lines_[place / kFan].keys[place % kFan]; }
  [[nodiscard]] const Key& at(std::size_t place) const {
    return lines_[place / kFan].keys[place % kFan];
  }
  [[nodiscard]] Node& node(std::uint32_t slot) { return chunks_[slot / kChunk][slot % kChunk]; }
  [[nodiscard]] std::size_t end() const { return kRoot + size_; }
  static std::size_t parent(std::size_t place) { return place / kFan + 2; }
  static std::size_t child(std::size_t place) { return (place - 2) * kFan; }

  std::uint32_t take_slot();
  void put(std::size_t place, Key key);
  void sift_up(std::size_t place, Key key);
  void sift_down(std::size_t place, Key key);
  [[nodiscard]] std::size_t least_child(std::size_t first) const;
  void settle(std::size_t place, Key key);  // whichever way it must go
  void take_out(std::size_t place);
  void fill() {
    if (!hole_) return;
    hole_ = false;
    take_out(kRoot);
  }

  std::vector<Line> lines_ = std::vector<Line>(1);
  std::vector<std::uint32_t> places_;  // by slot: where its key stands
  std::vector<std::unique_ptr<Node[]>> chunks_;
  std::size_t size_ = 0;  // with the open place
  bool hole_ = false;
  std::uint32_t free_ = kNone;
};

}  // namespace tillrig::kernel
