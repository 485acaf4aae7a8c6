#include "sim/oracle/evidence.hpp"
#include "sim/oracle/invariant.hpp"
#include "sim/oracle/names.hpp"
#include "sim/oracle/outage_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace tillrig::oracle::inv_54_outage_is_closed {
namespace {

using namespace std::chrono_literals;  // NOLINT(google-build-using-namespace)

constexpr std::int64_t kLong = 48LL * 60 * 60 * 1000;  // ms
constexpr std::int64_t kNear = 20'000;                 // by so much an end may be another one
constexpr base::Duration kSoon = 2s;  // beside a document that is just being committed
constexpr base::Duration kClosedWithin = 30s;
constexpr base::Duration kPrintedWithin = 10s;
constexpr std::string_view kFlag = "outage_to_report";

// From the first document that was acknowledged without a connection to the next connection.
struct Period {
  Instant first;
  Instant last;                    // document of it
  Instant end = Instant::never();  // it goes on
  int line = 0;
  std::uint64_t documents = 0;
  std::uint64_t perhaps = 0;  // beside it
  bool sold_after = false;
  const CloudEntry* closed_by = nullptr;
};

class Checker {
 public:
  Checker(const Evidence& evidence, std::string_view till) : evidence_(evidence), till_(till) {
    read_screen();
    for (const Document& document : evidence.documents) {
      if (document.till() == till && document.acked == nullptr) ++unseen_;
    }
    for (const PaperEntry& paper : evidence.tapes.paper) {
      if (paper.till != till || !paper.complete) continue;
      if (auto slip = read_null_receipt(paper.text, evidence.tapes.shop.copy_mark)) {
        slips_.emplace_back(&paper, *std::move(slip));
      }
    }
  }

  Judgement judge() {
    if (!says_) return {};
    match();
    for (const Period& period : periods_) {
      if (period.end == Instant::never()) continue;
      ++judgement_.judged;
      if (period.closed_by != nullptr) {
        event(period);
        paper(period);
      } else if (has_to_be_closed(period)) {
        add(period.end, period.line, "The outage of {} has no null receipt.",
            fmt::format("an event outage_closed over {} documents", period.documents), "none");
      }
    }
    papers_for_nothing();
    reports();
    return std::move(judgement_);
  }

 private:
  // What the till said of its connection, and what it acknowledged meanwhile.
  void read_screen() {
    bool online = false;
    Life::Moment before;
    for (const CashierEntry& entry : evidence_.tapes.cashier) {
      if (entry.till != till_) continue;
      const Life::Moment now{entry.at, entry.order};
      if (evidence_.life.changed(till_, std::exchange(before, now), now)) online = false;
      if (entry.kind == CashierEntry::Kind::connection) {
        says_ = true;
        online = entry.text == "online" || entry.text == "suspect";
        if (online && open()) periods_.back().end = entry.at;
      } else if (entry.kind == CashierEntry::Kind::acknowledged) {
        take(entry, online);
      }
    }
  }

  [[nodiscard]] bool open() const {
    return !periods_.empty() && periods_.back().end == Instant::never();
  }

  void take(const CashierEntry& entry, bool online) {
    if (online && !periods_.empty()) {
      Period& last = periods_.back();
      last.perhaps += entry.at - last.end < kSoon ? 1 : 0;
      last.sold_after = true;
    }
    if (online) return;
    if (!open()) {
      if (!periods_.empty()) periods_.back().sold_after = true;
      periods_.push_back({entry.at, entry.at, Instant::never(), entry.line});
    }
    ++periods_.back().documents;
    periods_.back().last = entry.at;
  }

  [[nodiscard]] std::optional<OutageText> told(const CloudEntry& row) const {
    return read_outage(evidence_.body_in_cloud(row.id));
  }

  [[nodiscard]] std::int64_t wall(Instant at) const {
    return evidence_.tapes.wall_open_ms + at.ns / 1'000'000;
  }

  // Each event to the outage that it closes: in their order, and by the moment where that is known.
  void match() {
    const CloudLook* const look = evidence_.last_look();
    if (look == nullptr) return;
    std::vector<const CloudEntry*> rows;
    for (const CloudEntry& row : look->rows) {
      if (row.till == till_ && row.kind == "outage_closed") rows.push_back(&row);
    }
    std::sort(rows.begin(), rows.end(), [](const CloudEntry* a, const CloudEntry* b) {
      return std::pair(a->epoch, a->seq) < std::pair(b->epoch, b->seq);
    });
    for (const CloudEntry* row : rows) {
      ids_.insert(row->id);
      const auto closed = told(*row);
      const auto of = std::find_if(periods_.begin(), periods_.end(), [&](const Period& each) {
        if (each.closed_by != nullptr || each.end == Instant::never()) return false;
        const bool timed = closed && evidence_.tapes.wall_open_ms != 0;
        return !timed || std::abs(closed->until_ms - wall(each.end)) <= kNear;
      });
      if (of != periods_.end()) {
        of->closed_by = row;
      } else if (unseen_ == 0) {
        ++judgement_.judged;
        add(evidence_.life.end(), 0, "{} has closed an outage that there was not.",
            "no further event outage_closed: nothing was sold without a connection", row->id);
      }
    }
  }

