#include "sim/oracle/balance.hpp"
#include "sim/oracle/difference.hpp"
#include "sim/oracle/invariant.hpp"
#include "sim/oracle/json_scan.hpp"
#include "sim/oracle/purse_ledger.hpp"
#include "sim/oracle/sent_document.hpp"

#include <fmt/format.h>

#include <map>
#include <set>
#include <string>

namespace tillrig::oracle::inv_12_gift_cards_are_right {
namespace {

constexpr std::string_view kLedger = "gift";
constexpr base::Duration kJustNow = std::chrono::seconds(5);

std::optional<std::int64_t> read_balance(std::string_view body) {
  std::optional<std::int64_t> balance;
  JsonScan scan(body);
  scan.object([&](std::string_view key) {
    if (key == "balance") {
      balance = scan.number();
    } else {
      scan.skip();
    }
  });
  return scan.finished() ? balance : std::nullopt;
}

class Checker {
 public:
  explicit Checker(const Evidence& evidence) : evidence_(evidence) {}

  void ledger() { check_purse_ledger(evidence_, kLedger, "gift card", judgement_); }

  // In no order of their coming is more spent than was there, and no card is sold twice. Reckoned
  // from what was rung up: a cloud that forgets what was spent does not hide it.
  void cards() {
    std::map<std::string, std::int64_t> left;
    std::set<std::string> sold;
    for (const Due& due : evidence_.account->dues()) {
      if (due.id.empty() || !due.sure) continue;
      for (const PurseMove& move : due.bill.moves) {
        if (move.ledger != kLedger) continue;
        ++judgement_.judged;
        if (move.amount > 0 && !sold.insert(move.key).second) {
          add(due.id, "The gift card {} is sold once more by {}.", move.key, 0, move.amount);
        }
        left[move.key] += move.amount;
        if (left[move.key] >= 0) continue;
        add(due.id, "More is spent of the gift card {} by {} than was on it.", move.key,
            left[move.key] - move.amount, -move.amount);
      }
    }
  }

  // What a till shows is what the cloud has just said to it, and that is not more than it has.
  void screens() {
    for (const CashierEntry& entry : evidence_.tapes.cashier) {
      if (entry.kind != CashierEntry::Kind::other || entry.code != "purse") continue;
      if (entry.facts.text("purse").value_or("") != kLedger) continue;
      const std::string card(entry.facts.text("of").value_or(""));
      const WireEntry* asked = nullptr;
      for (const WireEntry& wire : evidence_.tapes.wire) {
        const bool its = wire.till == entry.till && wire.target == "/v1/purses/gift:" + card &&
                         wire.status == 200 && wire.from_cloud && wire.order < entry.order &&
                         entry.at - wire.sent <= kJustNow;
        if (its) asked = &wire;
      }
      const auto told = asked != nullptr ? read_balance(asked->answer) : std::nullopt;
      std::int64_t booked = -1;  // not known
      if (asked != nullptr) booked = balance_when(evidence_, card, *asked, kLedger).value_or(-1);
      ++judgement_.judged;
      const auto shown = entry.fact("balance");
      if (told && shown == told && (booked < 0 || *told <= booked)) continue;
      Violation violation;
      violation.till = entry.till;
      violation.at = entry.at;
      violation.line = entry.line;
      violation.what =
          fmt::format("{} shows other money on the gift card {} than there is.", entry.till, card);
      violation.expected = booked >= 0 ? evidence_.money(booked) : "what the cloud has just said";
      violation.seen = shown ? evidence_.money(*shown) : "nothing";
      judgement_.violations.push_back(std::move(violation));
    }
  }

  // What was paid by other tenders than cash is the same on paper and in the cloud.
  void papers() {
    for (const Document& document : evidence_.documents) {
      const Due* const due = evidence_.account->find(document.id);
      if (due == nullptr || due->refund) continue;
      const auto held = read_sent_document(evidence_.body_in_cloud(document.id));
      const std::int64_t right = due->bill.from_purse;
      const bool said = right != 0 || (held && held->from_purse != 0);
      if (!said) continue;
      ++judgement_.judged;
      Difference difference;
      for (const Receipt* paper : document.papers) {
        difference.amount(evidence_, "paid by card", right, paper->text.from_purse, "on paper");
      }
      if (held)
        difference.amount(evidence_, "paid by card", right, held->from_purse, "in the cloud");
      std::move(difference)
          .tell(evidence_, document, due,
                fmt::format("What was paid of {} by card is wrong.", evidence_.name(document.id)),
                judgement_);
    }
  }

  // A shop without gift cards has nothing to do with them.
  void none() {
    if (evidence_.tapes.shop.gift) return;
    for (const OrderEntry& order : evidence_.tapes.orders) {
      const bool gift = order.fields.text("purse").value_or("") == kLedger ||
                        order.fields.text("kind").value_or("") == "gift-card";
      if (!gift) continue;
      ++judgement_.judged;
      if (order.outcome != OrderEntry::Outcome::done) continue;
      Violation violation;
      violation.till = order.till;
      violation.at = order.at;
      violation.line = order.line;
      violation.what =
          fmt::format("{} did \"{}\" in a shop without gift cards.", order.till, order.what);
      violation.expected = "a refusal";
      violation.seen = "done";
      judgement_.violations.push_back(std::move(violation));
    }
  }

  Judgement take() { return std::move(judgement_); }

 private:
  void add(const std::string& event, std::string_view what, const std::string& card,
           std::int64_t expected, std::int64_t seen) {
    Violation violation = evidence_.witness(event);
    violation.what = fmt::format(fmt::runtime(what), card, evidence_.name(event));
    violation.expected = evidence_.money(expected);
    violation.seen = evidence_.money(seen);
    judgement_.violations.push_back(std::move(violation));
  }

  const Evidence& evidence_;
  Judgement judgement_;
};

Judgement check(const Evidence& evidence) {
  Checker checker(evidence);
  checker.ledger();
  checker.cards();
  checker.screens();
  checker.papers();
  checker.none();
  return checker.take();
}

const words::Row<Invariant> kRow{Invariant{
    {.name = "INV-12",
     .doc =
         "On a gift card is what it was sold with, less what was spent of it, each once; no card "
         "is sold twice, no more is spent than was on it, and a till shows only what the cloud "
         "has just said.",
     .params = {},
     .example = "waive = { INV-12 = \"why it cannot hold here\" }"},
    "when quiet",
    "safety",
    check}};

}  // namespace
}  // namespace tillrig::oracle::inv_12_gift_cards_are_right
