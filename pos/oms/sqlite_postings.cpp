#include "pos/oms/sqlite_postings.hpp"

#include <utility>

namespace tillrig::oms {
namespace {

constexpr const char* kPostingTables = R"sql(
CREATE TABLE IF NOT EXISTS postings(
  n INTEGER PRIMARY KEY, event TEXT NOT NULL, ledger TEXT NOT NULL, key TEXT NOT NULL,
  amount INTEGER NOT NULL) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS postings_event ON postings(event, ledger, key);
CREATE INDEX IF NOT EXISTS postings_key ON postings(ledger, key, amount);
CREATE TABLE IF NOT EXISTS holds(
  id TEXT PRIMARY KEY, till TEXT NOT NULL, ledger TEXT NOT NULL, key TEXT NOT NULL,
  amount INTEGER NOT NULL, expires INTEGER NOT NULL, state TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS holds_kept ON holds(ledger, key, expires)
  WHERE state IN ('open', 'kept');
CREATE TABLE IF NOT EXISTS limits(
  ledger TEXT NOT NULL, key TEXT NOT NULL, amount INTEGER NOT NULL,
  PRIMARY KEY(ledger, key)) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS kept(
  id TEXT PRIMARY KEY, till TEXT NOT NULL, epoch INTEGER NOT NULL, seq INTEGER NOT NULL)
  STRICT, WITHOUT ROWID;
)sql";

struct PostingStatements {
  sqlite::Statement add, balance, read, hold, put_hold, reserved, holds, has, any, kept, put_kept,
      drop_kept, limit, put_limit, drop_limit;
};

HoldRow hold_of(const sqlite::Statement& row) {
  return {row.text(0),  row.text(1),  row.text(2), row.text(3),
          row.whole(4), row.whole(5), row.text(6)};
}

class SqlitePostings final : public Postings {
 public:
  explicit SqlitePostings(PostingStatements statements) : do_(std::move(statements)) {}

  Result<void> add(const Posting& posting) override {
    return do_.add.bind(posting.event, posting.ledger, posting.key, posting.amount).run();
  }

  Result<std::int64_t> balance(std::string_view ledger, std::string_view key) override {
    std::int64_t sum = 0;
    auto done = do_.balance.bind(ledger, key).each([&](const sqlite::Statement& row) {
      sum = row.whole(0);
    });
    if (!done) return base::Failure(done.error());
    return sum;
  }

  Result<std::vector<Posting>> read(std::uint64_t after, std::size_t most) override {
    std::vector<Posting> found;
    auto done = do_.read.bind(after, most).each([&](const sqlite::Statement& row) {
      found.push_back({row.count(0), row.text(1), row.text(2), row.text(3), row.whole(4)});
    });
    if (!done) return base::Failure(done.error());
    return found;
  }

  Result<std::optional<HoldRow>> hold(std::string_view id) override {
    std::optional<HoldRow> found;
    auto done = do_.hold.bind(id).each([&](const sqlite::Statement& row) { found = hold_of(row); });
    if (!done) return base::Failure(done.error());
    return found;
  }

  Result<void> put_hold(const HoldRow& h) override {
    return do_.put_hold.bind(h.id, h.till, h.ledger, h.key, h.amount, h.expires_ms, h.state).run();
  }

  Result<std::int64_t> reserved(std::string_view ledger, std::string_view key,
                                std::int64_t after_ms) override {
    std::int64_t sum = 0;
    auto done = do_.reserved.bind(ledger, key, after_ms).each([&](const sqlite::Statement& row) {
      sum = row.whole(0);
    });
    if (!done) return base::Failure(done.error());
    return sum;
  }

  Result<bool> has(std::string_view event, std::string_view ledger) override {
    bool found = false;
    auto done = do_.has.bind(event, ledger).each([&](const sqlite::Statement&) { found = true; });
    if (!done) return base::Failure(done.error());
    return found;
  }

  Result<bool> any(std::string_view ledger, std::string_view key) override {
    bool found = false;
    auto done = do_.any.bind(ledger, key).each([&](const sqlite::Statement&) { found = true; });
    if (!done) return base::Failure(done.error());
    return found;
  }

