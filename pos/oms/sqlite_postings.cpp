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
)sql";

class SqlitePostings final : public Postings {
 public:
  SqlitePostings(sqlite::Statement add, sqlite::Statement balance, sqlite::Statement read)
      : add_(std::move(add)), balance_(std::move(balance)), read_(std::move(read)) {}

  Result<void> add(const Posting& posting) override {
    return add_.bind(posting.event, posting.ledger, posting.key, posting.amount).run();
  }

  Result<std::int64_t> balance(std::string_view ledger, std::string_view key) override {
    std::int64_t sum = 0;
    auto done =
        balance_.bind(ledger, key).each([&](const sqlite::Statement& row) { sum = row.whole(0); });
    if (!done) return base::Failure(done.error());
    return sum;
  }

  Result<std::vector<Posting>> read(std::uint64_t after, std::size_t most) override {
    std::vector<Posting> found;
    auto done = read_.bind(after, most).each([&](const sqlite::Statement& row) {
      found.push_back({row.count(0), row.text(1), row.text(2), row.text(3), row.whole(4)});
    });
    if (!done) return base::Failure(done.error());
    return found;
  }

 private:
  sqlite::Statement add_;
  sqlite::Statement balance_;
  sqlite::Statement read_;
};

}  // namespace

Result<std::unique_ptr<Postings>> open_postings(sqlite::Connection& connection) {
  if (auto made = connection.run(kPostingTables); !made) return base::Failure(made.error());
  auto add =
      connection.prepare("INSERT INTO postings(event, ledger, key, amount) VALUES(?, ?, ?, ?)");
  if (!add) return base::Failure(add.error());
  auto balance = connection.prepare(
      "SELECT coalesce(sum(amount), 0) FROM postings WHERE ledger = ? AND key = ?");
  if (!balance) return base::Failure(balance.error());
  auto read = connection.prepare(
      "SELECT n, event, ledger, key, amount FROM postings WHERE n > ? ORDER BY n LIMIT ?");
  if (!read) return base::Failure(read.error());
  return std::make_unique<SqlitePostings>(*std::move(add), *std::move(balance), *std::move(read));
}

}  // namespace tillrig::oms
