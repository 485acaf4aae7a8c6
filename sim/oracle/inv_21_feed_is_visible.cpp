#include "sim/oracle/evidence.hpp"
#include "sim/oracle/invariant.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tillrig::oracle::inv_21_feed_is_visible {
namespace {

// A row of a table: what was made of it, or what a till has of it.
struct Version {
  std::string_view id;
  bool there = true;
  std::string text;
};

Version version(const Evidence& evidence, std::string_view sku, bool sold, std::int64_t price) {
  return {sku, sold,
          sold ? fmt::format("{} at {}", sku, evidence.money(price)) : fmt::format("no {}", sku)};
}

Version version(std::string_view id, bool known, std::string_view name, std::string_view phone) {
  return {id, known,
          known ? fmt::format("{}: {}, {}", id, name, phone) : fmt::format("no customer {}", id)};
}

struct Change {
  Version version;
  Instant at;
  int line = 0;
  std::uint64_t v = 0;
};
struct Look {
  Version version;
  Instant at;
  std::string_view till;
};

class Table {
 public:
  explicit Table(const Evidence& evidence, Judgement& judgement)
      : evidence_(evidence), judgement_(judgement) {}

  // What the cloud has of each row is its last change, unless nobody knows whether it was taken.
  void changed(Change change) { last_[change.version.id] = std::move(change); }

  // Of each till's looks at one row the last counts.
  void seen(Look look) { looks_[{look.till, look.version.id}] = std::move(look); }

  void judge() {
    for (const auto& [place, look] : looks_) {
      const auto at = last_.find(look.version.id);
      if (at == last_.end() || at->second.v == 0 || evidence_.life.ended(look.till)) continue;
      const Change& change = at->second;
      if (look.at < change.at) continue;
      // A cloud that was put back need not know of it any more.
      if (evidence_.life.cloud_put_back(change.at, look.at)) continue;
      ++judgement_.judged;
      if (look.version.text == change.version.text) continue;
      Violation violation;
      violation.till = look.till;
      violation.at = look.at;
      violation.line = change.line;
      violation.what =
          fmt::format("{} does not have what was changed of {} at the cloud (change {}).",
                      look.till, look.version.id, change.v);
      violation.expected = change.version.text;
      violation.seen = look.version.text;
      judgement_.violations.push_back(std::move(violation));
    }
  }

