#include "pos/base/ids.hpp"
#include "sim/oracle/amount.hpp"
#include "sim/oracle/evidence.hpp"
#include "sim/oracle/invariant.hpp"
#include "sim/oracle/json_scan.hpp"

#include <fmt/format.h>

#include <map>
#include <string>
#include <utility>

namespace tillrig::oracle::inv_17_stock_is_right {
namespace {

using namespace std::chrono_literals;  // NOLINT(google-build-using-namespace)

constexpr base::Duration kJustNow = 10s;

using Place = std::pair<std::string, std::string>;  // event and SKU

std::optional<std::int64_t> read_quantity(std::string_view body) {
  std::optional<std::int64_t> quantity;
  JsonScan scan(body);
  scan.object([&](std::string_view key) {
    if (key == "quantity") {
      quantity = scan.number();
    } else {
      scan.skip();
    }
  });
  return scan.finished() ? quantity : std::nullopt;
}

class Checker {
 public:
  explicit Checker(const Evidence& evidence) : evidence_(evidence) {}

  // Each posting is of a document or delivery that moves just that, and each of these has one.
  void ledger() {
    std::map<Place, std::int64_t> open;
    for (const DeliveryEntry& each : evidence_.tapes.deliveries) {
      open[{each.event, each.sku}] += each.quantity;
    }
    for (const Due& due : evidence_.account->dues()) {
      if (due.id.empty() || !due.sure) continue;
      for (const BillLine& line : due.bill.lines) {
        if (is_purse_sku(line.item->sku)) continue;
        open[{due.id, line.item->sku}] -= line.quantity;
      }
    }
    for (const PostingEntry& posting : evidence_.tapes.postings) {
      if (posting.ledger != "stock") continue;
      const auto at = open.find({posting.event, posting.key});
      const auto id = base::parse_event_id(posting.event);
      // What a till did that nobody followed moves whatever it moves.
      if (at == open.end() && id && !evidence_.account->knows(id->till)) continue;
      ++judgement_.judged;
      const std::int64_t right = at == open.end() ? 0 : at->second;
      if (right != posting.amount) {
        add(posting.event, "The stock of {} is moved by another quantity than {} moves.",
            posting.key, amount_text(right, 3), amount_text(posting.amount, 3));
      }
      if (at != open.end()) open.erase(at);
    }
    if (evidence_.tapes.postings.empty()) return;  // nobody asked for them
    for (const auto& [place, quantity] : open) {
      if (quantity == 0 || evidence_.in_cloud(place.first) == nullptr) continue;
      ++judgement_.judged;
      add(place.first, "The stock of {} is not moved by {}, which the cloud has.", place.second,
          amount_text(quantity, 3), "none");
    }
  }

  // What a till shows is what the cloud has just said to it.
  void screens() {
    for (const CashierEntry& entry : evidence_.tapes.cashier) {
      if (entry.kind != CashierEntry::Kind::other || entry.code != "stock") continue;
      const std::string sku(entry.facts.text("sku").value_or(""));
      std::optional<std::int64_t> told;
      for (const WireEntry& wire : evidence_.tapes.wire) {
        const bool its = wire.till == entry.till && wire.target == "/v1/stock/" + sku &&
                         wire.status == 200 && wire.from_cloud && wire.order < entry.order &&
                         entry.at - wire.sent <= kJustNow;
        if (its) told = read_quantity(wire.answer);
      }
      ++judgement_.judged;
      const auto shown = entry.fact("quantity");
      if (told && shown == told) continue;
      Violation violation;
      violation.till = entry.till;
      violation.at = entry.at;
      violation.line = entry.line;
      violation.what =
          fmt::format("{} shows a quantity of {} that the cloud did not say.", entry.till, sku);
      violation.expected = told ? amount_text(*told, 3) : "a refusal";
      violation.seen = shown ? amount_text(*shown, 3) : "nothing";
      judgement_.violations.push_back(std::move(violation));
    }
  }

  Judgement take() { return std::move(judgement_); }

 private:
  void add(const std::string& event, std::string_view what, const std::string& sku,
           std::string expected, std::string seen) {
    Violation violation = evidence_.witness(event);
    violation.what = fmt::format(fmt::runtime(what), sku, evidence_.name(event));
    violation.expected = std::move(expected);
    violation.seen = std::move(seen);
    judgement_.violations.push_back(std::move(violation));
  }

  const Evidence& evidence_;
  Judgement judgement_;
};

Judgement check(const Evidence& evidence) {
  Checker checker(evidence);
  checker.ledger();
  checker.screens();
  return checker.take();
}

const words::Row<Invariant> kRow{Invariant{
    {.name = "INV-17",
     .doc =
         "The stock is what was delivered, less what was sold, with what came back, each once; a "
         "till shows only what the cloud has just said of it.",
     .params = {},
     .example = "waive = { INV-17 = \"why it cannot hold here\" }"},
    "when quiet",
    "safety",
    check}};

}  // namespace
}  // namespace tillrig::oracle::inv_17_stock_is_right
