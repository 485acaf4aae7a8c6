#include "sim/oracle/evidence.hpp"
#include "sim/oracle/invariant.hpp"
#include "sim/oracle/names.hpp"
#include "sim/oracle/z_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string>
#include <utility>

namespace tillrig::oracle::inv_19_day_is_its_sales {
namespace {

using namespace std::chrono_literals;  // NOLINT(google-build-using-namespace)

constexpr base::Duration kPrintedWithin = 10s;

class Checker {
 public:
  explicit Checker(const Evidence& evidence) : evidence_(evidence) {}

  // A closed day comes to what was done in it, on paper, on the screen and in its event.
  void close(const DaySession& session) {
    const OrderEntry& order = *session.closing;
    bool printed = false;
    for (const PaperEntry& paper : evidence_.tapes.paper) {
      if (paper.till != session.till || !paper.complete) continue;
      const auto told = read_z_report(paper.text, evidence_.tapes.exponent, evidence_.tapes.shop);
      if (!told || told->id != session.close) continue;
      printed = true;
      compare(session, *told, "on paper");
    }
    const auto& printers = evidence_.tapes.printers;
    const bool prints = std::find(printers.begin(), printers.end(), session.till) != printers.end();
    const Instant over =
        std::min(evidence_.life.end(), evidence_.life.next_change(session.till, order.at));
    const bool excused = over - order.at < kPrintedWithin ||
                         evidence_.life.faulted("printer", session.till, Instant{0}, over);
    if (prints && !printed && !excused) {
      add(session, "has no Z report", "one on paper", "none");
    }
    if (const auto held = read_close(evidence_.body_in_cloud(session.close))) {
      compare(session, *held, "in the cloud");
    }
  }

  // What the cashier was told of it: the day, the cash, and of a close what it differs by.
  void shown(const DaySession& session) {
    for (const CashierEntry& entry : evidence_.tapes.cashier) {
      if (entry.code != "booked" || entry.till != session.till) continue;
      const auto id = entry.facts.text("event");
      const auto at = std::find_if(session.booked.begin(), session.booked.end(),
                                   [&](const BookedEvent& event) { return id && event.id == *id; });
      if (at == session.booked.end()) continue;
      ++judgement_.judged;
      const std::string day(entry.facts.text("day").value_or(""));
      if (!session.day.empty() && day != session.day) {
        add(session, "is called another day", session.day, day + " on the screen");
      }
      amount(session, "the cash of what was booked", at->amount, entry.amount, "on the screen");
      if (at->kind != "day_closed" || !session.certain || may_lack(session)) continue;
      amount(session, "the difference", session.counted - session.sums.expected(),
             entry.fact("difference").value_or(0), "on the screen");
    }
  }

  // What was booked is in the cloud, once, as it was asked for.
  void booked(const DaySession& session) {
    const CloudLook* const look = evidence_.last_look();
    const Life& life = evidence_.life;
    if (look == nullptr || !life.quiet() || life.ended(session.till)) return;
    if (life.lost_power(session.till) || life.disk_faulted()) return;  // INV-01 judges these
    for (const BookedEvent& event : session.booked) {
      if (event.id.empty()) continue;
      ++judgement_.judged;
      const auto times = std::count_if(
          look->rows.begin(), look->rows.end(),
          [&](const CloudEntry& row) { return row.id == event.id && row.kind == event.kind; });
      if (times == 1) continue;
      add(session,
          fmt::format("booked {} as {}, which is not in the cloud once", event.kind, event.id),
          "once", std::to_string(times));
    }
  }

