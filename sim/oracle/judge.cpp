#include "pos/base/assert.hpp"
#include "sim/oracle/evidence.hpp"
#include "sim/oracle/invariant.hpp"

#include <algorithm>
#include <utility>

namespace tillrig::oracle {

void Judgement::blame(std::string_view till, Instant at, int line, std::string what,
                      std::string expected, std::string seen) {
  Violation violation;
  violation.till = till;
  violation.at = at;
  violation.line = line;
  violation.what = std::move(what);
  violation.expected = std::move(expected);
  violation.seen = std::move(seen);
  violations.push_back(std::move(violation));
}

void Judgement::take(Judgement other) {
  judged += other.judged;
  for (Violation& each : other.violations) violations.push_back(std::move(each));
}

std::vector<Verdict> judge(const Tapes& tapes, const std::vector<std::string>& waived) {
  const Evidence evidence(tapes);
  std::vector<Verdict> verdicts;
  for (const Invariant* row : words::Table<Invariant>::all()) {
    if (std::find(waived.begin(), waived.end(), row->name) != waived.end()) continue;
    TILLRIG_ASSERT(row->check != nullptr, "an invariant has a check");
    Judgement judgement = row->check(evidence);
    TILLRIG_ASSERT(judgement.violations.empty() || judgement.judged > 0,
                   "what does not hold was judged");
    for (Violation& violation : judgement.violations) {
      TILLRIG_ASSERT(!violation.what.empty() && !violation.expected.empty(),
                     "a violation says what does not hold and what was to");
      TILLRIG_ASSERT(violation.line >= 0, "lines are counted from 1");
      violation.invariant = row->name;
    }
    verdicts.push_back({row->name, judgement.judged, std::move(judgement.violations)});
  }
  return verdicts;
}

}  // namespace tillrig::oracle