  // The till had the time for it: nothing was in hand, or something was sold.
  [[nodiscard]] bool has_to_be_closed(const Period& period) const {
    const Life& life = evidence_.life;
    if (!life.quiet() || life.ended(till_)) return false;
    if (period.sold_after) return true;
    const Instant until = std::min(life.end(), *life.quiet());
    Instant from = period.end;
    while (from < until) {
      const Instant next = std::min(until, life.next_change(till_, from + 1ns));
      if (next - from >= kClosedWithin && idle(next)) return true;
      from = next;
    }
    return false;
  }

  // It stands at its register and nothing is in the cart.
  [[nodiscard]] bool idle(Instant at) const {
    bool ready = false;
    std::int64_t total = 0;
    for (const CashierEntry& entry : evidence_.tapes.cashier) {
      if (entry.till != till_ || entry.at >= at) continue;
      if (entry.kind == CashierEntry::Kind::stage) ready = entry.text == "register";
      if (entry.code == "cart") total = entry.fact("total").value_or(0);
    }
    const auto& orders = evidence_.tapes.orders;
    const bool rehearsed = std::any_of(orders.begin(), orders.end(), [&](const OrderEntry& order) {
      return order.till == till_ && order.what == "rehearse";
    });
    return ready && total == 0 && !rehearsed;
  }

  void event(const Period& period) {
    const auto closed = told(*period.closed_by);
    if (!closed) return;
    const std::uint64_t most = period.documents + period.perhaps + unseen_;
    if (closed->documents < period.documents || closed->documents > most) {
      add(period.end, period.line, "The null receipt of {} counts other documents.",
          std::to_string(period.documents), std::to_string(closed->documents));
    }
    const std::int64_t right = (period.end - period.first).count() / 1'000'000;
    const std::int64_t span = closed->until_ms - closed->since_ms;
    const bool longer = span > right + kNear && unseen_ == 0;
    if (span < right - kNear || longer) {
      add(period.end, period.line, "The null receipt of {} is over another time.",
          fmt::format("{} ms", right), fmt::format("{} ms", span));
    }
    if (evidence_.tapes.wall_open_ms != 0 && unseen_ == 0 &&
        std::abs(closed->since_ms - wall(period.first)) > kNear) {
      add(period.end, period.line, "The null receipt of {} begins at another moment.",
          std::to_string(wall(period.first)), std::to_string(closed->since_ms));
    }
    flag(period, right);
    shown(period);
    comes_first(period);
  }

  // A person is told of it exactly when it lasted too long.
  void flag(const Period& period, std::int64_t span) {
    const std::string seen(period.closed_by->facts.text("flag").value_or(""));
    const bool other = !seen.empty() && seen != kFlag;
    if (other || std::abs(span - kLong) <= kNear || unseen_ > 0) return;
    if ((seen == kFlag) == (span > kLong)) return;
    add(period.end, period.line,
        span > kLong ? "Nobody is told that the outage of {} has to be reported."
                     : "The outage of {} is flagged for nothing.",
        span > kLong ? std::string(kFlag) : "no flag", seen.empty() ? "no flag" : seen);
  }

  // No document that was begun when the line was back comes before it.
  void comes_first(const Period& period) {
    const auto closed = read_id(period.closed_by->id);
    for (const OrderEntry& order : evidence_.tapes.orders) {
      const bool makes = order.what == "complete" || order.what == "refund";
      const bool after = order.till == till_ && order.at > period.end + kSoon;
      if (!makes || !after || order.sale.empty()) continue;
      const auto made = read_id(order.sale);
      if (!made || !closed || made->epoch != closed->epoch || made->seq > closed->seq) continue;
      add(order.at, order.line, "The null receipt of {} comes after a document of later.",
          period.closed_by->id + " before " + order.sale, "after it");
      return;
    }
  }

  void shown(const Period& period) {
    const Life& life = evidence_.life;
    if (life.next_change(till_, period.end) < life.end()) return;  // it may have died over it
    const auto& tape = evidence_.tapes.cashier;
    const bool seen = std::any_of(tape.begin(), tape.end(), [&](const CashierEntry& entry) {
      return entry.till == till_ && entry.code == "booked" &&
             entry.facts.text("event") == period.closed_by->id;
    });
    if (seen) return;
    add(period.end, period.line, "The cashier of {} was not told of the null receipt.",
        "booked: " + period.closed_by->id, "nothing");
  }

