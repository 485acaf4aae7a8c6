#include "pos/sync/patience.hpp"

#include "pos/base/assert.hpp"

#include <algorithm>

namespace tillrig::sync {
namespace {

constexpr std::size_t kKibibyte = 1024;
constexpr std::size_t kTelling = 8 * kKibibyte;  // a smaller body says nothing of the line's rate
constexpr int kMostDoublings = 10;
constexpr Duration kLeastSpread = std::chrono::milliseconds(250);

}  // namespace

Duration Patience::now(std::size_t bytes, Line line) const {
  Duration wait = smoothed_ + 4 * std::max(spread_, kLeastSpread);
  if (line == Line::to_make) wait += smoothed_;
  if (smoothed_ < least_) wait = std::min(wait, 2 * least_);
  wait = std::max(wait, least_);
  wait += 2 * per_kibibyte_ * static_cast<std::int64_t>(bytes / kKibibyte);
  for (int i = 0; i < doublings_ && wait < most_; ++i) wait *= 2;
  return std::min(wait, most_);
}

void Patience::answered(Duration took, std::size_t bytes) {
  TILLRIG_ASSERT(took >= Duration{}, "an answer comes after its question");
  doublings_ = 0;
  if (bytes >= kTelling) {
    const Duration each = took / static_cast<std::int64_t>(bytes / kKibibyte);
    per_kibibyte_ = std::max(each, per_kibibyte_ * 7 / 8);
    took -= std::min(took, per_kibibyte_ * static_cast<std::int64_t>(bytes / kKibibyte));
  }
  if (smoothed_ == Duration{}) {
    smoothed_ = took;
    spread_ = took / 2;
    return;
  }
  const Duration off = took > smoothed_ ? took - smoothed_ : smoothed_ - took;
  spread_ = (spread_ * 3 + off) / 4;
  smoothed_ = (smoothed_ * 7 + took) / 8;
}

void Patience::ran_out(Duration waited, std::size_t bytes) {
  if (waited < now(bytes)) return;
  doublings_ = std::min(doublings_ + 1, kMostDoublings);
}

}  // namespace tillrig::sync
