#include "sim/oracle/evidence.hpp"
#include "sim/oracle/invariant.hpp"
#include "sim/oracle/settled.hpp"

#include <fmt/format.h>

#include <string>

namespace tillrig::oracle::inv_11_payments_are_settled {
namespace {

Judgement check(const Evidence& evidence) {
  Judgement judgement;
  const Life& life = evidence.life;
  if (!evidence.tapes.settlement_known || !life.whole() || !life.quiet()) return judgement;
  for (const CardTry& each : evidence.account->cards()) {
    if (life.ended(each.till)) continue;
    ++judgement.judged;
    if (is_settled(each.state)) continue;
    judgement.blame(each.till, each.at, each.order != nullptr ? each.order->line : 0,
                    fmt::format("What became of the card payment {} is not settled at {}.",
                                each.attempt, each.till),
                    "paid, declined, cancelled, fenced or sent back when all is healed",
                    each.state.empty() ? "nothing" : each.state);
  }
  for (const std::string_view till : evidence.tills) {
    const RegisterLook* const look = evidence.last_register(till);
    if (look == nullptr || life.ended(till)) continue;
    for (const UnpaidEntry& row : look->unpaid) {
      judgement.blame(till, look->at, 0,
                      fmt::format("The order {} stands as unpaid at {} still.", row.order, till),
                      "paid, or void, when all is healed", row.state);
    }
  }
  return judgement;
}

const words::Row<Invariant> kRow{Invariant{
    {.name = "INV-11",
     .doc = "When all is healed and the tills were asked, no card payment is unresolved at a till "
            "that runs.",
     .params = {},
     .example = "waive = { INV-11 = \"why it cannot hold here\" }"},
    "at the end",
    "liveness",
    check}};

}  // namespace
}  // namespace tillrig::oracle::inv_11_payments_are_settled
