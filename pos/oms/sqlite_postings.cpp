#include "pos/oms/sqlite_postings.hpp"

#include "pos/base/assert.hpp"
#include "pos/base/varint.hpp"
#include "pos/wire/stock.hpp"

#include <utility>

namespace tillrig::oms {
namespace {

// A row is one posting, or of goods all that an event moves: then it has no key, and `goods` has
// each item with its amount.
constexpr const char* kPostingTables = R"sql(
CREATE TABLE IF NOT EXISTS postings(
  row INTEGER PRIMARY KEY, event TEXT NOT NULL, ledger TEXT NOT NULL, key TEXT NOT NULL,
  amount INTEGER NOT NULL, goods BLOB NOT NULL) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS postings_event ON postings(event, ledger, key);
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
  sqlite::Statement add, read, tail, hold, put_hold, reserved, holds, has, kept, any_kept, put_kept,
      drop_kept, limit, put_limit, drop_limit;
};

// A posting's number is its row's and its place in it.
constexpr std::uint64_t kPlaces = 1'024;
static_assert(kMostGoods < kPlaces);

// Calls use(posting) for each posting of a row of the table, in their order.
template <class Use>
void each_posting(const sqlite::Statement& row, Use use) {
  Posting posting{row.count(0) * kPlaces, row.text(1), row.text(2), row.text(3), row.whole(4)};
  base::VarintReader goods(row.view(5));
  if (goods.empty()) return use(posting);
  for (; !goods.empty(); ++posting.n) {
    const auto sku = goods.text();
    const auto amount = sku ? goods.signed_varint() : base::Failure(sku.error());
    if (!amount) return;  // damaged: what is told is what can be read
    posting.key = *sku;
    posting.amount = *amount;
    use(posting);
  }
}

HoldRow hold_of(const sqlite::Statement& row) {
  return {row.text(0),  row.text(1),  row.text(2), row.text(3),
          row.whole(4), row.whole(5), row.text(6)};
}

class PostingTables final : public SqlitePostings {
 public:
  PostingTables(sqlite::Connection& connection, PostingStatements statements, Sums& sums)
      : connection_(connection), do_(std::move(statements)), sums_(sums) {}

  Result<void> add(const Posting& p) override {
    auto done = do_.add.bind(p.event, p.ledger, p.key, p.amount, sqlite::Blob{}).run();
    if (done) sums_.add(p.ledger, p.key, p.amount, connection_.last_row());
    return done;
  }

  Result<void> add_goods(std::string_view event, std::span<const Goods> goods) override {
    TILLRIG_ASSERT(goods.size() <= kMostGoods, "a row has room for what an event moves");
    if (goods.empty()) return {};
    packed_.clear();
    for (const Goods& each : goods) {
      base::append_text(packed_, each.sku);
      base::append_signed(packed_, each.amount);
    }
    const std::string_view no_key;
    auto done = do_.add.bind(event, wire::kStockLedger, no_key, 0, sqlite::Blob{packed_}).run();
    if (!done) return done;
    for (const Goods& each : goods) {
      sums_.add(wire::kStockLedger, each.sku, each.amount, connection_.last_row());
    }
    return {};
  }

  // The sums as they were left, and what the newest postings add.
  Result<void> resume() {
    const auto through = sums_.through();
    if (!through) return base::Failure(through.error());
    auto read = do_.tail.bind(*through).each([&](const sqlite::Statement& row) {
      each_posting(row,
                   [&](const Posting& p) { sums_.add(p.ledger, p.key, p.amount, row.count(0)); });
    });
    sums_.settled();
    return read;
  }

  Result<std::int64_t> balance(std::string_view ledger, std::string_view key) override {
    const auto sum = sums_.of(ledger, key);
    if (!sum) return base::Failure(sum.error());
    return sum->value_or(0);
  }

