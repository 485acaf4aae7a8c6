#include "sim/oracle/evidence.hpp"
#include "sim/oracle/invariant.hpp"
#include "sim/oracle/json_scan.hpp"
#include "sim/oracle/names.hpp"
#include "sim/oracle/purse_ledger.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

namespace tillrig::oracle::inv_15_balances_are_sums {
namespace {

using namespace std::chrono_literals;  // NOLINT(google-build-using-namespace)

constexpr base::Duration kHeardWithin =
    12s;                                 // a heartbeat tells of it, and the next one if one is lost
constexpr base::Duration kOneLook = 5s;  // goes from till to till

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

  // Store credit that was given beyond what there was, without asking, is flagged, and no other.
  void flags() {
    constexpr std::string_view kOver = "overdrawn";
    std::set<std::string_view> unannounced;  // another flag stood in its place
    for (const Upload& upload : evidence_.uploads) {
      for (const ItemAnswer& answer : upload.cloud) {
        if (answer.code == "epoch_not_opened") unannounced.insert(answer.id);
      }
    }
    std::map<std::string_view, std::int64_t> balance;
    std::map<std::string_view, bool> over;  // by event: whether it took more than there was
    for (const PostingEntry& each : evidence_.tapes.postings) {
      if (each.ledger != "credit") continue;
      std::int64_t& left = balance[each.key];
      left += each.amount;
      bool& beyond = over[each.event];
      beyond = beyond || (each.amount < 0 && left < 0);
    }
    if (evidence_.life.cloud_put_back(Instant{0}, Instant::never())) return;
    for (const auto& [event, beyond] : over) {
      const CloudEntry* const row = evidence_.in_cloud(event);
      if (row == nullptr || unannounced.contains(event)) continue;
      const std::string flag(row->facts.text("flag").value_or(""));
      // A refund that is flagged itself is flagged for that alone.
      if (!flag.empty() && flag != kOver && flag != "late_for_day") continue;
      ++judgement_.judged;
      if ((flag == kOver) == beyond) continue;
      Violation violation = evidence_.witness(event);
      violation.what = fmt::format("The {} is {}.", evidence_.name(event),
                                   beyond ? "not flagged, and took more credit than there was"
                                          : "flagged, and took no more credit than there was");
      violation.expected = beyond ? std::string(kOver) : "no flag for that";
      violation.seen = flag.empty() ? "no flag" : flag;
      judgement_.violations.push_back(std::move(violation));
    }
  }

  // When nothing was sent for a while, each till knows without asking what the cloud has.
  void looks() {
    std::map<std::pair<std::string, std::string>, std::int64_t> sums;
    for (const PostingEntry& each : evidence_.tapes.postings) {
      sums[{each.ledger, each.key}] += each.amount;
    }
    Instant sent{0};
    for (const Upload& upload : evidence_.uploads) {
      if (upload.wire->reached_cloud != Instant::never()) {
        sent = std::max(sent, upload.wire->reached_cloud);
      }
    }
    const auto& looks = evidence_.tapes.balance_looks;
    for (const BalanceLook& look : looks) {
      const bool last = looks.back().at - look.at < kOneLook;
      if (!last || look.at - sent < kHeardWithin) continue;
      ++judgement_.judged;
      const std::int64_t right = sums[{look.ledger, look.key}];
      if (look.balance == right) continue;
      add(look.till, look.at, 0,
          fmt::format("{} knows another {} of {} than the cloud has.", look.till, look.ledger,
                      look.key),
          right, look.balance);
    }
  }

  // What is shown without asking is what the cloud told last, with the till's own sales that were
  // not in that; what is asked for is what the cloud has just said.
  void screens() {
    for (const CashierEntry& entry : evidence_.tapes.cashier) {
      if (entry.kind != CashierEntry::Kind::other || entry.code != "purse") continue;
      const std::string ledger(entry.facts.text("purse").value_or(""));
      const std::string key(entry.facts.text("of").value_or(""));
      if (ledger == "gift") continue;
      const auto shown = entry.fact("balance");
      const bool as_of = entry.fact("as_of_ms").value_or(0) > 0;
      const auto right = as_of ? known(entry, ledger, key) : told(entry, ledger, key);
      ++judgement_.judged;
      if (shown && right && *shown == *right) continue;
      add(entry.till, entry.at, entry.line,
          fmt::format("{} shows another {} of {} than it can know.", entry.till, ledger, key),
          right.value_or(0), shown.value_or(0));
    }
  }