  // What comes after its day was closed is taken and flagged; nothing else is.
  void late(const DaySession& session) {
    const CloudEntry* const close = evidence_.in_cloud(session.close);
    for (const Due* due : session.dues) {
      if (due->id.empty()) continue;
      const CloudEntry* const row = evidence_.in_cloud(due->id);
      if (row == nullptr) {
        if (close != nullptr) refused(*due);
        continue;
      }
      ++judgement_.judged;
      const auto flag = row->facts.text("flag");
      const bool came_late = close != nullptr && row->v > close->v;
      if (came_late == flag.has_value() || (flag && *flag != "late_for_day")) continue;
      Violation violation = evidence_.witness(due->id);
      violation.what = came_late
                           ? fmt::format(
                                 "{} came to the cloud after its day was closed, and "
                                 "nobody is told.",
                                 evidence_.name(due->id))
                           : fmt::format("{} is called late, and its day was not closed before.",
                                         evidence_.name(due->id));
      violation.expected = came_late ? "the flag late_for_day" : "no flag";
      violation.seen = flag ? std::string(*flag) : "none";
      judgement_.violations.push_back(std::move(violation));
    }
  }

  // A report that calls a closed day whole has all of it.
  void reports() {
    for (const ReportLook& look : evidence_.tapes.reports) {
      DaySums right;
      bool judged = !look.closes.empty();
      for (const DaySession& session : evidence_.sessions->all()) {
        if (session.till == look.till && session.day.empty()) judged = false;  // of which day?
        if (session.till != look.till || session.day != look.day) continue;
        const bool told =
            std::any_of(look.closes.begin(), look.closes.end(),
                        [&](const ReportClose& close) { return close.event == session.close; });
        judged = judged && session.certain && session.number != 0 && told;
        right.sales += session.sums.sales;
        right.refunds += session.sums.refunds;
        right.sold += session.sums.sold;
        right.given_back += session.sums.given_back;
      }
      if (!judged) continue;
      ++judgement_.judged;
      const std::uint64_t all = right.sales + right.refunds;
      const std::uint64_t there = look.sales + look.refunds;
      const std::int64_t total = right.sold + right.given_back;
      const std::int64_t told = look.sold + look.given_back;
      const bool whole = look.outstanding == 0;
      if (whole ? all == there && total == told : there + look.outstanding >= all) continue;
      Violation violation;
      violation.till = look.till;
      violation.at = look.at;
      violation.what = fmt::format(
          "The cloud's report of {} at {} leaves out what is still to come, and says so of less.",
          look.day, look.till);
      violation.expected = fmt::format("{} documents over {}, or as many outstanding as lack", all,
                                       evidence_.money(total));
      violation.seen = fmt::format("{} documents over {}, {} outstanding", there,
                                   evidence_.money(told), look.outstanding);
      judgement_.violations.push_back(std::move(violation));
    }
  }

  Judgement take() { return std::move(judgement_); }

 private:
  void refused(const Due& due) {
    const auto& poisoned = evidence_.tapes.poisoned;
    const bool meant = std::find(poisoned.begin(), poisoned.end(), due.id) != poisoned.end();
    const Told* const told = evidence_.told(due.id);
    if (meant || told == nullptr || told->last_code != "day_closed") return;
    Violation violation = evidence_.witness(due.id);
    violation.what =
        fmt::format("{} was refused because its day is closed.", evidence_.name(due.id));
    violation.expected = "taken, and flagged";
    violation.seen = std::string(told->last_code);
    judgement_.violations.push_back(std::move(violation));
  }

  // Of a till whose database was made anew the report says what is missing; likewise of one that
  // was cleaned up in a day that nobody had opened. One that was opened keeps what its close
  // counts.
  [[nodiscard]] bool may_lack(const DaySession& session) const {
    if (evidence_.life.lost_power(session.till) || evidence_.life.disk_faulted()) return true;
    const auto& booked = session.booked;
    const bool opened = std::any_of(booked.begin(), booked.end(), [](const BookedEvent& event) {
      return event.kind == "day_opened";
    });
    const auto& orders = evidence_.tapes.orders;
    return std::any_of(orders.begin(), orders.end(), [&](const OrderEntry& order) {
      const bool cleaned = order.what == "clean_up" && !opened;
      return order.till == session.till && (cleaned || order.what == "full_resync");
    });
  }