  Result<std::optional<std::int64_t>> limit(std::string_view ledger,
                                            std::string_view key) override {
    std::optional<std::int64_t> found;
    auto done = do_.limit.bind(ledger, key).each([&](const sqlite::Statement& row) {
      found = row.whole(0);
    });
    if (!done) return base::Failure(done.error());
    return found;
  }

  Result<void> put_limit(std::string_view ledger, std::string_view key,
                         std::optional<std::int64_t> limit) override {
    return limit ? do_.put_limit.bind(ledger, key, *limit).run()
                 : do_.drop_limit.bind(ledger, key).run();
  }

  Result<std::vector<KeptRow>> kept(std::string_view till) override {
    std::vector<KeptRow> found;
    auto done = do_.kept.bind(till).each([&](const sqlite::Statement& row) {
      const auto epoch = static_cast<std::uint32_t>(row.count(2));
      found.push_back({row.text(0), row.text(1), epoch, row.count(3)});
    });
    if (!done) return base::Failure(done.error());
    return found;
  }

  Result<void> put_kept(const KeptRow& row) override {
    return do_.put_kept.bind(row.id, row.till, row.epoch, row.seq).run();
  }

  Result<void> drop_kept(std::string_view id) override { return do_.drop_kept.bind(id).run(); }

  Result<std::vector<HoldRow>> holds(std::string_view after, std::size_t most) override {
    std::vector<HoldRow> found;
    auto done = do_.holds.bind(after, most).each([&](const sqlite::Statement& row) {
      found.push_back(hold_of(row));
    });
    if (!done) return base::Failure(done.error());
    return found;
  }

 private:
  PostingStatements do_;
};

struct PostingRow {
  sqlite::Statement PostingStatements::*which;
  std::string_view sql;
};

constexpr PostingRow kPostingRows[] = {
    {&PostingStatements::add,
     "INSERT INTO postings(event, ledger, key, amount) VALUES(?, ?, ?, ?)"},
    {&PostingStatements::balance,
     "SELECT coalesce(sum(amount), 0) FROM postings WHERE ledger = ? AND key = ?"},
    {&PostingStatements::read,
     "SELECT n, event, ledger, key, amount FROM postings WHERE n > ? ORDER BY n LIMIT ?"},
    {&PostingStatements::hold,
     "SELECT id, till, ledger, key, amount, expires, state FROM holds WHERE id = ?"},
    {&PostingStatements::put_hold, "INSERT OR REPLACE INTO holds VALUES(?, ?, ?, ?, ?, ?, ?)"},
    {&PostingStatements::reserved,
     "SELECT coalesce(sum(amount), 0) FROM holds "
     "WHERE ledger = ? AND key = ? AND (state = 'kept' OR expires > ?) "
     "AND state IN ('open', 'kept')"},
    {&PostingStatements::has, "SELECT 1 FROM postings WHERE event = ? AND ledger = ? LIMIT 1"},
    {&PostingStatements::any, "SELECT 1 FROM postings WHERE ledger = ? AND key = ? LIMIT 1"},
    {&PostingStatements::kept, "SELECT id, till, epoch, seq FROM kept WHERE till = ? ORDER BY id"},
    {&PostingStatements::put_kept, "INSERT OR REPLACE INTO kept VALUES(?, ?, ?, ?)"},
    {&PostingStatements::drop_kept, "DELETE FROM kept WHERE id = ?"},
    {&PostingStatements::limit, "SELECT amount FROM limits WHERE ledger = ? AND key = ?"},
    {&PostingStatements::put_limit, "INSERT OR REPLACE INTO limits VALUES(?, ?, ?)"},
    {&PostingStatements::drop_limit, "DELETE FROM limits WHERE ledger = ? AND key = ?"},
    {&PostingStatements::holds,
     "SELECT id, till, ledger, key, amount, expires, state FROM holds WHERE id > ? "
     "ORDER BY id LIMIT ?"},
};

}  // namespace

Result<std::unique_ptr<Postings>> open_postings(sqlite::Connection& connection) {
  if (auto made = connection.run(kPostingTables); !made) return base::Failure(made.error());
  PostingStatements statements;
  for (const PostingRow& row : kPostingRows) {
    auto prepared = connection.prepare(row.sql);
    if (!prepared) return base::Failure(prepared.error());
    statements.*row.which = *std::move(prepared);
  }
  return std::make_unique<SqlitePostings>(std::move(statements));
}

}  // namespace tillrig::oms
