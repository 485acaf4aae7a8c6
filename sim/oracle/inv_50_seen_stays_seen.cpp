#include "sim/oracle/evidence.hpp"
#include "sim/oracle/invariant.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tillrig::oracle::inv_50_seen_stays_seen {
namespace {

using namespace std::chrono_literals;  // NOLINT(google-build-using-namespace)

// Whether a till may have lost a copy of what it knew: the cloud's tables stand in one of them.
bool disk_excused(const Evidence& evidence, std::string_view till) {
  return evidence.life.lost_power(till) || evidence.life.disk_faulted() ||
         evidence.life.disk_put_back(till, Instant{0}, evidence.life.end());
}

bool ordered(const Evidence& evidence, std::string_view till, std::string_view what, Instant to) {
  const auto& orders = evidence.tapes.orders;
  return std::any_of(orders.begin(), orders.end(), [&](const OrderEntry& order) {
    return order.till == till && order.what == what && order.at <= to;
  });
}

// Register Sales of one till, look by look.
class Register {
 public:
  Register(const Evidence& evidence, std::string_view till, Judgement& judgement)
      : evidence_(evidence), till_(till), judgement_(judgement) {
    for (const Document& document : evidence.documents) {
      if (document.acked != nullptr && document.till() == till) mine_.push_back(&document);
    }
  }

  void see(const RegisterLook& look) {
    if (disk_excused(evidence_, till_) || cleaned(look.at)) return;
    std::map<std::string_view, const RegisterEntry*> rows;
    for (const RegisterEntry& row : look.rows) rows.emplace(row.id, &row);
    for (const Document* each : mine_) {
      if (each->acked->at >= look.at) continue;
      ++judgement_.judged;
      if (!rows.contains(each->id)) missing(look, each->id);
    }
    const bool sent_again = ordered(evidence_, till_, "force_resync", look.at) ||
                            evidence_.life.cloud_put_back(Instant{0}, look.at);
    for (const auto& [id, before] : last_) {
      const auto now = rows.find(id);
      if (now == rows.end()) {
        missing(look, id);
      } else if (before->number != now->second->number || before->total != now->second->total) {
        changed(look, *before, *now->second);
      } else if (before->sync == "acked" && now->second->sync == "queued" && !sent_again) {
        changed(look, *before, *now->second);
      }
    }
    judgement_.judged += last_.size();
    last_ = std::move(rows);
  }

 private:
  // Somebody had it deleted: INV-30 judges that.
  [[nodiscard]] bool cleaned(Instant at) const {
    return ordered(evidence_, till_, "clean_up", at) ||
           ordered(evidence_, till_, "full_resync", at) ||
           ordered(evidence_, till_, "sign_out", at);
  }

  void missing(const RegisterLook& look, std::string_view id) {
    if (std::exchange(told_, true)) return;
    Violation violation = evidence_.witness(id);
    violation.at = look.at;
    violation.what = fmt::format("The {} is not in the Register Sales of {} any more.",
                                 evidence_.name(id), till_);
    violation.expected = "what was made here is shown, sent or not";
    violation.seen =
        fmt::format("{} documents without it at {}", look.rows.size(), moment_text(look.at));
    judgement_.violations.push_back(std::move(violation));
  }

  void changed(const RegisterLook& look, const RegisterEntry& before, const RegisterEntry& now) {
    if (std::exchange(told_, true)) return;
    const auto text = [this](const RegisterEntry& row) {
      return fmt::format("{}, {}, {}", row.number, evidence_.money(row.total), row.sync);
    };
    Violation violation = evidence_.witness(now.id);
    violation.at = look.at;
    violation.what = fmt::format("The {} has gone back at {}.", evidence_.name(now.id), till_);
    violation.expected = text(before);
    violation.seen = text(now);
    judgement_.violations.push_back(std::move(violation));
  }

  const Evidence& evidence_;
  std::string_view till_;
  Judgement& judgement_;
  std::vector<const Document*> mine_;
  std::map<std::string_view, const RegisterEntry*> last_;
  bool told_ = false;
};

// What one row of a cloud's table was from a change on; 0: from the start.
struct Version {
  std::uint64_t v = 0;
  std::string text;
  Instant at{0};
};

// One till's view of one table: which change of each row it has shown.
class Table {
 public:
  Table(const Evidence& evidence, std::string_view name, Judgement& judgement)
      : evidence_(evidence), name_(name), judgement_(judgement) {}