 private:
  const Evidence& evidence_;
  Judgement& judgement_;
  std::map<std::string_view, Change> last_;
  std::map<std::pair<std::string_view, std::string_view>, Look> looks_;
};

// After a full data resync a till reads each table that it had from its start.
void check_read_anew(const Evidence& evidence, Judgement& judgement) {
  using namespace std::chrono_literals;  // NOLINT(google-build-using-namespace)
  constexpr base::Duration kBegun = 30s;
  const Tapes& tapes = evidence.tapes;
  for (const OrderEntry& order : tapes.orders) {
    if (order.what != "full_resync" || order.outcome != OrderEntry::Outcome::done) continue;
    const Instant deadline = order.at + kBegun;
    const bool cut_off = evidence.life.next_change(order.till, order.at) <= deadline ||
                         evidence.life.end() < deadline ||
                         evidence.life.faulted("wan", order.till, order.at, deadline) ||
                         evidence.life.faulted("cloud", order.till, order.at, deadline) ||
                         tapes.wan_bytes_per_second != 0;
    if (cut_off) continue;
    for (const std::string_view table : {"items", "customers"}) {
      const std::string page = fmt::format("/v1/sync/down?collection={}&", table);
      const auto its = [&](const WireEntry& wire) {
        return wire.till == order.till && wire.target.starts_with(page);
      };
      const bool had = std::any_of(tapes.wire.begin(), tapes.wire.end(), [&](const WireEntry& w) {
        return its(w) && w.from_cloud && w.status == 200 && w.ended < order.at;
      });
      if (!had) continue;
      ++judgement.judged;
      const bool anew = std::any_of(tapes.wire.begin(), tapes.wire.end(), [&](const WireEntry& w) {
        return its(w) && w.sent >= order.at && w.sent <= deadline &&
               w.target.find("epoch=") == std::string::npos;
      });
      if (anew) continue;
      Violation violation;
      violation.till = order.till;
      violation.at = order.at;
      violation.line = order.line;
      violation.what =
          fmt::format("{} did not read its {} anew after a full data resync.", order.till, table);
      violation.expected = fmt::format("from the start by {}", moment_text(deadline));
      violation.seen = "not asked for";
      judgement.violations.push_back(std::move(violation));
    }
  }
}

// Whether anything gave a till a reason to read its tables from the start: something broke,
// somebody had it done, the cloud asked for it, or it died before it had kept what it read.
bool has_cause(const Evidence& evidence, const WireEntry& before, const WireEntry& again) {
  using namespace std::chrono_literals;  // NOLINT(google-build-using-namespace)
  constexpr base::Duration kKept = 5s;
  // An answer that crosses such a line may come when its till has given it up.
  constexpr base::Duration kMayBeTooLate = 1s;
  const Tapes& tapes = evidence.tapes;
  const Life& life = evidence.life;
  const std::string_view till = again.till;
  if (2 * tapes.wan_latency >= kMayBeTooLate) return true;
  for (const std::string_view domain : {"cloud", "wan", "disk", "power"}) {
    if (life.faulted(domain, till, Instant{0}, again.sent)) return true;
  }
  if (life.disk_faulted() || life.lost_power(till) || life.cloud_put_back(Instant{0}, again.sent)) {
    return true;
  }
  const Instant over = life.next_change(till, before.ended);
  if (over <= again.sent && over - before.ended < kKept) return true;
  const bool asked =
      std::any_of(tapes.orders.begin(), tapes.orders.end(), [&](const OrderEntry& order) {
        return order.till == till && order.what == "full_resync" && order.at <= again.sent;
      });
  return asked || std::any_of(tapes.wire.begin(), tapes.wire.end(), [&](const WireEntry& wire) {
           return wire.till == till && wire.target.starts_with("/v1/sync/down") &&
                  wire.ended <= again.sent && wire.status != 200;
         });
}

// A till that has begun to read a table goes on where it is, and compares before it begins again.
void check_not_read_again(const Evidence& evidence, Judgement& judgement) {
  constexpr std::string_view kPage = "/v1/sync/down?collection=";
  std::map<std::pair<std::string_view, std::string_view>, const WireEntry*> read;
  std::vector<const WireEntry*> answered;
  for (const WireEntry& wire : evidence.tapes.wire) {
    const bool good = wire.from_cloud && wire.status == 200 && wire.ended != Instant::never();
    if (wire.target.starts_with(kPage) && good) answered.push_back(&wire);
  }
  std::stable_sort(answered.begin(), answered.end(),
                   [](const WireEntry* a, const WireEntry* b) { return a->ended < b->ended; });
  for (const WireEntry* wire : answered) {
    const std::string_view target = wire->target;
    const std::string_view table = target.substr(0, target.find('&')).substr(kPage.size());
    const WireEntry*& before = read[{wire->till, table}];
    const bool from_start = target.find("epoch=") == std::string_view::npos;
    if (from_start && before != nullptr && before->ended <= wire->sent) {
      ++judgement.judged;
      if (!has_cause(evidence, *before, *wire)) {
        Violation violation;
        violation.till = wire->till;
        violation.at = wire->sent;
        violation.what =
            fmt::format("{} reads its {} from the start without a cause.", wire->till, table);
        violation.expected = fmt::format("what changed since {}", moment_text(before->ended));
        violation.seen = fmt::format("exchange {}, from the start", wire->exchange);
        judgement.violations.push_back(std::move(violation));
      }
    }
    before = wire;
  }
}

Judgement check(const Evidence& evidence) {
  const Tapes& tapes = evidence.tapes;
  Judgement judgement;
  check_read_anew(evidence, judgement);
  check_not_read_again(evidence, judgement);
  Table goods(evidence, judgement);
  for (const GoodsChange& each : tapes.goods_changes) {
    goods.changed({version(evidence, each.sku, each.sold, each.price), each.at, each.line, each.v});
  }
  for (const GoodsLook& each : tapes.goods_looks) {
    goods.seen({version(evidence, each.sku, each.sold, each.price), each.at, each.till});
  }
  goods.judge();
  Table customers(evidence, judgement);
  for (const CustomerChange& each : tapes.customer_changes) {
    customers.changed(
        {version(each.id, each.known, each.name, each.phone), each.at, each.line, each.v});
  }
  for (const CustomerLook& each : tapes.customer_looks) {
    customers.seen({version(each.id, each.known, each.name, each.phone), each.at, each.till});
  }
  customers.judge();
  return judgement;
}

const words::Row<Invariant> kRow{Invariant{
    {.name = "INV-21",
     .doc =
         "When all is quiet every till has the goods and customers that were changed at the "
         "cloud as they are there: each change has come, the last one counts, and what was "
         "removed is gone; a full data resync reads all of it anew, and nothing else does without "
         "a cause.",
     .params = {},
     .example = "waive = { INV-21 = \"why it cannot hold here\" }"},
    "when quiet",
    "safety",
    check}};

}  // namespace
}  // namespace tillrig::oracle::inv_21_feed_is_visible