  // One original at most, and whatever came out says what its event says.
  void paper(const Period& period) {
    const auto closed = told(*period.closed_by);
    std::size_t originals = 0;
    std::size_t papers = 0;
    for (const auto& [paper, slip] : slips_) {
      if (slip.event != period.closed_by->id) continue;
      ++papers;
      originals += slip.copy ? 0 : 1;
      const bool same = !closed || (slip.documents == closed->documents &&
                                    slip.since == moment_on_paper(closed->since_ms) &&
                                    slip.until == moment_on_paper(closed->until_ms));
      if (same && slip.nothing) continue;
      add(paper->at, paper->line, "The null receipt of {} says other than its event on paper.",
          closed ? fmt::format("{} documents from {} until {}, over nothing", closed->documents,
                               moment_on_paper(closed->since_ms), moment_on_paper(closed->until_ms))
                 : "an amount of nothing",
          fmt::format("{} documents from {} until {}", slip.documents, slip.since, slip.until));
    }
    if (originals > 1) {
      add(period.end, period.line, "A null receipt of {} is on paper twice as an original.",
          "one; each further one marked as a copy", std::to_string(originals));
    }
    if (papers == 0 && has_to_be_printed(period)) {
      add(period.end, period.line, "A null receipt of {} is not on paper.", "one slip", "none");
    }
  }

  [[nodiscard]] bool has_to_be_printed(const Period& period) const {
    const Life& life = evidence_.life;
    const auto& printers = evidence_.tapes.printers;
    const bool prints = std::find(printers.begin(), printers.end(), till_) != printers.end();
    if (!prints || !has_to_be_closed(period)) return false;
    if (life.faulted("printer", till_, Instant{0}, life.end())) return false;
    const Instant since = std::max(life.started(till_), period.end);
    return life.end() - since > kClosedWithin + kPrintedWithin;
  }

  void papers_for_nothing() {
    if (!evidence_.life.quiet() || evidence_.life.ended(till_)) return;
    for (const auto& [paper, slip] : slips_) {
      if (ids_.contains(slip.event)) continue;
      ++judgement_.judged;
      add(paper->at, paper->line, "A null receipt of {} is of no event in the cloud.",
          "the id of one", slip.event);
    }
  }

  // The cashier is told what has to be reported, and of nothing else.
  void reports() {
    bool owed = false;
    bool perhaps = unseen_ > 0;
    Instant at{0};
    for (const Period& period : periods_) {
      if (period.closed_by == nullptr) continue;
      const std::int64_t span = (period.end - period.first).count() / 1'000'000;
      if (span > kLong + kNear) at = period.end;
      owed = owed || span > kLong + kNear;
      perhaps = perhaps || std::abs(span - kLong) <= kNear;
    }
    const auto& tape = evidence_.tapes.cashier;
    const bool told = std::any_of(tape.begin(), tape.end(), [&](const CashierEntry& entry) {
      return entry.till == till_ && entry.kind == CashierEntry::Kind::prompt &&
             entry.code == "outage_report";
    });
    if (told == owed || (told && perhaps)) return;
    const Life& life = evidence_.life;
    if (owed && (life.ended(till_) || life.next_change(till_, at) < life.end())) return;
    add(owed ? at : life.end(), 0,
        owed ? "{} does not say that its outage has to be reported."
             : "{} says that an outage has to be reported, and none has.",
        owed ? "the prompt \"outage_report\"" : "no such prompt", told ? "it stands" : "none");
  }

  void add(Instant at, int line, std::string_view what, std::string expected, std::string seen) {
    judgement_.blame(till_, at, line, fmt::format(fmt::runtime(what), till_), std::move(expected),
                     std::move(seen));
  }

  const Evidence& evidence_;
  std::string_view till_;
  bool says_ = false;
  std::vector<Period> periods_;
  std::uint64_t unseen_ = 0;  // documents that nobody saw acknowledged: when were they made?
  std::vector<std::pair<const PaperEntry*, NullReceiptText>> slips_;
  std::set<std::string, std::less<>> ids_;  // of the events in the cloud
  Judgement judgement_;
};

// What was taken from a disk or the cloud, doubled or dated wrongly says nothing of a till's rule.
bool knows(const Evidence& evidence) {
  const Life& life = evidence.life;
  const Tapes& tapes = evidence.tapes;
  const bool clock = life.faulted("clock", "", Instant{0}, life.end());
  return tapes.shop.null_receipt && tapes.clones.empty() && tapes.altered.empty() &&
         !life.disk_faulted() && !life.cloud_put_back(Instant{0}, Instant::never()) && !clock;
}

Judgement check(const Evidence& evidence) {
  Judgement all;
  if (!knows(evidence)) return all;
  for (const std::string_view till : evidence.tills) {
    if (evidence.life.disk_put_back(till, Instant{0}, Instant::never())) continue;
    all.take(Checker(evidence, till).judge());
  }
  return all;
}

const words::Row<Invariant> kRow{Invariant{
    {.name = "INV-54",
     .doc = "In a fiscal shop each outage in which a till acknowledged documents is closed by "
            "exactly one null receipt: its event is in the cloud with the right span and number "
            "of documents, flagged and told exactly when it lasted for more than 48 hours, and on "
            "paper once, further ones marked as copies. There is none without a cause.",
     .params = {},
     .example = "waive = { INV-54 = \"why it cannot hold here\" }"},
    "when quiet",
    "safety",
    check}};

}  // namespace
}  // namespace tillrig::oracle::inv_54_outage_is_closed