  Result<std::vector<Posting>> read(std::uint64_t after, std::size_t most) override {
    std::vector<Posting> found;
    auto done = do_.read.bind(after / kPlaces, most + 1).each([&](const sqlite::Statement& row) {
      each_posting(row, [&](const Posting& posting) {
        if (posting.n > after && found.size() < most) found.push_back(posting);
      });
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
    const auto sum = sums_.of(ledger, key);
    if (!sum) return base::Failure(sum.error());
    return sum->has_value();
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
    if (none_kept_) return found;
    bool any = false;
    auto looked = do_.any_kept.each([&](const sqlite::Statement&) { any = true; });
    if (!looked) return base::Failure(looked.error());
    none_kept_ = !any;
    auto done = do_.kept.bind(till).each([&](const sqlite::Statement& row) {
      const auto epoch = static_cast<std::uint32_t>(row.count(2));
      found.push_back({row.text(0), row.text(1), epoch, row.count(3)});
    });
    if (!done) return base::Failure(done.error());
    return found;
  }

  Result<void> put_kept(const KeptRow& row) override {
    none_kept_ = false;
    return do_.put_kept.bind(row.id, row.till, row.epoch, row.seq).run();
  }

  Result<void> drop_kept(std::string_view id) override { return do_.drop_kept.bind(id).run(); }

  void forget() override { none_kept_ = false; }

  Result<std::vector<HoldRow>> holds(std::string_view after, std::size_t most) override {
    std::vector<HoldRow> found;
    auto done = do_.holds.bind(after, most).each([&](const sqlite::Statement& row) {
      found.push_back(hold_of(row));
    });
    if (!done) return base::Failure(done.error());
    return found;
  }

 private:
  sqlite::Connection& connection_;
  PostingStatements do_;
  Sums& sums_;
  bool none_kept_ = false;  // as is usual: then no event needs a look at the table
  base::Bytes packed_;
};

struct PostingRow {
  sqlite::Statement PostingStatements::*which;
  std::string_view sql;
};

constexpr PostingRow kPostingRows[] = {
    {&PostingStatements::add,
     "INSERT INTO postings(event, ledger, key, amount, goods) VALUES(?, ?, ?, ?, ?)"},
    {&PostingStatements::read,
     "SELECT row, event, ledger, key, amount, goods FROM postings WHERE row >= ? ORDER BY row "
     "LIMIT ?"},
    {&PostingStatements::tail,
     "SELECT row, event, ledger, key, amount, goods FROM postings WHERE row > ?"},
    {&PostingStatements::hold,
     "SELECT id, till, ledger, key, amount, expires, state FROM holds WHERE id = ?"},
    {&PostingStatements::put_hold, "INSERT OR REPLACE INTO holds VALUES(?, ?, ?, ?, ?, ?, ?)"},
    {&PostingStatements::reserved,
     "SELECT coalesce(sum(amount), 0) FROM holds "
     "WHERE ledger = ? AND key = ? AND (state = 'kept' OR expires > ?) "
     "AND state IN ('open', 'kept')"},
    {&PostingStatements::has, "SELECT 1 FROM postings WHERE event = ? AND ledger = ? LIMIT 1"},
    {&PostingStatements::any_kept, "SELECT 1 FROM kept LIMIT 1"},
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

Result<std::unique_ptr<SqlitePostings>> open_postings(sqlite::Connection& connection, Sums& sums) {
  if (auto made = connection.run(kPostingTables); !made) return base::Failure(made.error());
  PostingStatements statements;
  for (const PostingRow& row : kPostingRows) {
    auto prepared = connection.prepare(row.sql);
    if (!prepared) return base::Failure(prepared.error());
    statements.*row.which = *std::move(prepared);
  }
  auto tables = std::make_unique<PostingTables>(connection, std::move(statements), sums);
  if (auto resumed = tables->resume(); !resumed) return base::Failure(resumed.error());
  return tables;
}

}  // namespace tillrig::oms
