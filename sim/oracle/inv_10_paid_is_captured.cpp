#include "sim/oracle/evidence.hpp"
#include "sim/oracle/invariant.hpp"
#include "sim/oracle/settled.hpp"

#include <fmt/format.h>

#include <map>
#include <string>

namespace tillrig::oracle::inv_10_paid_is_captured {
namespace {

// The charge that an order is paid by: one of just its amount, booked when the till says that it is
// paid, unless its terminal could not reach the acquirer.
const SettlementEntry* charge_of(const Evidence& evidence, const Due& due) {
  const SettlementEntry* last = nullptr;
  for (const SettlementEntry& row : evidence.tapes.settlement) {
    const bool stored = evidence.life.faulted("terminal.host_down", due.till, Instant{0}, row.at);
    if (row.order > due.finished && due.finished != 0 && !stored) break;
    if (row.attempt != due.attempt || row.amount != due.bill.from_purse) continue;
    if (row.kind == "charge" && row.currency == evidence.tapes.currency) last = &row;
    if (row.kind == "reversal") last = nullptr;
  }
  return last;
}

Judgement check(const Evidence& evidence) {
  Judgement judgement;
  if (!evidence.tapes.settlement_known) return judgement;
  const auto standing = standing_charges(evidence.tapes);
  for (const Due& due : evidence.account->dues()) {
    if (due.attempt.empty() || due.id.empty()) continue;
    ++judgement.judged;
    const bool charged = charge_of(evidence, due) != nullptr;
    const auto at = standing.find(due.attempt);
    const bool captured = at == standing.end() || at->second.captured;  // INV-09 judges the rest
    if (charged && captured) continue;
    Violation violation = evidence.witness(due.id);
    violation.what = fmt::format("{} was closed as paid by card, and its money is not there.",
                                 evidence.name(due.id));
    violation.expected = fmt::format("an approval of {} for {}, captured",
                                     evidence.money(due.bill.from_purse), due.attempt);
    violation.seen = charged ? "an approval that was never captured" : "none by then";
    judgement.violations.push_back(std::move(violation));
  }
  return judgement;
}

const words::Row<Invariant> kRow{Invariant{
    {.name = "INV-10",
     .doc = "No order is paid by card without an approval of just its amount, by the acquirer's "
            "settlement file, which is captured in the end.",
     .params = {},
     .example = "waive = { INV-10 = \"why it cannot hold here\" }"},
    "when quiet",
    "safety",
    check}};

}  // namespace
}  // namespace tillrig::oracle::inv_10_paid_is_captured