  Judgement take() { return std::move(judgement_); }

 private:
  void add(const std::string& till, Instant at, int line, std::string what, std::int64_t expected,
           std::int64_t seen) {
    Violation violation;
    violation.till = till;
    violation.at = at;
    violation.line = line;
    violation.what = std::move(what);
    violation.expected = evidence_.money(expected);
    violation.seen = evidence_.money(seen);
    judgement_.violations.push_back(std::move(violation));
  }

  [[nodiscard]] std::optional<std::int64_t> told(const CashierEntry& entry,
                                                 const std::string& ledger,
                                                 const std::string& key) const {
    std::optional<std::int64_t> balance;
    for (const WireEntry& wire : evidence_.tapes.wire) {
      const bool its = wire.till == entry.till && wire.from_cloud && wire.status == 200 &&
                       wire.target == fmt::format("/v1/purses/{}:{}", ledger, key) &&
                       wire.order < entry.order;
      if (its) balance = read_told(wire.answer, entry.till).balance;
    }
    return balance;
  }

  // By the last page that had come by then, and what was rung up at the till itself.
  [[nodiscard]] std::optional<std::int64_t> known(const CashierEntry& entry,
                                                  const std::string& ledger,
                                                  const std::string& key) const {
    Told last;
    for (const WireEntry& wire : evidence_.tapes.wire) {
      const bool page = wire.till == entry.till && wire.from_cloud && wire.status == 200 &&
                        wire.target.starts_with("/v1/sync/down?collection=balances&") &&
                        wire.ended != Instant::never() && wire.order < entry.order;
      if (!page) continue;
      JsonScan scan(wire.answer);
      scan.object([&](std::string_view field) {
        if (field != "rows") return scan.skip();
        scan.array([&] {
          const Told row = read_row(scan.raw(), entry.till);
          if (row.of == ledger + ":" + key) last = row;
        });
      });
    }
    std::int64_t sum = last.balance;
    for (const Due& due : evidence_.account->dues()) {
      const auto id = read_id(due.id);
      const bool own = id && due.sure && due.till == entry.till && due.order != nullptr &&
                       due.order->order < entry.order;
      if (!own || std::pair(std::uint64_t{id->epoch}, id->seq) <= last.through) continue;
      for (const PurseMove& move : due.bill.moves) {
        if (move.ledger == ledger && move.key == key) sum += move.amount;
      }
    }
    return sum;
  }

  struct Told {
    std::string of;
    std::int64_t balance = 0;
    std::pair<std::uint64_t, std::uint64_t> through;  // of the till: epoch and seq
  };
  static Told read_told(std::string_view body, std::string_view till) {
    Told told;
    JsonScan scan(body);
    scan.object([&](std::string_view field) {
      if (field == "of") {
        told.of = scan.text();
      } else if (field == "balance") {
        told.balance = scan.number();
      } else if (field == "through") {
        scan.array([&] {
          std::string_view who;
          std::pair<std::uint64_t, std::uint64_t> place;
          scan.object([&](std::string_view part) {
            if (part == "till") {
              who = scan.text();
            } else if (part == "epoch") {
              place.first = scan.count();
            } else if (part == "seq") {
              place.second = scan.count();
            } else {
              scan.skip();
            }
          });
          if (who == till) told.through = place;
        });
      } else {
        scan.skip();
      }
    });
    return told;
  }
  static Told read_row(std::string_view row, std::string_view till) {
    Told told;
    JsonScan scan(row);
    scan.object([&](std::string_view field) {
      if (field == "body") {
        told = read_told(scan.raw(), till);
      } else {
        scan.skip();
      }
    });
    return told;
  }

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
  checker.flags();
  checker.looks();
  checker.screens();
  return checker.take();
}

const words::Row<Invariant> kRow{Invariant{
    {.name = "INV-15",
     .doc =
         "What a customer owes or has as store credit is the sum of what the sales put there and "
         "took away, each once, in whatever order they come, and the same on all tills; a till "
         "shows what the cloud told, with its own sales that were not in that; nobody owes "
         "more than allowed, and credit that was given beyond what there was is flagged.",
     .params = {},
     .example = "waive = { INV-15 = \"why it cannot hold here\" }"},
    "when quiet",
    "safety",
    check}};

}  // namespace
}  // namespace tillrig::oracle::inv_15_balances_are_sums
