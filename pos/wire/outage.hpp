#pragma once

#include "pos/base/json_fields.hpp"

#include <cstdint>

namespace tillrig::wire {

// The null receipt that closes an outage: a till made documents without its cloud, and has it
// again. Moments by the till's clock.
struct OutageClosed {
  std::int64_t since_ms = 0;    // the first of these documents was made
  std::int64_t until_ms = 0;    // the cloud could be reached again
  std::uint64_t documents = 0;  // that were made meanwhile

  bool operator==(const OutageClosed&) const = default;

  static void describe(auto& self, auto& fields) {
    fields("since_ms", self.since_ms)("until_ms", self.until_ms)("documents", self.documents);
  }
};

// One that lasted longer has to be reported to the authorities.
inline constexpr std::int64_t kOutageReportedAfterMs = 48LL * 60 * 60 * 1000;

inline bool has_to_be_reported(const OutageClosed& outage) {
  return outage.until_ms - outage.since_ms > kOutageReportedAfterMs;
}

}  // namespace tillrig::wire
