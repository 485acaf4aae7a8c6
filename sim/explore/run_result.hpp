#pragma once

#include "pos/base/time.hpp"

#include <cstdint>
#include <string>
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
};

// When a fault was there. `until` is never() for one that was not healed.
struct FaultSpan {
  std::string fault;
  std::string till;  // empty: everybody
  Instant from;
  Instant until = Instant::never();
};

struct Judged {
  std::string invariant;
  std::uint64_t judged = 0;

  bool operator==(const Judged&) const = default;
};

// What came of one playing of one run. Held exactly when there is no failure.
struct RunResult {
  std::vector<Failing> failures;
  std::vector<Judged> judged;
  std::vector<FaultSpan> faults;
  std::string digest;  // 16 hex digits
  Duration virtual_time{0};
  std::uint64_t sales = 0;
  std::uint64_t events = 0;
  std::uint64_t port_calls = 0;  // boundaries of the checkout, where the scenario counts them
  std::string timeline;          // path of the .tlog; empty when none was asked for
  std::string locale;            // of the process that played it; empty: its own was not to be had
  bool broke = false;            // the rig itself broke: a worker process died
};

}  // namespace tillrig::explore
