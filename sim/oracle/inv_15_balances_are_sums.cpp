#include "sim/oracle/evidence.hpp"
#include "sim/oracle/invariant.hpp"
#include "sim/oracle/purse_ledger.hpp"

#include <fmt/format.h>

#include <map>
#include <optional>
#include <string>

namespace tillrig::oracle::inv_15_balances_are_sums {
namespace {

class Checker {
 public:
  explicit Checker(const Evidence& evidence) : evidence_(evidence) {}

  void ledgers() {
    check_purse_ledger(evidence_, "account", "account of", judgement_);
    check_purse_ledger(evidence_, "credit", "store credit of", judgement_);
  }

  // Nobody owes more than the office allowed by then, unless the shop has no limits.
  void limits() {
    if (evidence_.tapes.limits.empty() || evidence_.tapes.shop.account_no_limit) return;
    std::map<std::string, std::int64_t> balance;
    for (const Due& due : evidence_.account->dues()) {
      if (due.id.empty() || !due.sure) continue;
      for (const PurseMove& move : due.bill.moves) {
        if (move.ledger != "account") continue;
        balance[move.key] += move.amount;
        const auto limit = limit_of(move.key, due.order != nullptr ? due.order->at : Instant{0});
        if (!limit || move.amount > 0) continue;
        ++judgement_.judged;
        if (balance[move.key] >= -*limit) continue;
        Violation violation = evidence_.witness(due.id);
        violation.what =
            fmt::format("{} lets {} owe more than the limit.", evidence_.name(due.id), move.key);
        violation.expected = evidence_.money(*limit);
        violation.seen = evidence_.money(-balance[move.key]);
        judgement_.violations.push_back(std::move(violation));
      }
    }
  }

  Judgement take() { return std::move(judgement_); }

 private:
  [[nodiscard]] std::optional<std::int64_t> limit_of(const std::string& customer,
                                                     Instant at) const {
    std::optional<std::int64_t> limit;
    for (const LimitEntry& each : evidence_.tapes.limits) {
      if (each.customer == customer && each.at <= at) limit = each.limit;
    }
    return limit;
  }

  const Evidence& evidence_;
  Judgement judgement_;
};

Judgement check(const Evidence& evidence) {
  Checker checker(evidence);
  checker.ledgers();
  checker.limits();
  return checker.take();
}

const words::Row<Invariant> kRow{Invariant{
    {.name = "INV-15",
     .doc =
         "What a customer owes or has as store credit is the sum of what the sales put there and "
         "took away, each once, in whatever order they come; and nobody owes more than allowed.",
     .params = {},
     .example = "waive = { INV-15 = \"why it cannot hold here\" }"},
    "when quiet",
    "safety",
    check}};

}  // namespace
}  // namespace tillrig::oracle::inv_15_balances_are_sums
