#pragma once

#include <chrono>
#include <compare>
#include <cstdint>

namespace tillrig::base {

using Duration = std::chrono::nanoseconds;
using namespace std::chrono_literals;  // NOLINT(google-build-using-namespace): 5s, 20ms

// A point on a monotonic clock. Nanoseconds since that clock's start: virtual time in a simulation,
// the machine's steady clock on a host. Only differences mean anything outside the process.
struct Instant {
  std::int64_t ns = 0;

  constexpr auto operator<=>(const Instant&) const = default;
  static constexpr Instant never() { return Instant{INT64_MAX}; }
};

constexpr Instant operator+(Instant t, Duration d) {
  if (t == Instant::never() || d.count() > INT64_MAX - t.ns) return Instant::never();
  return Instant{t.ns + d.count()};
}

constexpr Instant operator-(Instant t, Duration d) {
  return Instant{t.ns - d.count()};
}
constexpr Duration operator-(Instant a, Instant b) {
  return Duration{a.ns - b.ns};
}

// A till's idea of the date: milliseconds since 1970-01-01 UTC. May jump either way; never used to
// order or to measure.
struct WallTime {
  std::int64_t ms = 0;

  constexpr auto operator<=>(const WallTime&) const = default;
};

}  // namespace tillrig::base
