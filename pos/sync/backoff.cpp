#include "pos/sync/backoff.hpp"

#include <algorithm>

namespace tillrig::sync {

base::Duration Backoff::failed(base::Duration retry_after) {
  constexpr int kDoublingsToCap = 6;
  const base::Duration ceiling =
      std::min(kCap, kBase * (1 << std::min(failures_, kDoublingsToCap)));
  ++failures_;
  const auto draw = entropy_.below("sync.backoff", static_cast<std::uint64_t>(ceiling.count()));
  return retry_after + base::Duration{static_cast<std::int64_t>(draw)};
}

}  // namespace tillrig::sync
