#pragma once

#include "pos/base/time.hpp"

#include <cstddef>

namespace tillrig::bench {

// When a leader who writes for several producers should begin (reference: performance 3.2). Without
// it about half of the producers miss every sync: they arrive while it runs. So the leader waits
// for them, for 5 % of what a sync takes of late, and no longer than until as many wait as were on
// their way last time. One producer alone never waits. No I/O, no clock.
class GatherWindow {
 public:
  // Whether to write now: `waiting` records are there, the first of them seen at `since`.
  [[nodiscard]] bool ready(std::size_t waiting, base::Instant since, base::Instant now) const;
  // When to write at the latest.
  [[nodiscard]] base::Instant deadline(base::Instant since) const { return since + window(); }
  [[nodiscard]] base::Duration window() const { return average_ / kShare; }

  // A write of `batch` records took `took`; `arrived` more came meanwhile.
  void done(base::Duration took, std::size_t batch, std::size_t arrived);

 private:
  static constexpr std::int64_t kShare = 20;   // a twentieth
  static constexpr std::int64_t kMemory = 16;  // writes that the moving average looks back on

  base::Duration average_{};
  std::size_t in_flight_ = 0;
};

inline bool GatherWindow::ready(std::size_t waiting, base::Instant since, base::Instant now) const {
  if (waiting == 0) return false;
  return waiting >= in_flight_ || now >= deadline(since);
}

inline void GatherWindow::done(base::Duration took, std::size_t batch, std::size_t arrived) {
  in_flight_ = batch + arrived;
  if (average_ == base::Duration{}) {
    average_ = took;
  } else {
    average_ += (took - average_) / kMemory;
  }
}

}  // namespace tillrig::bench
