#pragma once

#include "sim/oracle/tapes.hpp"
#include "sim/words/word.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tillrig::oracle {

class Evidence;  // the tapes, read once and indexed: evidence.hpp

// What does not hold, and the evidence: which sale, which moment, which line of the scenario.
struct Violation {
  std::string invariant;  // "INV-01"
  std::string what;       // one sentence for a QA person
  std::string expected;
  std::string seen;
  std::string sale;  // event id, if one is meant
  std::string till;
  Instant at{0};
  int line = 0;  // of the scenario file; 0 unknown
};

// What a check found: how many things it judged (zero means that it had nothing to look at, which a
// suite must not be content with), and what does not hold.
struct Judgement {
  std::uint64_t judged = 0;
  std::vector<Violation> violations;

  // Something at a till that does not hold.
  void blame(std::string_view till, Instant at, int line, std::string what, std::string expected,
             std::string seen);
  // What another one found belongs here, too.
  void take(Judgement other);
};

// A row of the table of invariants (reference: domain 3.6). Each is one file that registers itself.
struct Invariant : words::Word {
  std::string_view when;     // "always", "when quiet", "at the end"
  std::string_view failure;  // "safety", "liveness", "determinism"
  Judgement (*check)(const Evidence&) = nullptr;
};

struct Verdict {
  std::string_view invariant;
  std::uint64_t judged = 0;
  std::vector<Violation> violations;
};

// All invariants but the waived ones, by name, over the tapes of one run.
std::vector<Verdict> judge(const Tapes& tapes, const std::vector<std::string>& waived = {});

}  // namespace tillrig::oracle