  void compare(const DaySession& session, const ToldClose& told, std::string_view where) {
    ++judgement_.judged;
    if (!session.day.empty() && told.day != session.day) {
      add(session, "is called another day", session.day, told.day + " " + std::string(where));
    }
    if (told.number != session.number) {
      add(session, "has another number", std::to_string(session.number),
          fmt::format("{} {}", told.number, where));
    }
    amount(session, "the cash counted", session.counted, told.counted, where);
    if (where == "on paper") {
      amount(session, "the difference", told.counted - told.expected, told.difference.value_or(0),
             where);
    }
    if (told.missing > 0 && !may_lack(session)) {
      add(session, "is said to lack something", "nothing missing",
          fmt::format("{} missing {}", told.missing, where));
    }
    if (!session.certain || told.missing > 0) return;
    const DaySums& right = session.sums;
    const DaySums& seen = told.sums;
    count(session, "sales", right.sales, seen.sales, where);
    count(session, "refunds", right.refunds, seen.refunds, where);
    amount(session, "what was sold", right.sold, seen.sold, where);
    amount(session, "what was given back", right.given_back, seen.given_back, where);
    amount(session, "the cash taken", right.cash, told.cash, where);
    amount(session, "what was paid by other tenders", right.from_purse, told.from_purse, where);
    amount(session, "the float", right.cash_float, seen.cash_float, where);
    amount(session, "the cash put in", right.paid_in, seen.paid_in, where);
    amount(session, "the cash taken out", right.paid_out, seen.paid_out, where);
    amount(session, "the cash expected", right.expected(), told.expected, where);
    for (const auto& [rate, sum] : right.rates) {
      const auto at = seen.rates.find(rate);
      const ReportSum found = at == seen.rates.end() ? ReportSum() : at->second;
      const std::string of = fmt::format("{}.{:02} %", rate / 100, rate % 100);
      amount(session, "the goods at " + of, sum.goods, found.goods, where);
      amount(session, "the tax at " + of, sum.tax, found.tax, where);
    }
  }

  void amount(const DaySession& session, std::string_view what, std::int64_t right,
              std::int64_t seen, std::string_view where) {
    if (right == seen) return;
    add(session, fmt::format("has {} wrong", what), evidence_.money(right),
        fmt::format("{} {}", evidence_.money(seen), where));
  }

  void count(const DaySession& session, std::string_view what, std::uint64_t right,
             std::uint64_t seen, std::string_view where) {
    if (right == seen) return;
    add(session, fmt::format("counts other {}", what), std::to_string(right),
        fmt::format("{} {}", seen, where));
  }

  void add(const DaySession& session, std::string_view what, std::string expected,
           std::string seen) {
    Violation violation;
    violation.till = session.till;
    violation.sale = session.close;
    violation.at = session.closing != nullptr ? session.closing->at : evidence_.life.end();
    violation.line = session.closing != nullptr ? session.closing->line : 0;
    violation.what = fmt::format("The day {} at {} {}.", session.day, session.till, what);
    violation.expected = std::move(expected);
    violation.seen = std::move(seen);
    judgement_.violations.push_back(std::move(violation));
  }

  const Evidence& evidence_;
  Judgement judgement_;
};

Judgement check(const Evidence& evidence) {
  Checker checker(evidence);
  for (const DaySession& session : evidence.sessions->all()) {
    checker.booked(session);
    checker.shown(session);
    if (session.number == 0) continue;
    checker.close(session);
    checker.late(session);
  }
  checker.reports();
  return checker.take();
}

const words::Row<Invariant> kRow{Invariant{
    {.name = "INV-19",
     .doc = "A closed day is its sales, refunds and cash: on the Z report, in its event and, once "
            "nothing is outstanding, by the cloud's report; what comes after the close is taken "
            "and flagged, and each opening, movement of cash and close is in the cloud once.",
     .params = {},
     .example = "waive = { INV-19 = \"why it cannot hold here\" }"},
    "when quiet",
    "safety",
    check}};

}  // namespace
}  // namespace tillrig::oracle::inv_19_day_is_its_sales
