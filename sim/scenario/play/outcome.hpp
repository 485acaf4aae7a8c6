#pragma once

#include "pos/base/names.hpp"
#include "pos/base/time.hpp"
#include "sim/oracle/tapes.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tillrig::scenario {

using base::name;

// One thing that did not go as it must.
struct Failure {
  enum class Kind {
    safety,        // an invariant that always holds was broken
    liveness,      // something that must happen in the end did not
    determinism,   // the same run came out different
    not_fired,     // a fault was armed and never did anything
    inconclusive,  // not known, and no evidence settles it
    expectation,   // an expect line of the scenario
    rig_late,      // of the three before, but on a machine that had no time for the rig
    rig,           // our own fault
  };
  Kind kind = Kind::expectation;
  std::string phase;  // its sentence
  int line = 0;       // of the scenario file
  std::string what;   // one sentence
  std::string expected;
  std::string seen;
  std::string invariant;  // "INV-01", if one is broken
  std::string sale;
  std::string till;
  base::Instant at{0};
  std::vector<std::string> faults;  // that were active then
};
constexpr auto names_of(Failure::Kind) {
  using Kind = Failure::Kind;
  return base::named<Kind>({{Kind::safety, "safety"},
                            {Kind::liveness, "liveness"},
                            {Kind::determinism, "determinism"},
                            {Kind::not_fired, "not fired"},
                            {Kind::inconclusive, "inconclusive"},
                            {Kind::expectation, "expectation"},
                            {Kind::rig_late, "rig late"},
                            {Kind::rig, "rig"}});
}

struct Judged {
  std::string invariant;
  std::uint64_t judged = 0;
  std::uint64_t violations = 0;
};

// An invariant that this run was let off, and how often it would have failed.
struct Waived {
  std::string invariant;
  std::string reason;
  std::uint64_t violations = 0;
};

// What came of one run.
struct Outcome {
  std::vector<Failure> failures;
  std::vector<Judged> verdicts;
  std::vector<Waived> waived;
  std::uint64_t digest = 0;
  base::Instant ended{0};
  std::uint64_t sales = 0;             // completed, refunds not counted
  std::uint64_t events = 0;            // on the timeline
  std::uint64_t port_calls = 0;        // of the complete that kill-at-call named
  bool finished = false;               // the player came to its end
  std::vector<oracle::ActEntry> acts;  // faults, heals, kills: what was done to the world

  [[nodiscard]] bool held() const { return finished && failures.empty(); }
};

}  // namespace tillrig::scenario
