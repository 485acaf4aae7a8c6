#include "sim/oracle/evidence.hpp"
#include "sim/oracle/invariant.hpp"
#include "sim/oracle/json_scan.hpp"
#include "sim/oracle/names.hpp"
#include "sim/oracle/sent_document.hpp"

#include <fmt/format.h>

#include <map>
#include <set>
#include <string>
#include <utility>

namespace tillrig::oracle::inv_16_projections_follow_events {
namespace {

using Place = std::pair<std::string, std::string>;  // till and day

// What an event that is no document says of its day.
struct OfDay {
  std::string day;
  std::int64_t amount = 0;  // put in, or below zero taken out
  std::int64_t cash_float = 0;
  ReportClose close;  // of a close
};

// What was paid, by tender.
std::map<std::string, std::int64_t> read_tenders(std::string_view body) {
  std::map<std::string, std::int64_t> tenders;
  JsonScan scan(body);
  scan.object([&](std::string_view key) {
    if (key != "payments") return scan.skip();
    scan.array([&] {
      std::string kind;
      std::int64_t amount = 0;
      scan.object([&](std::string_view field) {
        if (field == "kind") {
          kind = scan.text();
        } else if (field == "amount") {
          amount = scan.number();
        } else {
          scan.skip();
        }
      });
      tenders[kind] += amount;
    });
  });
  return tenders;
}

OfDay read_of_day(std::string_view body) {
  OfDay read;
  JsonScan scan(body);
  scan.object([&](std::string_view key) {
    if (key == "day") {
      read.day = scan.text();
    } else if (key == "amount") {
      read.amount = scan.number();
    } else if (key == "cash_float") {
      read.cash_float = scan.number();
    } else if (key == "sales" || key == "refunds") {
      read.close.documents += scan.count();
    } else if (key == "sold" || key == "given_back") {
      read.close.total += scan.number();
    } else if (key == "expected") {
      read.close.expected = scan.number();
    } else if (key == "counted") {
      read.close.counted = scan.number();
    } else {
      scan.skip();
    }
  });
  return read;
}

// The days made anew from the events that the cloud holds, and held against what it reports.
class Rebuild {
 public:
  explicit Rebuild(const Evidence& evidence) : evidence_(evidence) {}

  // False: nobody was told what the cloud holds of it.
  bool event(const CloudEntry& row) {
    const std::string_view body = evidence_.body_in_cloud(row.id);
    if (body.empty()) return false;
    if (is_document(row.kind)) return document(row, body);
    const bool of_no_day = row.kind == "outage_closed" || row.kind == "card_attempt";
    if (row.kind == "epoch_opened" || of_no_day) return true;
    const OfDay read = read_of_day(body);
    ReportLook& made = days_[{row.till, read.day}];
    if (row.kind == "day_opened") made.cash_float += read.cash_float;
    if (row.kind == "day_closed") made.closes.push_back(close_of(row, read));
    if (row.kind == "cash_moved") (read.amount < 0 ? made.paid_out : made.paid_in) += read.amount;
    return true;
  }

  static ReportClose close_of(const CloudEntry& row, const OfDay& read) {
    ReportClose close = read.close;
    close.event = row.id;
    return close;
  }

  void compare() {
    std::map<Place, const ReportLook*> last;
    for (const ReportLook& look : evidence_.tapes.reports) {
      if (look.at >= evidence_.last_look()->at) last[{look.till, look.day}] = &look;
    }
    if (last.empty()) return;
    for (const auto& [place, made] : days_) {
      ++judgement_.judged;
      const auto at = last.find(place);
      if (at == last.end()) {
        add(place, "says nothing of it", "a report", "none");
        continue;
      }
      const ReportLook& told = *at->second;
      count(place, "sales", made.sales, told.sales);
      money(place, "sold", made.sold, told.sold);
      count(place, "refunds", made.refunds, told.refunds);
      money(place, "given back", made.given_back, told.given_back);
      money(place, "the float", made.cash_float, told.cash_float);
      money(place, "paid in", made.paid_in, told.paid_in);
      money(place, "paid out", made.paid_out, told.paid_out);
      count(place, "closes", made.closes.size(), told.closes.size());
      count(place, "late documents", made.late, told.late);
      if (made.tenders != told.tenders) {
        add(place, "has other sums by tender", tenders(made), tenders(told));
      }
      if (closes(made) != closes(told)) {
        add(place, "has other figures of its closes", closes(made), closes(told));
      }
      if (made.rates != told.rates) {
        add(place, "has other sums by rate", rates(made), rates(told));
      }
    }
    for (const auto& [place, told] : last) {
      if (!days_.contains(place)) add(place, "reports what no event says", "no report", "one");
    }
  }

