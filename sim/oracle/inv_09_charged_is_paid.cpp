#include "sim/oracle/evidence.hpp"
#include "sim/oracle/invariant.hpp"
#include "sim/oracle/settled.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string>

namespace tillrig::oracle::inv_09_charged_is_paid {
namespace {

class Checker {
 public:
  explicit Checker(const Evidence& evidence)
      : evidence_(evidence), charges_(standing_charges(evidence.tapes)) {}

  // What the customer is charged is an order that is paid, once.
  void charges() {
    for (const auto& [attempt, charge] : charges_) {
      if (evidence_.life.ended(charge.row->till)) continue;  // who could still take it up?
      ++judgement_.judged;
      std::size_t paid = 0;
      std::int64_t amount = 0;
      for (const Due& due : evidence_.account->dues()) {
        if (due.attempt != attempt || due.id.empty() || !in_the_books(due)) continue;
        ++paid;
        amount = due.bill.from_purse;
      }
      if (paid == 1 && amount == charge.amount) continue;
      judgement_.blame(
          charge.row->till, charge.row->at, charge.row->line,
          fmt::format("The card is charged for {} and no order is paid by it, once.",
                      attempt.empty() ? "nobody knows what" : attempt),
          fmt::format("one order over {}, or the money sent back", evidence_.money(charge.amount)),
          paid == 0 ? "none" : fmt::format("{} over {}", paid, evidence_.money(amount)));
    }
  }

  // An order that is paid by card is charged.
  void orders() {
    for (const Due& due : evidence_.account->dues()) {
      if (due.attempt.empty() || due.id.empty()) continue;
      ++judgement_.judged;
      const auto at = charges_.find(due.attempt);
      if (at != charges_.end() && at->second.amount == due.bill.from_purse) continue;
      if (given_back(due)) continue;
      Violation violation = evidence_.witness(due.id);
      violation.what = fmt::format("{} is paid by card, and the acquirer has no charge for it.",
                                   evidence_.name(due.id));
      violation.expected =
          fmt::format("{} charged for {}", evidence_.money(due.bill.from_purse), due.attempt);
      violation.seen =
          at == charges_.end() ? "nothing that stands" : evidence_.money(at->second.amount);
      judgement_.violations.push_back(std::move(violation));
    }
  }

  // What a till has called off is not charged any more.
  void called_off() {
    for (const CashierEntry& entry : evidence_.tapes.cashier) {
      if (entry.code != "card") continue;
      const auto state = entry.facts.text("state").value_or("");
      if (state != "cancelled" && state != "declined" && state != "fenced") continue;
      const auto attempt = entry.facts.text("attempt").value_or("");
      ++judgement_.judged;
      for (const SettlementEntry& row : evidence_.tapes.settlement) {
        if (row.kind != "charge" || row.attempt != attempt || row.order < entry.order) continue;
        judgement_.blame(
            row.till, row.at, row.line,
            fmt::format("{} was {} at {}, and is charged after that.", attempt, state, row.till),
            "no charge", evidence_.money(row.amount));
      }
    }
  }

  Judgement take() { return std::move(judgement_); }

 private:
  // In the cloud's, or refused there where a person sees it.
  [[nodiscard]] bool in_the_books(const Due& due) const {
    if (evidence_.last_look() == nullptr || !evidence_.life.quiet()) return true;
    return evidence_.in_cloud(due.id) != nullptr || evidence_.quarantine_deserved(due.id);
  }

  [[nodiscard]] bool given_back(const Due& sale) const {
    const auto& dues = evidence_.account->dues();
    return std::any_of(dues.begin(), dues.end(),
                       [&](const Due& due) { return due.refund && due.of == sale.id; });
  }

  const Evidence& evidence_;
  std::map<std::string, StandingCharge> charges_;
  Judgement judgement_;
};

Judgement check(const Evidence& evidence) {
  if (!evidence.life.whole() || !evidence.tapes.settlement_known) return {};
  Checker checker(evidence);
  checker.charges();
  checker.orders();
  checker.called_off();
  return checker.take();
}

const words::Row<Invariant> kRow{Invariant{
    {.name = "INV-09",
     .doc = "When all is healed the settlement file and the orders that are paid by card are one "
            "to one, by attempt and amount: what was charged is paid or sent back, and what was "
            "called off is not charged after that.",
     .params = {},
     .example = "waive = { INV-09 = \"why it cannot hold here\" }"},
    "at the end",
    "safety",
    check}};

}  // namespace
}  // namespace tillrig::oracle::inv_09_charged_is_paid
