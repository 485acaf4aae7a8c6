#pragma once

#include "bench/queue_gather.hpp"
#include "bench/queue_rig.hpp"

#include <condition_variable>
#include <functional>
#include <mutex>

namespace tillrig::bench {

// Many threads, one writer: whoever finds nobody writing becomes the leader and writes for all who
// wait. `write(n)` makes n records durable.
class LeaderFollower {
 public:
  LeaderFollower(bool gather, std::function<void(std::size_t)> write)
      : gather_(gather), write_(std::move(write)) {}

  // Returns when this producer's record is durable.
  void enqueue() {
    std::unique_lock lock(mutex_);
    const std::uint64_t mine = ++arrived_;
    if (gathering_) more_.notify_one();
    while (durable_ < mine) {
      if (leading_) {
        done_.wait(lock);
      } else {
        lead(lock);
      }
    }
  }
  [[nodiscard]] std::uint64_t writes() const { return writes_; }
  [[nodiscard]] std::uint64_t records() const { return durable_; }

 private:
  void lead(std::unique_lock<std::mutex>& lock) {
    leading_ = true;
    if (gather_) gather(lock);
    const std::uint64_t batch = arrived_ - durable_;
    lock.unlock();
    const base::Instant start = clock_.now();
    write_(batch);
    const base::Instant end = clock_.now();
    lock.lock();
    durable_ += batch;
    ++writes_;
    window_.done(end - start, batch, arrived_ - durable_);
    leading_ = false;
    done_.notify_all();
  }

  void gather(std::unique_lock<std::mutex>& lock) {
    const base::Instant since = clock_.now();
    gathering_ = true;
    for (base::Instant now = since; !window_.ready(arrived_ - durable_, since, now);
         now = clock_.now()) {
      const base::Duration left = window_.deadline(since) - now;
      if (left > std::chrono::microseconds(20)) {
        more_.wait_for(lock, left);
      } else {
        lock.unlock();
        std::this_thread::yield();
        lock.lock();
      }
    }
    gathering_ = false;
  }

  const bool gather_;
  std::function<void(std::size_t)> write_;
  BenchClock clock_;
  std::mutex mutex_;
  std::condition_variable done_;
  std::condition_variable more_;
  GatherWindow window_;
  std::uint64_t arrived_ = 0;
  std::uint64_t durable_ = 0;
  std::uint64_t writes_ = 0;
  bool leading_ = false;
  bool gathering_ = false;
};

}  // namespace tillrig::bench
