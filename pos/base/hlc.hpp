#pragma once

#include "pos/base/time.hpp"

#include <compare>
#include <cstdint>

namespace tillrig::base {

// Hybrid logical clock stamp: milliseconds of the wall clock, and a counter for what happened
// within one or while the wall clock stood or went back.
struct HlcStamp {
  std::int64_t ms = 0;
  std::uint32_t count = 0;

  auto operator<=>(const HlcStamp&) const = default;
};

// Stamps that never go back, whatever the wall clock does.
class HybridClock {
 public:
  HlcStamp tick(WallTime wall);
  void resume(HlcStamp last);  // the newest stamp found in the store at start
  [[nodiscard]] HlcStamp last() const { return last_; }

 private:
  HlcStamp last_;
};

}  // namespace tillrig::base
