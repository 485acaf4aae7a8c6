#include "pos/base/assert.hpp"
#include "sim/oracle/evidence.hpp"
#include "sim/oracle/invariant.hpp"

#include <algorithm>

namespace tillrig::oracle {

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
