#include "sim/oracle/evidence.hpp"
#include "sim/oracle/invariant.hpp"

#include <algorithm>

namespace tillrig::oracle {

std::vector<Verdict> judge(const Tapes& tapes, const std::vector<std::string>& waived) {
  const Evidence evidence(tapes);
  std::vector<Verdict> verdicts;
  for (const Invariant* row : words::Table<Invariant>::all()) {
    if (std::find(waived.begin(), waived.end(), row->name) != waived.end()) continue;
    Judgement judgement = row->check(evidence);
    for (Violation& violation : judgement.violations) violation.invariant = row->name;
    verdicts.push_back({row->name, judgement.judged, std::move(judgement.violations)});
  }
  return verdicts;
}

}  // namespace tillrig::oracle
