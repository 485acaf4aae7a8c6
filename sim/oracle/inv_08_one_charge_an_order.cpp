#include "sim/oracle/evidence.hpp"
#include "sim/oracle/invariant.hpp"

#include <fmt/format.h>

#include <map>
#include <set>
#include <string>
#include <utility>

namespace tillrig::oracle::inv_08_one_charge_an_order {
namespace {

// What stands of an order at a moment.
struct Standing {
  int charges = 0;
  bool told = false;
};

Judgement check(const Evidence& evidence) {
  Judgement judgement;
  std::map<std::string, std::string> orders;  // by attempt
  for (const CardTry& each : evidence.account->cards()) orders[each.attempt] = each.order_id;
  std::map<std::string, Standing> standing;  // by order
  for (const SettlementEntry& row : evidence.tapes.settlement) {
    if (row.kind == "capture") continue;
    const auto known = orders.find(row.attempt);
    const std::string order = known == orders.end() ? row.attempt : known->second;
    if (order.empty()) continue;  // nobody knows whose
    Standing& stands = standing[order];
    ++judgement.judged;
    stands.charges += row.kind == "charge" ? 1 : -1;
    if (stands.charges <= 1 || std::exchange(stands.told, true)) continue;
    judgement.blame(row.till, row.at, row.line,
                    fmt::format("The card is charged twice for the order {}.", order),
                    "one charge that is not sent back, at any moment",
                    fmt::format("{} of them, the last for {} over {}", stands.charges, row.attempt,
                                evidence.money(row.amount)));
  }
  return judgement;
}

const words::Row<Invariant> kRow{Invariant{
    {.name = "INV-08",
     .doc = "An order has at most one charge that is not sent back, at any moment, by the "
            "acquirer's settlement file.",
     .params = {},
     .example = "waive = { INV-08 = \"why it cannot hold here\" }"},
    "always",
    "safety",
    check}};

}  // namespace
}  // namespace tillrig::oracle::inv_08_one_charge_an_order
