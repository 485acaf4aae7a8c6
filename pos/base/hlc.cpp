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

void HybridClock::resume(HlcStamp last) {
  last_ = std::max(last_, last);
}

}  // namespace tillrig::base