  void begins_as(std::string_view id, std::string text) {
    rows_[id].versions.push_back({0, std::move(text), Instant{0}});
  }
  void changed(std::string_view id, std::uint64_t v, std::string text, Instant at) {
    Row& row = rows_[id];
    if (row.versions.empty()) row.versions.push_back({});  // whatever it was
    row.unsure = row.unsure || v == 0;
    row.versions.push_back({v, std::move(text), at});
  }

  // Looks of one till, in time order; those of one moment belong together.
  void see(std::string_view till, std::string_view id, std::string text, Instant at) {
    const auto row = rows_.find(id);
    if (row == rows_.end() || row->second.unsure || row->second.versions.size() < 2) return;
    Till& its = tills_[till];
    if (at != its.at) close(till);
    its.at = at;
    std::size_t& seen = its.seen[id];
    ++judgement_.judged;
    const auto& versions = row->second.versions;
    std::size_t now = seen;
    while (now < versions.size() && !shows(versions, now, text)) ++now;
    if (now == versions.size()) {
      back(till, versions[seen].text, text, at, id);
      return;
    }
    seen = now;
    its.moment.emplace_back(id, now);
  }

  void close_all() {
    for (const auto& [till, its] : tills_) close(till);
  }

 private:
  struct Row {
    std::vector<Version> versions;  // oldest first
    bool unsure = false;            // nobody knows whether a change was taken
  };
  struct Till {
    Instant at{-1};
    std::map<std::string_view, std::size_t> seen;  // number of the version
    std::vector<std::pair<std::string_view, std::size_t>> moment;
    bool told = false;
  };

  // Of a row whose start is not known all that no change made is its start.
  static bool shows(const std::vector<Version>& versions, std::size_t n, std::string_view text) {
    if (n > 0 || !versions[0].text.empty()) return versions[n].text == text;
    return std::none_of(versions.begin() + 1, versions.end(),
                        [&](const Version& each) { return each.text == text; });
  }

  // A page is kept whole: who has one change has each that is older and still counts.
  void close(std::string_view till) {
    Till& its = tills_[till];
    std::uint64_t newest = 0;
    std::string_view newest_of;
    for (const auto& [id, n] : its.moment) {
      const std::uint64_t v = rows_[id].versions[n].v;
      if (v > newest) newest_of = id;
      newest = std::max(newest, v);
    }
    for (const auto& [id, n] : its.moment) {
      const auto& versions = rows_[id].versions;
      const Version& last = versions.back();
      if (n + 1 == versions.size() || last.v > newest || std::exchange(its.told, true)) continue;
      Violation violation;
      violation.till = till;
      violation.at = its.at;
      violation.what = fmt::format("{} has a page of the {} in part.", till, name_);
      violation.expected = fmt::format("with change {} of {} also change {}: {}", newest, newest_of,
                                       last.v, last.text);
      violation.seen =
          versions[n].text.empty() ? fmt::format("{} as before", id) : versions[n].text;
      judgement_.violations.push_back(std::move(violation));
    }
    its.moment.clear();
  }

  void back(std::string_view till, std::string_view before, std::string_view now, Instant at,
            std::string_view id) {
    if (std::exchange(tills_[till].told, true)) return;
    Violation violation;
    violation.till = till;
    violation.at = at;
    violation.what = fmt::format("The {} of {} have gone back: {}.", name_, till, id);
    violation.expected =
        before.empty() ? "as before or newer" : fmt::format("{}, or newer", before);
    violation.seen = fmt::format("{} at {}", now, moment_text(at));
    judgement_.violations.push_back(std::move(violation));
  }

