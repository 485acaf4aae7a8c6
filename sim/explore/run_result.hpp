#pragma once

#include "pos/base/time.hpp"

#include <cstdint>
#include <string>
#include <type_traits>
#include <vector>

namespace tillrig::explore {

using base::Duration;
using base::Instant;

// Which of a scenario's runs: one combination of case, matrix and seed.
struct RunName {
  std::string file;      // as the user named it: "scenarios/outage/drop-mid-sale.toml"
  std::string scenario;  // "outage/drop-mid-sale"
  std::string variant;   // "call = 17, disk = torn"; empty when there is only one
  std::uint64_t seed = 1;
};

// What did not hold, with its evidence. Empty texts and zeroes are unknown and not printed.
struct Failing {
  std::string kind;       // "safety", "liveness", "expectation", "not fired", "rig", ...
  std::string invariant;  // "INV-06"; empty for an expectation
  std::string phase;
  std::string file;  // of the scenario
  int line = 0;
  int column = 0;
  std::string what;  // a sentence
  std::string expected;
  std::string seen;
  std::string sale;
  std::string till;
  Instant at = Instant::never();  // virtual time; never(): not at a moment

  bool operator==(const Failing&) const = default;
  static void describe(auto& self, auto& fields) {
    fields("kind", self.kind)("invariant", self.invariant)("phase", self.phase)("file", self.file)(
        "line", self.line)("column", self.column)("what", self.what)("expected", self.expected)(
        "seen", self.seen)("sale", self.sale)("till", self.till)("at", self.at);
  }
};

// When a fault was there. `until` is never() for one that was not healed.
struct FaultSpan {
  std::string fault;
  std::string till;  // empty: everybody
  Instant from;
  Instant until = Instant::never();

  static void describe(auto& self, auto& fields) {
    fields("fault", self.fault)("till", self.till)("from", self.from)("until", self.until);
  }
};

struct Judged {
  std::string invariant;
  std::uint64_t judged = 0;

  bool operator==(const Judged&) const = default;
  static void describe(auto& self, auto& fields) {
    fields("invariant", self.invariant)("judged", self.judged);
  }
};

// An invariant that the scenario waives, and how often it would have failed.
struct Waived {
  std::string invariant;
  std::string reason;
  std::uint64_t violations = 0;

  bool operator==(const Waived&) const = default;
  static void describe(auto& self, auto& fields) {
    fields("invariant", self.invariant)("reason", self.reason)("violations", self.violations);
  }
};

// What came of one playing of one run. Held exactly when there is no failure.
struct RunResult {
  std::vector<Failing> failures;
  std::vector<Judged> judged;
  std::vector<Waived> waived;
  std::vector<FaultSpan> faults;
  std::string digest;  // 16 hex digits
  Duration virtual_time{0};
  std::uint64_t sales = 0;
  std::uint64_t events = 0;
  std::uint64_t port_calls = 0;  // boundaries of the checkout, where the scenario counts them
  std::string timeline;          // path of the .tlog; empty when none was asked for
  std::string locale;            // of the process that played it; empty: its own was not to be had
  bool broke = false;            // the rig itself broke: a worker process died

  // How it travels from one process to another, with the virtual time in nanoseconds.
  static void describe(auto& self, auto& fields) {
    std::int64_t virtual_ns = self.virtual_time.count();
    fields("failures", self.failures)("judged", self.judged)("waived", self.waived)(
        "faults", self.faults)("digest", self.digest)("virtual_ns", virtual_ns)(
        "sales", self.sales)("events", self.events)("port_calls", self.port_calls)(
        "timeline", self.timeline)("locale", self.locale)("broke", self.broke);
    if constexpr (!std::is_const_v<std::remove_reference_t<decltype(self)>>) {
      self.virtual_time = Duration{virtual_ns};
    }
  }
};

}  // namespace tillrig::explore
