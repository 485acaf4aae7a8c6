#pragma once

#include "sim/kernel/kernel.hpp"

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace tillrig::kernel {

// What is due now, first in first out: a ring that grows.
class Ready {
 public:
  struct Item {
    Task task;
    Lane lane = 0;
    Cause cause = 0;
    std::uint64_t sequence = 0;
  };

  [[nodiscard]] bool empty() const { return size_ == 0; }
  [[nodiscard]] const Item& front() const { return ring_[head_]; }

  void push(std::uint64_t sequence, Lane lane, Cause cause, Task&& task) {
    if (size_ == ring_.size()) grow();
    Item& item = ring_[(head_ + size_) & (ring_.size() - 1)];
    item.task = std::move(task);
    item.lane = lane;
    item.cause = cause;
    item.sequence = sequence;
    ++size_;
  }

  Item pop() {
    Item item = std::move(ring_[head_]);
    head_ = (head_ + 1) & (ring_.size() - 1);
    --size_;
    return item;
  }

  // Takes out all of a lane (0: of every lane), handing each to take(sequence, task).
  template <class Take>
  void remove_lane(Lane lane, Take take) {
    for (std::size_t left = size_; left > 0; --left) {
      Item item = pop();
      if (lane == 0 || item.lane == lane) {
        take(item.sequence, std::move(item.task));
      } else {
        push(item.sequence, item.lane, item.cause, std::move(item.task));
      }
    }
  }

 private:
  void grow() {
    std::vector<Item> larger(ring_.size() * 2);
    for (std::size_t i = 0; i < size_; ++i) {
      larger[i] = std::move(ring_[(head_ + i) & (ring_.size() - 1)]);
    }
    ring_ = std::move(larger);
    head_ = 0;
  }

  std::vector<Item> ring_ = std::vector<Item>(64);  // a power of two
  std::size_t head_ = 0;
  std::size_t size_ = 0;
};

}  // namespace tillrig::kernel
