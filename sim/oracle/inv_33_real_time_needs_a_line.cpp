#include "sim/oracle/evidence.hpp"
#include "sim/oracle/invariant.hpp"

#include <fmt/format.h>

#include <map>
#include <string>

namespace tillrig::oracle::inv_33_real_time_needs_a_line {
namespace {

using namespace std::chrono_literals;  // NOLINT(google-build-using-namespace)

constexpr base::Duration kBackWithin = 5s;

// What a till does only by a word of the cloud.
bool real_time(const OrderEntry& order, const Shop& shop) {
  const bool pays = order.what == "tender";
  const std::string_view ledger = pays ? ledger_of_tender(order.fields.text("kind").value_or(""))
                                       : order.fields.text("purse").value_or("");
  if (pays || order.what == "load") {
    if (ledger == "credit") return shop.credit_refused;
    return !ledger.empty() && !(pays && ledger == "account" && shop.account_no_limit);
  }
  // What a customer has may be told as of then.
  return order.what == "reward" || order.what == "stock" ||
         (order.what == "purse" && ledger == "gift");
}

class Checker {
 public:
  Checker(const Evidence& evidence, std::string_view till) : evidence_(evidence), till_(till) {}

  void run(Judgement& judgement) {
    for (const OrderEntry& order : evidence_.tapes.orders) {
      // A sale with money on it that the cloud holds waits for its word.
      const bool waits = order.what == "complete" && order.code == "needs_connection";
      if (order.till != till_) continue;
      const bool card = order.what == "tender" && order.fields.text("kind") == "card";
      if (card) ++judgement.judged;
      if (card && order.code == "needs_connection") {
        judgement.violations.push_back(found(order, "{} refused \"{}\" of a card.",
                                             "cards are taken without a connection too",
                                             "needs_connection"));
      }
      if (!waits && !real_time(order, evidence_.tapes.shop)) continue;
      ++judgement.judged;
      const Link link = link_at(order.at, order.order);
      if (order.outcome == OrderEntry::Outcome::done && !link.online) {
        judgement.violations.push_back(found(order, "{} did \"{}\" without a connection.",
                                             "a refusal: needs_connection", "it was done"));
      }
      const bool calm =
          !evidence_.life.faulted("wan", till_, order.at - kBackWithin, order.at + 5s) &&
          !evidence_.life.faulted("cloud", till_, order.at - kBackWithin, order.at + 5s);
      const bool back = link.online && order.at - link.since > kBackWithin && calm;
      if (order.code == "needs_connection" && back) {
        judgement.violations.push_back(
            found(order, "{} refused \"{}\" although the connection has long been there.",
                  "it is done 5 s after the connection is back", "needs_connection"));
      }
    }
    for (const Due& due : evidence_.account->dues()) {
      const Document* const document = evidence_.document(due.id);
      const bool mine = due.till == till_ && due.redeemed > 0 && document != nullptr;
      if (!mine || document->acked == nullptr) continue;
      ++judgement.judged;
      if (link_at(document->acked->at, document->acked->order).online) continue;
      Violation violation = evidence_.witness(due.id);
      violation.what = fmt::format("{} was completed with a reward without a connection.",
                                   evidence_.name(due.id));
      violation.expected = "the reward is taken off, or the sale is blocked";
      violation.seen = fmt::format("{} points redeemed", due.redeemed);
      judgement.violations.push_back(std::move(violation));
    }
  }

 private:
  struct Link {
    bool online = false;
    Instant since;
  };
  // As the till itself has said last.
  [[nodiscard]] Link link_at(Instant at, std::uint64_t order) const {
    Link link;
    Life::Moment last;
    for (const CashierEntry& entry : evidence_.tapes.cashier) {
      if (entry.till != till_ || entry.kind != CashierEntry::Kind::connection) continue;
      if (entry.order > order) break;
      last = {entry.at, entry.order};
      const bool online = entry.text == "online" || entry.text == "suspect";
      if (online != link.online) link.since = entry.at;
      link.online = online;
    }
    if (evidence_.life.changed(till_, last, {at, order})) link.online = false;
    return link;
  }

  Violation found(const OrderEntry& order, std::string_view what, std::string expected,
                  std::string seen) const {
    Violation violation;
    violation.till = till_;
    violation.at = order.at;
    violation.line = order.line;
    violation.what = fmt::format(fmt::runtime(what), till_, order.what);
    violation.expected = std::move(expected);
    violation.seen = std::move(seen);
    return violation;
  }

  const Evidence& evidence_;
  std::string_view till_;
};

Judgement check(const Evidence& evidence) {
  Judgement judgement;
  for (const std::string_view till : evidence.tills) Checker(evidence, till).run(judgement);
  return judgement;
}

const words::Row<Invariant> kRow{Invariant{
    {.name = "INV-33",
     .doc = "What needs a word of the cloud is refused while the till has no connection, and is "
            "done again 5 s after it is back, without a restart.",
     .params = {},
     .example = "waive = { INV-33 = \"why it cannot hold here\" }"},
    "always",
    "safety",
    check}};

}  // namespace
}  // namespace tillrig::oracle::inv_33_real_time_needs_a_line
