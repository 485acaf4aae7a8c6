#include "sim/oracle/evidence.hpp"
#include "sim/oracle/invariant.hpp"
#include "sim/oracle/settled.hpp"

#include <fmt/format.h>

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace tillrig::oracle::inv_35_unresolved_is_left_alone {
namespace {

using namespace std::chrono_literals;  // NOLINT(google-build-using-namespace)

constexpr base::Duration kKnown = 1s;  // what a till has just told is known to all by then

// What tills have said of their payments, along the run.
class Checker {
 public:
  explicit Checker(const Evidence& evidence) : evidence_(evidence) {
    for (const CashierEntry& entry : evidence.tapes.cashier) {
      if (entry.code != "card") continue;
      const std::string order(entry.facts.text("order").value_or(""));
      const bool settled = is_settled(entry.facts.text("state").value_or(""));
      auto& open = open_[order];
      if (settled && !open.empty() && open.back().second == Instant::never()) {
        open.back().second = entry.at;
      } else if (!settled && (open.empty() || open.back().second != Instant::never())) {
        open.emplace_back(entry.at, Instant::never());
      }
    }
  }

  // The cart itself, at its till: by what the till has shown, and by what the card is charged.
  void carts() {
    std::map<std::string, std::string> orders;  // by attempt
    for (const CardTry& each : evidence_.account->cards()) orders[each.attempt] = each.order_id;
    for (const CardTouch& touch : evidence_.account->touches()) {
      ++judgement_.judged;
      int charges = 0;
      for (const SettlementEntry& row : evidence_.tapes.settlement) {
        if (row.order > touch.order->ended) break;
        if (row.kind == "capture" || orders[row.attempt] != touch.order_id) continue;
        charges += row.kind == "charge" ? 1 : -1;
      }
      if (is_settled(touch.state) && charges == 0) continue;
      judgement_.blame(
          touch.order->till, touch.order->at, touch.order->line,
          fmt::format("{} carried out {} for the order {}, whose card payment is not "
                      "resolved.",
                      touch.order->till, touch.order->what, touch.order_id),
          "a refusal: payment_unresolved",
          fmt::format("done: the payment is {}, {} charges stand", touch.state, charges));
    }
  }

  // At the till, and at any other one.
  void refunds() {
    for (const OrderEntry& order : evidence_.tapes.orders) {
      if (order.what != "refund") continue;
      const std::string of(order.fields.text("sale").value_or(""));
      if (!unresolved(of, order.at)) continue;
      ++judgement_.judged;
      if (order.outcome != OrderEntry::Outcome::done) continue;
      judgement_.blame(order.till, order.at, order.line,
                       fmt::format("{} gives back the order {}, whose card payment is not "
                                   "resolved.",
                                   order.till, of),
                       "a refusal: payment_unresolved", "done");
    }
  }

  // The cloud does not tell anybody what could be given back of it.
  void cloud() {
    constexpr std::string_view kReceipts = "/v1/receipts/";
    for (const WireEntry& wire : evidence_.tapes.wire) {
      if (!wire.target.starts_with(kReceipts) || wire.cloud_status != 200) continue;
      const std::string of = wire.target.substr(kReceipts.size());
      if (!unresolved(of, wire.reached_cloud)) continue;
      ++judgement_.judged;
      judgement_.blame(wire.till, wire.sent, 0,
                       fmt::format("The cloud lets the order {} be given back, whose card payment "
                                   "is not resolved.",
                                   of),
                       "409 and payment_unresolved", fmt::format("{}", wire.cloud_status));
    }
  }

  Judgement take() {
    judgement_.judged += open_.size();
    return std::move(judgement_);
  }

 private:
  [[nodiscard]] bool unresolved(const std::string& order, Instant at) const {
    const auto known = open_.find(order);
    if (known == open_.end()) return false;
    for (const auto& [from, to] : known->second) {
      if (at >= from + kKnown && at < to) return true;
    }
    return false;
  }

  const Evidence& evidence_;
  std::map<std::string, std::vector<std::pair<Instant, Instant>>> open_;  // by order: while it was
  Judgement judgement_;
};

Judgement check(const Evidence& evidence) {
  Checker checker(evidence);
  checker.carts();
  checker.refunds();
  checker.cloud();
  return checker.take();
}

const words::Row<Invariant> kRow{Invariant{
    {.name = "INV-35",
     .doc = "While nobody knows whether a card was charged for it an order is neither voided nor "
            "given back nor paid in another way, at any till, and the cloud refuses it too.",
     .params = {},
     .example = "waive = { INV-35 = \"why it cannot hold here\" }"},
    "always",
    "safety",
    check}};

}  // namespace
}  // namespace tillrig::oracle::inv_35_unresolved_is_left_alone
