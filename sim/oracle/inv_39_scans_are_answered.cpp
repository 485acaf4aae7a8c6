#include "sim/oracle/evidence.hpp"
#include "sim/oracle/invariant.hpp"

namespace tillrig::oracle::inv_39_scans_are_answered {
namespace {

Judgement check(const Evidence& evidence) {
  Judgement judgement;
  judgement.judged = evidence.account->scans();
  for (const Oddity& odd : evidence.account->oddities()) {
    using Kind = Oddity::Kind;
    if (odd.kind == Kind::cart || odd.kind == Kind::cash) continue;
    Violation violation;
    violation.till = odd.till;
    violation.at = odd.at;
    violation.line = odd.line;
    violation.what = odd.what;
    violation.expected = odd.expected;
    violation.seen = odd.seen;
    judgement.violations.push_back(std::move(violation));
  }
  return judgement;
}

const words::Row<Invariant> kRow{Invariant{
    {.name = "INV-39",
     .doc = "Each scan adds the item of its code to the cart, once, or is refused; in their order; "
            "and nothing is added that nobody scanned or keyed in.",
     .params = {},
     .example = "waive = { INV-39 = \"why it cannot hold here\" }"},
    "always",
    "safety",
    check}};

}  // namespace
}  // namespace tillrig::oracle::inv_39_scans_are_answered
