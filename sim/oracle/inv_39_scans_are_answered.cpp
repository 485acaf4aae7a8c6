#include "sim/oracle/difference.hpp"
#include "sim/oracle/evidence.hpp"
#include "sim/oracle/invariant.hpp"

namespace tillrig::oracle::inv_39_scans_are_answered {
namespace {

Judgement check(const Evidence& evidence) {
  using Kind = Oddity::Kind;
  Judgement judgement;
  judgement.judged = evidence.account->scans();
  tell_oddities(evidence,
                {Kind::scan_lost, Kind::line_unasked, Kind::wrong_item, Kind::refused_wrongly},
                judgement);
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
