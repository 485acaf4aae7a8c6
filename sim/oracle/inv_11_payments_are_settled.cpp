#include "sim/oracle/evidence.hpp"
#include "sim/oracle/invariant.hpp"
#include "sim/oracle/settled.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string>

namespace tillrig::oracle::inv_11_payments_are_settled {
namespace {

using namespace std::chrono_literals;  // NOLINT(google-build-using-namespace)

constexpr base::Duration kAnswered = 30s;  // a question to a terminal that nothing ails

// What a till says of an attempt after this moment, in time.
bool settles_after(const Evidence& evidence, const std::string& attempt, Instant from) {
  for (const CashierEntry& entry : evidence.tapes.cashier) {
    const bool its = entry.code == "card" && entry.facts.text("attempt") == attempt;
    if (!its || entry.at < from || entry.at > from + kAnswered) continue;
    if (is_settled(entry.facts.text("state").value_or(""))) return true;
  }
  return false;
}

// Whoever presses Re-sync while the terminal can be asked is told.
void asked_in_vain(const Evidence& evidence, Judgement& judgement) {
  const Life& life = evidence.life;
  std::map<std::string_view, std::string> in_hand;  // by till
  for (const CashierEntry& entry : evidence.tapes.cashier) {
    if (entry.code == "card" && entry.facts.text("state") == "created") {
      in_hand[entry.till] = entry.facts.text("attempt").value_or("");
    }
    const bool asks = entry.kind == CashierEntry::Kind::pressed &&
                      (entry.code == "card_unknown" || entry.code == "card_still_unknown");
    if (!asks) continue;
    const Instant by = entry.at + kAnswered;
    bool hindered = life.end() < by || life.next_change(entry.till, entry.at) <= by;
    for (const std::string_view fault :
         {"terminal", "acquirer.slow", "acquirer.silent", "app", "disk"}) {
      hindered = hindered || life.faulted(fault, entry.till, entry.at, by);
    }
    if (hindered) continue;
    ++judgement.judged;
    if (settles_after(evidence, in_hand[entry.till], entry.at)) continue;
    judgement.blame(
        entry.till, entry.at, entry.line,
        fmt::format("Re-sync at {} finds nothing, and the terminal could be asked.", entry.till),
        fmt::format("what became of {} within {} s", in_hand[entry.till], kAnswered / 1s),
        "nothing");
  }
}

// An order that was closed as unpaid stands in Register Sales, and is called so.
void listed(const Evidence& evidence, Judgement& judgement) {
  constexpr base::Duration kJustNow = 2s;
  std::map<std::string, const CashierEntry*> last;  // by attempt
  auto next = evidence.tapes.cashier.begin();
  for (const RegisterLook& look : evidence.tapes.registers) {
    for (; next != evidence.tapes.cashier.end() && next->at <= look.at; ++next) {
      if (next->code == "card")
        last[std::string(next->facts.text("attempt").value_or(""))] = &*next;
    }
    for (const auto& [attempt, entry] : last) {
      const bool parked = entry->till == look.till && entry->facts.text("state") == "parked";
      if (!parked || look.at - entry->at < kJustNow) continue;
      ++judgement.judged;
      const auto row =
          std::find_if(look.unpaid.begin(), look.unpaid.end(),
                       [&](const UnpaidEntry& each) { return each.attempt == attempt; });
      const bool called = row != look.unpaid.end() && row->label == "unpaid" &&
                          row->state == "payment_unresolved" && row->amount == entry->amount;
      if (called) continue;
      judgement.blame(look.till, look.at, entry->line,
                      fmt::format("Register Sales of {} does not list the unpaid order of {}.",
                                  look.till, attempt),
                      fmt::format("{}, unpaid, payment_unresolved", evidence.money(entry->amount)),
                      row == look.unpaid.end() ? "nothing" : row->label + ", " + row->state);
    }
  }
}

Judgement check(const Evidence& evidence) {
  Judgement judgement;
  const Life& life = evidence.life;
  if (!evidence.tapes.settlement_known) return judgement;
  asked_in_vain(evidence, judgement);
  listed(evidence, judgement);
  if (!life.whole()) return judgement;
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
      ++judgement.judged;
      judgement.blame(till, look->at, 0,
                      fmt::format("The order {} stands as unpaid at {} still.", row.order, till),
                      "paid, or void, when all is healed", row.state);
    }
  }
  return judgement;
}

const words::Row<Invariant> kRow{Invariant{
    {.name = "INV-11",
     .doc = "Whoever presses Re-sync while the terminal can be asked is told; an order that is "
            "closed as unpaid stands so in Register Sales; and when all is "
            "healed and the tills were asked, no card payment is unresolved at a till that runs.",
     .params = {},
     .example = "waive = { INV-11 = \"why it cannot hold here\" }"},
    "at the end",
    "liveness",
    check}};

}  // namespace
}  // namespace tillrig::oracle::inv_11_payments_are_settled
