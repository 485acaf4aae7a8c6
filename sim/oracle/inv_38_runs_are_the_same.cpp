#include "sim/oracle/evidence.hpp"
#include "sim/oracle/invariant.hpp"

#include <fmt/format.h>

namespace tillrig::oracle::inv_38_runs_are_the_same {
namespace {

Judgement check(const Evidence& evidence) {
  Judgement judgement;
  const Tapes& tapes = evidence.tapes;
  if (!tapes.digests_known) return judgement;
  judgement.judged = 1;
  if (tapes.digest_first == tapes.digest_second) return judgement;
  Violation violation;
  violation.what =
      fmt::format("Two runs of {} with seed {} were not the same.", tapes.scenario, tapes.seed);
  violation.expected = fmt::format("digest {:016x} twice", tapes.digest_first);
  violation.seen = fmt::format("digest {:016x} the second time", tapes.digest_second);
  judgement.violations.push_back(std::move(violation));
  return judgement;
}

const words::Row<Invariant> kRow{
    Invariant{{.name = "INV-38",
               .doc = "The same scenario with the same seed gives the same run, to the last byte "
                      "of its timeline.",
               .params = {},
               .example = "waive = { INV-38 = \"why it cannot hold here\" }"},
              "at the end",
              "determinism",
              check}};

}  // namespace
}  // namespace tillrig::oracle::inv_38_runs_are_the_same