  const Evidence& evidence_;
  std::string_view name_;
  Judgement& judgement_;
  std::map<std::string_view, Row> rows_;
  std::map<std::string_view, Till> tills_;
};

std::string goods_text(const Evidence& evidence, std::string_view sku, bool sold,
                       std::int64_t price) {
  return sold ? fmt::format("{} at {}", sku, evidence.money(price)) : fmt::format("no {}", sku);
}

std::string customer_text(std::string_view id, bool known, std::string_view name,
                          std::string_view phone) {
  return known ? fmt::format("{}: {}, {}", id, name, phone) : fmt::format("no customer {}", id);
}

void goods(const Evidence& evidence, Judgement& judgement) {
  const Tapes& tapes = evidence.tapes;
  if (tapes.goods_changes.empty()) return;
  Table table(evidence, "goods", judgement);
  for (const ShopItem& item : tapes.shop.items) {
    table.begins_as(item.sku, goods_text(evidence, item.sku, !item.later, item.price));
  }
  for (const GoodsChange& each : tapes.goods_changes) {
    table.changed(each.sku, each.v, goods_text(evidence, each.sku, each.sold, each.price), each.at);
  }
  for (const GoodsLook& each : tapes.goods_looks) {
    if (disk_excused(evidence, each.till)) continue;
    table.see(each.till, each.sku, goods_text(evidence, each.sku, each.sold, each.price), each.at);
  }
  table.close_all();
}

void customers(const Evidence& evidence, Judgement& judgement) {
  const Tapes& tapes = evidence.tapes;
  if (tapes.customer_changes.empty()) return;
  Table table(evidence, "customers", judgement);
  for (const CustomerChange& each : tapes.customer_changes) {
    table.changed(each.id, each.v, customer_text(each.id, each.known, each.name, each.phone),
                  each.at);
  }
  for (const CustomerLook& each : tapes.customer_looks) {
    if (disk_excused(evidence, each.till)) continue;
    table.see(each.till, each.id, customer_text(each.id, each.known, each.name, each.phone),
              each.at);
  }
  table.close_all();
}

// When it was in step for the last time only ever moves on. A restart may forget a little of it.
void last_sync(const Evidence& evidence, Judgement& judgement) {
  constexpr base::Duration kRead = 1s;         // between two readings of one clock
  constexpr base::Duration kForgotten = 6min;  // by a till that was killed
  std::map<std::string_view, FreshLook> last;
  std::map<std::string_view, bool> told;
  for (const FreshLook& look : evidence.tapes.fresh_looks) {
    const bool excused = disk_excused(evidence, look.till) ||
                         evidence.life.faulted("clock", look.till, Instant{0}, look.at) ||
                         ordered(evidence, look.till, "sign_out", look.at);
    if (excused) continue;
    const auto before = last.find(look.till);
    if (before != last.end()) {
      const auto moment = [](const FreshLook& each) {
        return each.at - std::chrono::milliseconds(each.in_step_ms);
      };
      const bool same =
          !evidence.life.changed(look.till, {before->second.at, 0}, {look.at, UINT64_MAX});
      ++judgement.judged;
      const Instant was = moment(before->second);
      const Instant is = moment(look);
      if (is + (same ? kRead : kForgotten) < was && !std::exchange(told[look.till], true)) {
        Violation violation;
        violation.till = look.till;
        violation.at = look.at;
        violation.what =
            fmt::format("{} says that it was in step longer ago than it had said.", look.till);
        violation.expected = fmt::format("{} or later", moment_text(was));
        violation.seen = moment_text(is);
        judgement.violations.push_back(std::move(violation));
      }
    }
    last.insert_or_assign(look.till, look);
  }
}

Judgement check(const Evidence& evidence) {
  Judgement judgement;
  std::map<std::string_view, Register> registers;
  for (const std::string_view till : evidence.tills) {
    registers.try_emplace(till, evidence, till, judgement);
  }
  for (const RegisterLook& look : evidence.tapes.registers) {
    const auto at = registers.find(look.till);
    if (at != registers.end()) at->second.see(look);
  }
  // A cloud that was put back has older tables, and so have its tills; and where a page was made to
  // lack a row, or to tell it wrong, it is so until the tables are compared (INV-21).
  const Life& life = evidence.life;
  const bool other = life.cloud_put_back(Instant{0}, life.end()) ||
                     life.faulted("cloud.row_lost", "", Instant{0}, life.end()) ||
                     life.faulted("cloud.row_wrong", "", Instant{0}, life.end());
  if (!other) {
    goods(evidence, judgement);
    customers(evidence, judgement);
  }
  last_sync(evidence, judgement);
  return judgement;
}

const words::Row<Invariant> kRow{Invariant{
    {.name = "INV-50",
     .doc = "What was seen stays seen, in one life of a till and over a restart: its own documents "
            "stand in Register Sales, sent or not and whatever was pulled meanwhile; goods and "
            "customers never go back to an older state or to none; of a page all is there or "
            "nothing; and when it was last in step never goes backwards.",
     .params = {},
     .example = "waive = { INV-50 = \"why it cannot hold here\" }"},
    "always",
    "safety",
    check}};

}  // namespace
}  // namespace tillrig::oracle::inv_50_seen_stays_seen
