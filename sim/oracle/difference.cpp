#include "sim/oracle/difference.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace tillrig::oracle {

void Difference::note(std::string expected, std::string seen) {
  if (!seen_.empty()) return;
  expected_ = std::move(expected);
  seen_ = std::move(seen);
}

void Difference::amount(const Evidence& evidence, std::string_view what, std::int64_t right,
                        std::int64_t seen, std::string_view where) {
  if (seen == right) return;
  note(fmt::format("{} {}", what, evidence.money(right)),
       fmt::format("{} {}", evidence.money(seen), where));
}

void Difference::text(std::string_view what, std::string_view right, std::string_view seen,
                      std::string_view where) {
  if (seen == right) return;
  note(fmt::format("{} {}", what, right),
       fmt::format("{} {}", seen.empty() ? std::string_view("none") : seen, where));
}

void Difference::tell(const Evidence& evidence, const Document& document, const Due* due,
                      std::string what, Judgement& judgement) && {
  if (seen_.empty()) return;
  Violation violation = evidence.witness(document.id);
  if (violation.line == 0 && due != nullptr && due->order != nullptr) {
    violation.line = due->order->line;
  }
  violation.what = std::move(what);
  violation.expected = std::move(expected_);
  violation.seen = std::move(seen_);
  judgement.violations.push_back(std::move(violation));
}

void tell_oddities(const Evidence& evidence, std::initializer_list<Oddity::Kind> kinds,
                   Judgement& judgement) {
  for (const Oddity& odd : evidence.account->oddities()) {
    if (std::find(kinds.begin(), kinds.end(), odd.kind) == kinds.end()) continue;
    ++judgement.judged;
    Violation violation;
    violation.till = odd.till;
    violation.at = odd.at;
    violation.line = odd.line;
    violation.what = odd.what;
    violation.expected = odd.expected;
    violation.seen = odd.seen;
    judgement.violations.push_back(std::move(violation));
  }
}

}  // namespace tillrig::oracle