  Judgement take() { return std::move(judgement_); }

 private:
  bool document(const CloudEntry& row, std::string_view body) {
    const auto held = read_sent_document(body);
    if (!held) return false;
    ReportLook& made = days_[{row.till, held->day}];
    last_[{row.till, held->day}] = row.id;
    const bool refund = row.kind == "refund";
    ++(refund ? made.refunds : made.sales);
    (refund ? made.given_back : made.sold) += held->total;
    made.late += row.facts.text("flag") == "late_for_day" ? 1U : 0U;
    for (const auto& [kind, amount] : read_tenders(body)) made.tenders[kind] += amount;
    for (const SentLine& line : held->lines) {
      made.rates[line.tax_rate].goods += line.total;
      made.rates[line.tax_rate].tax += line.tax;
    }
    ++judgement_.judged;
    const std::int64_t paid = held->given - held->change + held->from_purse;
    if (row.total == held->total && row.tax == held->tax && row.payments_total == paid) return true;
    Violation violation = evidence_.witness(row.id);
    violation.what =
        fmt::format("The cloud's order of {} is not what its event says.", evidence_.name(row.id));
    violation.expected = fmt::format("total {}, tax {}, paid {}", evidence_.money(held->total),
                                     evidence_.money(held->tax), evidence_.money(paid));
    violation.seen = fmt::format("total {}, tax {}, paid {}", evidence_.money(row.total),
                                 evidence_.money(row.tax), evidence_.money(row.payments_total));
    judgement_.violations.push_back(std::move(violation));
    return true;
  }

  [[nodiscard]] std::string rates(const ReportLook& look) const {
    std::string text;
    for (const auto& [rate, sum] : look.rates) {
      text += fmt::format("{}{} bp: {} with {} tax", text.empty() ? "" : ", ", rate,
                          evidence_.money(sum.goods), evidence_.money(sum.tax));
    }
    return text.empty() ? "none" : text;
  }

  [[nodiscard]] std::string tenders(const ReportLook& look) const {
    std::string text;
    for (const auto& [kind, sum] : look.tenders) {
      text += fmt::format("{}{}: {}", text.empty() ? "" : ", ", kind, evidence_.money(sum));
    }
    return text.empty() ? "none" : text;
  }

  [[nodiscard]] std::string closes(const ReportLook& look) const {
    std::set<std::string> all;
    for (const ReportClose& close : look.closes) {
      all.insert(fmt::format("{}: {} documents, {}, expected {}, counted {}", close.event,
                             close.documents, evidence_.money(close.total),
                             evidence_.money(close.expected), evidence_.money(close.counted)));
    }
    return fmt::format("{}", fmt::join(all, "; "));
  }

  void money(const Place& place, std::string_view what, std::int64_t right, std::int64_t told) {
    if (right == told) return;
    add(place, fmt::format("has another amount {}", what), evidence_.money(right),
        evidence_.money(told));
  }

  void count(const Place& place, std::string_view what, std::uint64_t right, std::uint64_t told) {
    if (right == told) return;
    add(place, fmt::format("counts other {}", what), std::to_string(right), std::to_string(told));
  }

  void add(const Place& place, std::string_view what, std::string expected, std::string seen) {
    const auto last = last_.find(place);
    Violation violation = evidence_.witness(last == last_.end() ? "" : last->second);
    violation.till = place.first;
    violation.at = evidence_.life.end();
    violation.what =
        fmt::format("The cloud's report of {} at {} {}.", place.second, place.first, what);
    violation.expected = std::move(expected) + ", by the events that it holds";
    violation.seen = std::move(seen);
    judgement_.violations.push_back(std::move(violation));
  }

  const Evidence& evidence_;
  std::map<Place, ReportLook> days_;
  std::map<Place, std::string_view> last_;  // documents, for witnesses
  Judgement judgement_;
};

Judgement check(const Evidence& evidence) {
  const CloudLook* const look = evidence.last_look();
  if (look == nullptr) return {};
  Rebuild rebuild(evidence);
  for (const CloudEntry& row : look->rows) {
    if (!rebuild.event(row)) return {};
  }
  rebuild.compare();
  return rebuild.take();
}

const words::Row<Invariant> kRow{Invariant{
    {.name = "INV-16",
     .doc = "What the cloud makes of its events is what they say: each order, and each day's "
            "report made anew from the events that are held.",
     .params = {},
     .example = "waive = { INV-16 = \"why it cannot hold here\" }"},
    "at the end",
    "safety",
    check}};

}  // namespace
}  // namespace tillrig::oracle::inv_16_projections_follow_events
