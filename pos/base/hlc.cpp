#include "pos/base/hlc.hpp"

#include <algorithm>

namespace tillrig::base {

HlcStamp HybridClock::tick(WallTime wall) {
  if (wall.ms > last_.ms) {
    last_ = HlcStamp{wall.ms, 0};
  } else if (last_.count == UINT32_MAX) {
    last_ = HlcStamp{last_.ms + 1, 0};
  } else {
    ++last_.count;
  }
  return last_;
}

// Ahead of the wall clock, not of last_: else a peer could drag us along in small steps.
bool HybridClock::observe(HlcStamp peer, WallTime wall) {
  constexpr std::int64_t kDriftMs =
      std::chrono::duration_cast<std::chrono::milliseconds>(kMaxDrift).count();
  if (wall.ms <= INT64_MAX - kDriftMs && peer.ms > wall.ms + kDriftMs) return false;
  last_ = std::max(last_, peer);
  return true;
}

void HybridClock::resume(HlcStamp last) {
  last_ = std::max(last_, last);
}

}  // namespace tillrig::base
