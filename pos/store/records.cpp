#include "pos/store/records.hpp"

#include "pos/base/assert.hpp"

#include <fmt/format.h>

namespace tillrig::store {
namespace {

using sqlite::Connection;
using sqlite::Statement;

// `beside` is 1 for what is read from the start while the rows with 0 are in effect.
constexpr const char* kRecordTables = R"sql(
CREATE TABLE IF NOT EXISTS record(
  tab TEXT NOT NULL, beside INTEGER NOT NULL, id TEXT NOT NULL, v INTEGER NOT NULL,
  deleted INTEGER NOT NULL, body TEXT NOT NULL, PRIMARY KEY(tab, beside, id)) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS reading(
  tab TEXT NOT NULL, beside INTEGER NOT NULL, epoch TEXT NOT NULL, v INTEGER NOT NULL,
  horizon INTEGER NOT NULL, PRIMARY KEY(tab, beside)) STRICT, WITHOUT ROWID;
)sql";

Result<bool> has_tables(Connection& book) {
  auto look = book.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'reading'");
  if (!look) return base::Failure(look.error());
  bool there = false;
  if (auto done = look->each([&](const Statement&) { there = true; }); !done) {
    return base::Failure(done.error());
  }
  return there;
}

template <class... Values>
Result<void> run(Connection& book, std::string_view sql, const Values&... values) {
  auto made = book.prepare(sql);
  if (!made) return base::Failure(made.error());
  return made->bind(values...).run();
}

Result<void> forget_beside(Connection& book, std::string_view table) {
  auto done = run(book, "DELETE FROM record WHERE tab = ? AND beside = 1", table);
  if (done) done = run(book, "DELETE FROM reading WHERE tab = ? AND beside = 1", table);
  return done;
}

bool begins(const Reading& asked) {
  return asked.anew && asked.v == 0 && asked.epoch.empty();
}

bool is_last(const wire::FeedPage& page) {
  return page.next >= page.head;
}

}  // namespace

Result<Reading> read_reading(Connection& book, std::string_view table) {
  Reading found;
  const auto there = has_tables(book);
  if (!there) return base::Failure(there.error());
  if (!*there) return found;
  auto look = book.prepare(
      "SELECT epoch, v, beside, horizon FROM reading WHERE tab = ? ORDER BY beside DESC LIMIT 1");
  if (!look) return base::Failure(look.error());
  auto done = look->bind(table).each([&](const Statement& row) {
    found = {row.text(0), row.count(1), row.whole(2) != 0, row.count(3)};
  });
  if (!done) return base::Failure(done.error());
  return found;
}

Result<std::vector<Record>> read_records(Connection& book, std::string_view table) {
  std::vector<Record> records;
  const auto there = has_tables(book);
  if (!there) return base::Failure(there.error());
  if (!*there) return records;
  auto look =
      book.prepare("SELECT id, deleted, body FROM record WHERE tab = ? AND beside = 0 ORDER BY id");
  if (!look) return base::Failure(look.error());
  auto done = look->bind(table).each([&](const Statement& row) {
    records.push_back({row.text(0), row.whole(1) != 0, row.text(2)});
  });
  if (!done) return base::Failure(done.error());
  return records;
}

Result<bool> keep_rows(Connection& book, std::string_view table, const Reading& asked,
                       const wire::FeedPage& page, bool tombstones) {
  TILLRIG_ASSERT(book.in_transaction(), "rows and how far they go change together");
  if (auto made = book.run(kRecordTables); !made) return base::Failure(made.error());
  if (begins(asked)) {
    if (auto done = forget_beside(book, table); !done) return base::Failure(done.error());
  }
  auto put = book.prepare("INSERT OR REPLACE INTO record VALUES(?, ?, ?, ?, ?, ?)");
  if (!put) return base::Failure(put.error());
  const int beside = asked.anew ? 1 : 0;
  bool changed = false;
  for (const wire::FeedRow& row : page.rows) {
    if (row.deleted && !tombstones) continue;
    changed = true;
    auto done = put->bind(table, beside, row.id, row.v, row.deleted ? 1 : 0, row.body).run();
    if (!done) return base::Failure(done.error());
  }
  if (!asked.anew) return changed;
  if (!is_last(page)) return false;
  auto done = run(book, "DELETE FROM record WHERE tab = ? AND beside = 0", table);
  if (done) done = run(book, "UPDATE record SET beside = 0 WHERE tab = ? AND beside = 1", table);
  if (!done) return base::Failure(done.error());
  return true;
}

Result<void> forget_rows(Connection& book, std::string_view table) {
  return run(book, "DELETE FROM record WHERE tab = ? AND beside = 0", table);
}

Result<void> keep_reading(Connection& book, std::string_view table, const Reading& asked,
                          const wire::FeedPage& page) {
  if (auto made = book.run(kRecordTables); !made) return made;
  const bool beside = asked.anew && !is_last(page);
  if (asked.anew && !beside) {
    auto gone = run(book, "DELETE FROM reading WHERE tab = ? AND beside = 1", table);
    if (!gone) return gone;
  }
  const std::uint64_t horizon = begins(asked) ? page.horizon : asked.horizon;
  return run(book, "INSERT OR REPLACE INTO reading VALUES(?, ?, ?, ?, ?)", table, beside ? 1 : 0,
             page.epoch, page.next, horizon);
}

}  // namespace tillrig::store
