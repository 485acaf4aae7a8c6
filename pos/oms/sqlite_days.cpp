#include "pos/oms/sqlite_days.hpp"

#include "pos/oms/order_parts.hpp"
#include "pos/wire/api.hpp"

#include <utility>

namespace tillrig::oms {
namespace {

using base::Money;
using sqlite::Statement;

// `spans` are the events that a close counts, `moves` the float and what was put in or taken out.
constexpr const char* kDayTables = R"sql(
CREATE INDEX IF NOT EXISTS orders_day ON orders(day, till);
CREATE TABLE IF NOT EXISTS moves(
  v INTEGER PRIMARY KEY, till TEXT NOT NULL, day TEXT NOT NULL, kind INTEGER NOT NULL,
  amount INTEGER NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS moves_day ON moves(day, till);
CREATE TABLE IF NOT EXISTS closes(
  v INTEGER PRIMARY KEY, till TEXT NOT NULL, day TEXT NOT NULL, event TEXT NOT NULL,
  number INTEGER NOT NULL, documents INTEGER NOT NULL, total INTEGER NOT NULL,
  expected INTEGER NOT NULL, counted INTEGER NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS closes_day ON closes(day, till);
CREATE TABLE IF NOT EXISTS spans(
  v INTEGER NOT NULL, till TEXT NOT NULL, epoch INTEGER NOT NULL, first INTEGER NOT NULL,
  last INTEGER NOT NULL, PRIMARY KEY(v, epoch)) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS spans_till ON spans(till, epoch, first);
)sql";

struct DayStatements {
  Statement move, close, span, closed, tills, days;
  Statement totals, parts, moved, closes, late, spans, held;
};

class SqliteDays final : public Days {
 public:
  SqliteDays(sqlite::Connection& connection, DayStatements statements)
      : connection_(connection), do_(std::move(statements)) {}

  Result<void> project(const wire::Event& event, std::uint64_t v) override {
    if (const auto* opened = std::get_if<wire::DayOpened>(&event.body)) {
      return move(event, v, opened->day, opened->cash_float);
    }
    if (const auto* moved = std::get_if<wire::CashMoved>(&event.body)) {
      return move(event, v, moved->day, moved->amount);
    }
    if (const auto* closed = std::get_if<wire::DayClosed>(&event.body)) {
      return close(event.id, v, *closed);
    }
    return {};
  }

  Result<void> clear() override {
    for (const char* sql : {"DELETE FROM moves", "DELETE FROM closes", "DELETE FROM spans"}) {
      if (auto done = connection_.run(sql); !done) return done;
    }
    return {};
  }

  Result<std::vector<wire::Span>> closed(std::string_view till, std::uint32_t epoch,
                                         std::uint64_t first, std::uint64_t last) override {
    std::vector<wire::Span> found;
    auto done = do_.closed.bind(till, epoch, last, first).each([&](const Statement& row) {
      found.push_back({epoch, row.count(0), row.count(1)});
    });
    if (!done) return base::Failure(done.error());
    return found;
  }

  Result<std::vector<std::string>> tills(std::string_view day) override {
    return texts(do_.tills.bind(day, day, day));
  }

  Result<std::vector<std::string>> days(std::string_view after, std::size_t most) override {
    return texts(do_.days.bind(after, after, after, most));
  }

  Result<wire::DayReport> report(std::string_view till, std::string_view day) override {
    wire::DayReport report;
    report.till = till;
    report.day = day;
    auto done = do_.totals.bind(till, day).each([&](const Statement& row) {
      const bool refund = row.whole(0) != 0;
      (refund ? report.refunds : report.sales) = row.count(1);
      (refund ? report.given_back : report.sold) = Money{row.whole(2)};
    });
    if (done) done = add_parts(till, day, report);
    if (done) {
      done = do_.moved.bind(till, day).each([&](const Statement& row) {
        const Money amount{row.whole(1)};
        const bool in_float =
            row.whole(0) == static_cast<std::int64_t>(wire::EventKind::day_opened);
        Money& into = amount < Money{} ? report.paid_out : report.paid_in;
        (in_float ? report.cash_float : into) += amount;
      });
    }
    if (done) {
      done = do_.closes.bind(till, day, wire::kReportCloses).each([&](const Statement& row) {
        report.closes.push_back({row.text(0),
                                 row.count(1),
                                 row.count(2),
                                 {row.whole(3)},
                                 {row.whole(4)},
                                 {row.whole(5)}});
      });
    }
    if (done) {
      done =
          do_.late.bind(till, day).each([&](const Statement& row) { report.late = row.count(0); });
    }
    if (!done) return base::Failure(done.error());
    return report;
  }

  Result<Outstanding> outstanding(std::string_view till, std::string_view day,
                                  std::size_t most) override {
    std::vector<wire::Span> spans;
    auto done = do_.spans.bind(till, day).each([&](const Statement& row) {
      spans.push_back({static_cast<std::uint32_t>(row.count(0)), row.count(1), row.count(2)});
    });
    Outstanding found;
    for (const wire::Span& span : spans) {
      std::uint64_t next = span.first;
      const auto missing = [&](std::uint64_t until) {  // what lies before it
        found.count += until - next;
        for (; next < until && found.first.size() < most; ++next) {
          found.first.push_back(fmt::format("{}.{}", span.epoch, next));
        }
      };
      if (done) {
        done =
            do_.held.bind(till, span.epoch, span.first, span.last).each([&](const Statement& row) {
              if (row.count(0) < next) return;
              missing(row.count(0));
              next = row.count(0) + 1;
            });
      }
      if (span.last + 1 > next) missing(span.last + 1);
    }
    if (!done) return base::Failure(done.error());
    return found;
  }

 private:
  // What a document's taxes and payments add to a day.
  Result<void> add_parts(std::string_view till, std::string_view day, wire::DayReport& report) {
    Taxes taxes;
    Tenders tenders;
    bool sound = true;
    auto done = do_.parts.bind(till, day).each([&](const Statement& row) {
      sound = add_taxes(row.view(0), taxes) && add_payments(row.view(1), tenders) && sound;
    });
    if (!done) return done;
    if (!sound) {
      return base::fail(base::Code::corrupt,
                        "the taxes and payments of {} on {} cannot be read as they were written",
                        till, day);
    }
    for (const auto& [rate, taxed] : taxes) {
      report.rates.push_back({{rate}, taxed.goods, taxed.tax});
    }
    for (const auto& [kind, amount] : tenders) report.tenders.push_back({kind, amount});
    return {};
  }

  Result<std::vector<std::string>> texts(Statement& statement) {
    std::vector<std::string> found;
    auto done = statement.each([&](const Statement& row) { found.push_back(row.text(0)); });
    if (!done) return base::Failure(done.error());
    return found;
  }

  Result<void> move(const wire::Event& event, std::uint64_t v, std::string_view day, Money amount) {
    return do_.move.bind(v, event.id.till, day, static_cast<std::int64_t>(event.kind), amount.minor)
        .run();
  }

  Result<void> close(const base::EventId& id, std::uint64_t v, const wire::DayClosed& closed) {
    auto done = do_.close
                    .bind(v, id.till, closed.day, id.text(), closed.number,
                          closed.sales + closed.refunds, (closed.sold + closed.given_back).minor,
                          closed.expected.minor, closed.counted.minor)
                    .run();
    for (const wire::Span& span : closed.spans) {
      if (done) done = do_.span.bind(v, id.till, span.epoch, span.first, span.last).run();
    }
    return done;
  }

  sqlite::Connection& connection_;
  DayStatements do_;
};

struct DayRow {
  Statement DayStatements::*which;
  std::string_view sql;
};

constexpr DayRow kDayRows[] = {
    {&DayStatements::move, "INSERT INTO moves VALUES(?,?,?,?,?)"},
    {&DayStatements::close, "INSERT INTO closes VALUES(?,?,?,?,?,?,?,?,?)"},
    {&DayStatements::span, "INSERT OR REPLACE INTO spans VALUES(?,?,?,?,?)"},
    {&DayStatements::closed,
     "SELECT first, last FROM spans WHERE till=? AND epoch=? AND first<=? AND last>=?"},
    {&DayStatements::tills,
     "SELECT till FROM orders WHERE day=? UNION SELECT till FROM moves WHERE day=? "
     "UNION SELECT till FROM closes WHERE day=? ORDER BY 1"},
    {&DayStatements::days,
     "SELECT day FROM orders WHERE day>? UNION SELECT day FROM moves WHERE day>? "
     "UNION SELECT day FROM closes WHERE day>? ORDER BY 1 LIMIT ?"},
    {&DayStatements::totals,
     "SELECT of <> '', count(*), sum(total) FROM orders WHERE till=? AND day=? GROUP BY 1"},
    {&DayStatements::parts, "SELECT taxes, payments FROM orders WHERE till=? AND day=?"},
    {&DayStatements::moved, "SELECT kind, amount FROM moves WHERE till=? AND day=? ORDER BY v"},
    {&DayStatements::closes,
     "SELECT event, number, documents, total, expected, counted FROM closes "
     "WHERE till=? AND day=? ORDER BY number LIMIT ?"},
    {&DayStatements::late,
     "SELECT count(*) FROM orders o JOIN flagged f ON f.v = o.v "
     "WHERE o.till=? AND o.day=? AND f.why='late_for_day'"},
    {&DayStatements::spans,
     "SELECT s.epoch, s.first, s.last FROM closes c JOIN spans s ON s.v = c.v "
     "WHERE c.till=? AND c.day=? ORDER BY 1, 2"},
    {&DayStatements::held,
     "SELECT seq FROM events WHERE till=? AND epoch=? AND seq>=? AND seq<=? ORDER BY seq"},
};

}  // namespace

Result<std::unique_ptr<Days>> open_days(sqlite::Connection& connection) {
  if (auto made = connection.run(kDayTables); !made) return base::Failure(made.error());
  DayStatements statements;
  for (const DayRow& row : kDayRows) {
    auto prepared = connection.prepare(row.sql);
    if (!prepared) return base::Failure(prepared.error());
    statements.*row.which = *std::move(prepared);
  }
  return std::make_unique<SqliteDays>(connection, std::move(statements));
}

}  // namespace tillrig::oms
