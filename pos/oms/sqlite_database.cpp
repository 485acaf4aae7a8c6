#include "pos/oms/sqlite_database.hpp"

#include "pos/oms/formats.hpp"
#include "pos/oms/order_parts.hpp"
#include "pos/oms/sqlite_days.hpp"
#include "pos/oms/sqlite_homes.hpp"
#include "pos/oms/sqlite_postings.hpp"
#include "pos/oms/sqlite_schema.hpp"
#include "pos/sqlite/connection.hpp"
#include "pos/sqlite/transaction.hpp"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

namespace tillrig::oms {
namespace {

using base::Code;
using sqlite::Blob;
using sqlite::Connection;
using sqlite::Statement;

struct Statements {
  Statement begin, commit, rollback, savepoint, release, undo;
  Statement find, held, insert, bodies, order, clear_orders;
  Statement generation, set_generation, states, state, set_state, run;
  Statement refuse, drop_refusal, refused, blocked, refusals, audit;
  Statement body, refunds, number, flag, unflag;
  Statement feed_head, set_feed_head, feed_row, drop_feed_row, put_feed_row, feed;
};

struct Row {
  Statement Statements::*which;
  std::string_view sql;
};

constexpr Row kRows[] = {
    {&Statements::begin, "BEGIN IMMEDIATE"},
    {&Statements::commit, "COMMIT"},
    {&Statements::rollback, "ROLLBACK"},
    {&Statements::savepoint, "SAVEPOINT item"},
    {&Statements::release, "RELEASE item"},
    {&Statements::undo, "ROLLBACK TO item"},
    {&Statements::find,
     "SELECT e.hash, e.v, e.kind, f.why FROM events e LEFT JOIN flagged f ON f.v = e.v "
     "WHERE e.till=? AND e.epoch=? AND e.seq=?"},
    {&Statements::held,
     "SELECT e.seq, e.hash, e.v, e.kind, f.why FROM events e LEFT JOIN flagged f ON f.v = e.v "
     "WHERE e.till=? AND e.epoch=? AND e.seq>=? AND e.seq<=?"},
    {&Statements::insert,
     "INSERT INTO events(till, epoch, seq, kind, generation, received, hash, body) "
     "VALUES(?,?,?,?,?,?,?,?)"},
    {&Statements::bodies, "SELECT v, body FROM events WHERE v>? ORDER BY v LIMIT ?"},
    {&Statements::order, "INSERT INTO orders VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?)"},
    {&Statements::clear_orders, "DELETE FROM orders"},
    {&Statements::generation, "SELECT generation FROM tills WHERE till=?"},
    {&Statements::set_generation, "INSERT OR REPLACE INTO tills VALUES(?,?)"},
    {&Statements::states,
     "SELECT epoch, high_no, contiguous_seq FROM till_state WHERE till=? ORDER BY epoch DESC "
     "LIMIT ?"},
    {&Statements::state,
     "SELECT epoch, high_no, contiguous_seq FROM till_state WHERE till=? AND epoch=?"},
    {&Statements::set_state, "INSERT OR REPLACE INTO till_state VALUES(?,?,?,?)"},
    {&Statements::run, "SELECT seq FROM events WHERE till=? AND epoch=? AND seq>? ORDER BY seq"},
    {&Statements::refuse, "INSERT OR REPLACE INTO refused VALUES(?,?,?,?,?,?,?)"},
    {&Statements::drop_refusal, "DELETE FROM refused WHERE till=? AND epoch=? AND seq=?"},
    {&Statements::refused,
     "SELECT seq FROM refused WHERE till=? AND epoch=? AND seq>=? AND seq<=?"},
    {&Statements::blocked,
     "SELECT 1 FROM refused r WHERE aggregate=? AND id = aggregate AND till=? AND "
     "(epoch, seq) < (?, ?) AND NOT "
     "EXISTS "
     "(SELECT 1 FROM events e WHERE e.till=r.till AND e.epoch=r.epoch AND e.seq=r.seq) LIMIT 1"},
    {&Statements::refusals,
     "SELECT till, epoch, seq, id, aggregate, code, received FROM refused "
     "WHERE (till, epoch, seq) > (?, ?, ?) ORDER BY till, epoch, seq LIMIT ?"},
    {&Statements::audit,
     "SELECT e.v, e.till, e.epoch, e.seq, e.kind, e.generation, e.body, o.number, o.total, o.tax, "
     "o.lines, o.paid, o.of, f.why "
     "FROM events e LEFT JOIN orders o ON o.v = e.v LEFT JOIN flagged f ON f.v = e.v "
     "WHERE e.v>? ORDER BY e.v LIMIT ?"},
    {&Statements::body, "SELECT body FROM events WHERE till=? AND epoch=? AND seq=? ORDER BY v"},
    {&Statements::refunds,
     "SELECT e.body FROM orders o JOIN events e ON e.v = o.v WHERE o.of = ? AND o.of <> '' "
     "ORDER BY o.v"},
    {&Statements::number,
     "SELECT e.seq FROM orders o JOIN events e ON e.v = o.v "
     "WHERE o.till=? AND o.epoch=? AND o.number=? LIMIT 1"},
    {&Statements::flag, "INSERT OR REPLACE INTO flagged VALUES(?,?)"},
    {&Statements::unflag,
     "DELETE FROM flagged WHERE why=? AND v IN (SELECT v FROM events WHERE till=? AND epoch=?)"},
    {&Statements::feed_head, "SELECT v, horizon, ids FROM feed_head"},
    {&Statements::set_feed_head, "UPDATE feed_head SET v=?, horizon=?, ids=?"},
    {&Statements::feed_row,
     "SELECT v, id, rev, deleted, body FROM feed WHERE collection=? AND id=?"},
    {&Statements::drop_feed_row, "DELETE FROM feed WHERE collection=? AND id=?"},
    {&Statements::put_feed_row, "INSERT INTO feed VALUES(?,?,?,?,?,?)"},
    {&Statements::feed,
     "SELECT v, id, rev, deleted, body FROM feed WHERE collection=? AND v>? ORDER BY v LIMIT ?"},
};

wire::FeedRow feed_row_of(const Statement& row) {
  return {row.count(0), row.text(1), row.count(2), row.whole(3) != 0, row.text(4)};
}

class SqliteDatabase final : public Database {
 public:
  SqliteDatabase(std::unique_ptr<Connection> connection, Statements statements,
                 std::unique_ptr<Sums> sums, std::unique_ptr<SqlitePostings> postings,
                 std::unique_ptr<Days> days, std::unique_ptr<Homes> homes, Identity identity)
      : connection_(std::move(connection)),
        do_(std::move(statements)),
        sums_(std::move(sums)),
        postings_(std::move(postings)),
        days_(std::move(days)),
        homes_(std::move(homes)),
        identity_(std::move(identity)) {}

  const Identity& identity() const override { return identity_; }

  Result<void> usable() const override {
    if (dead_.empty()) return {};
    return base::fail(Code::dead_file,
                      "{}; the file is not trusted again: mend the disk and restart the cloud",
                      dead_);
  }

  Result<void> begin() override {
    if (auto fit = usable(); !fit) return fit;
    return do_.begin.run();
  }

  Result<void> commit() override {
    auto done = sums_->settle();
    if (done) done = do_.commit.run();
    if (!done && done.error().code == Code::dead_file) die(done.error().what);
    if (!done) return done;
    sums_->settled();
    checkpoint_if_due();
    return done;
  }

  void rollback() override {
    sums_->undo(0);
    postings_->forget();
    // SQLite has rolled back by itself after some errors; then there is nothing left to do.
    if (!connection_->in_transaction()) return;
    if (auto done = do_.rollback.run(); !done) die(done.error().what);
  }

  Result<void> savepoint() override {
    summed_ = sums_->added();
    return do_.savepoint.run();
  }
  Result<void> keep() override { return do_.release.run(); }
  Result<void> undo() override {
    sums_->undo(summed_);
    postings_->forget();
    if (auto done = do_.undo.run(); !done) return done;
    return do_.release.run();
  }

  Result<std::optional<Held>> find(const base::EventId& id) override {
    std::optional<Held> found;
    auto done = do_.find.bind(id.till, id.epoch, id.seq).each([&](const Statement& row) {
      found =
          Held{row.hash(0), row.count(1), static_cast<wire::EventKind>(row.whole(2)), row.text(3)};
    });
    if (!done) return base::Failure(done.error());
    return found;
  }

  Result<std::map<std::uint64_t, Held>> held(std::string_view till, std::uint32_t epoch,
                                             std::uint64_t first, std::uint64_t last) override {
    std::map<std::uint64_t, Held> found;
    auto done = do_.held.bind(till, epoch, first, last).each([&](const Statement& row) {
      found[row.count(0)] =
          Held{row.hash(1), row.count(2), static_cast<wire::EventKind>(row.whole(3)), row.text(4)};
    });
    if (!done) return base::Failure(done.error());
    return found;
  }

  Result<std::uint64_t> insert(const NewEvent& made) override {
    const base::EventId& id = made.event.id;
    auto done =
        do_.insert
            .bind(id.till, id.epoch, id.seq, static_cast<std::int64_t>(made.event.kind),
                  made.generation, made.received.ms, Blob{made.hash.view()}, Blob{made.body})
            .run();
    if (!done) return base::Failure(done.error());
    return connection_->last_row();
  }

  Result<std::vector<StoredBody>> bodies(std::uint64_t after_v, std::size_t most) override {
    std::vector<StoredBody> found;
    auto done = do_.bodies.bind(after_v, most).each([&](const Statement& row) {
      found.push_back(StoredBody{row.count(0), row.text(1)});
    });
    if (!done) return base::Failure(done.error());
    return found;
  }

  Result<void> project(const wire::Event& event, std::uint64_t v) override {
    if (auto done = days_->project(event, v); !done) return done;
    const auto* document = std::get_if<wire::Document>(&event.body);
    if (document == nullptr) return {};
    base::Money lines;
    for (const wire::Line& line : document->lines) lines += line.total;
    base::Money paid;
    for (const wire::Payment& payment : document->payments) paid += payment.amount;
    const Bytes taxes = pack_taxes(*document);
    const Bytes payments = pack_payments(*document);
    return do_.order
        .bind(v, event.id.till, event.id.epoch, document->number, document->day, document->currency,
              lines.minor, document->total.minor, document->tax.minor, document->of, paid.minor,
              Blob{taxes}, Blob{payments})
        .run();
  }

  Result<std::optional<Bytes>> body(const base::EventId& id) override {
    std::optional<Bytes> found;
    auto done = do_.body.bind(id.till, id.epoch, id.seq).each([&](const Statement& row) {
      if (!found) found = Bytes(row.view(0));
    });
    if (!done) return base::Failure(done.error());
    return found;
  }

  Result<std::vector<Bytes>> refunds_of(std::string_view sale) override {
    std::vector<Bytes> found;
    auto done =
        do_.refunds.bind(sale).each([&](const Statement& row) { found.emplace_back(row.view(0)); });
    if (!done) return base::Failure(done.error());
    return found;
  }

  Result<std::optional<base::EventId>> numbered(std::string_view till, std::uint32_t epoch,
                                                std::uint64_t number) override {
    std::optional<base::EventId> found;
    auto done = do_.number.bind(till, epoch, number).each([&](const Statement& row) {
      found = base::EventId{std::string(till), epoch, row.count(0)};
    });
    if (!done) return base::Failure(done.error());
    return found;
  }

  Result<void> flag(std::uint64_t v, std::string_view why) override {
    return do_.flag.bind(v, why).run();
  }

  Result<void> unflag(std::string_view till, std::uint32_t epoch, std::string_view why) override {
    return do_.unflag.bind(why, till, epoch).run();
  }

  Result<void> clear_projections() override {
    if (auto done = do_.clear_orders.run(); !done) return done;
    return days_->clear();
  }

  Result<std::uint64_t> generation(std::string_view till) override {
    std::uint64_t found = 0;
    auto done = do_.generation.bind(till).each([&](const Statement& row) { found = row.count(0); });
    if (!done) return base::Failure(done.error());
    return found;
  }

  Result<void> set_generation(std::string_view till, std::uint64_t generation) override {
    return do_.set_generation.bind(till, generation).run();
  }

  Result<std::vector<State>> states(std::string_view till, std::size_t most) override {
    std::vector<State> found;
    auto done = do_.states.bind(till, most).each([&](const Statement& row) {
      found.push_back(State{static_cast<std::uint32_t>(row.count(0)), row.count(1), row.count(2)});
    });
    if (!done) return base::Failure(done.error());
    std::reverse(found.begin(), found.end());
    return found;
  }

  Result<State> state(std::string_view till, std::uint32_t epoch) override {
    State found{epoch, 0, 0};
    auto done = do_.state.bind(till, epoch).each([&](const Statement& row) {
      found.number = row.count(1);
      found.contiguous_through = row.count(2);
    });
    if (!done) return base::Failure(done.error());
    return found;
  }

  Result<void> set_state(std::string_view till, const State& state) override {
    return do_.set_state.bind(till, state.epoch, state.contiguous_through, state.number).run();
  }

  Result<std::uint64_t> run_end(std::string_view till, std::uint32_t epoch,
                                std::uint64_t seq) override {
    Statement& run = do_.run.bind(till, epoch, seq);
    const sqlite::ResetAtEnd reset_at_end(run);
    for (;;) {
      const auto row = run.step();
      if (!row) return base::Failure(row.error());
      if (!*row || run.count(0) > seq + 1) return seq;
      seq = run.count(0);
    }
  }

  Result<void> keep_refusal(const Refusal& r) override {
    return do_.refuse.bind(r.till, r.epoch, r.seq, r.id, r.aggregate, r.code, r.received.ms).run();
  }

  Result<void> drop_refusal(const base::EventId& id) override {
    return do_.drop_refusal.bind(id.till, id.epoch, id.seq).run();
  }

  Result<std::set<std::uint64_t>> refused(std::string_view till, std::uint32_t epoch,
                                          std::uint64_t first, std::uint64_t last) override {
    std::set<std::uint64_t> found;
    auto done = do_.refused.bind(till, epoch, first, last).each([&](const Statement& row) {
      found.insert(row.count(0));
    });
    if (!done) return base::Failure(done.error());
    return found;
  }

  Result<bool> blocked(std::string_view aggregate, const base::EventId& id) override {
    bool found = false;
    auto done = do_.blocked.bind(aggregate, id.till, id.epoch, id.seq).each([&](const Statement&) {
      found = true;
    });
    if (!done) return base::Failure(done.error());
    return found;
  }

  Result<std::vector<Refusal>> refusals(const base::EventId& after, std::size_t most) override {
    std::vector<Refusal> found;
    auto done =
        do_.refusals.bind(after.till, after.epoch, after.seq, most).each([&](const Statement& row) {
          found.push_back(Refusal{row.text(0), static_cast<std::uint32_t>(row.count(1)),
                                  row.count(2), row.text(3), row.text(4), row.text(5),
                                  base::WallTime{row.whole(6)}});
        });
    if (!done) return base::Failure(done.error());
    return found;
  }

  Result<FeedHead> feed_head() override {
    FeedHead head;
    auto done = do_.feed_head.bind().each([&](const Statement& row) {
      head = {row.count(0), row.count(1), row.count(2)};
    });
    if (!done) return base::Failure(done.error());
    return head;
  }

  Result<void> set_feed_head(const FeedHead& head) override {
    return do_.set_feed_head.bind(head.v, head.horizon, head.ids).run();
  }

  Result<std::optional<wire::FeedRow>> feed_row(std::string_view collection,
                                                std::string_view id) override {
    std::optional<wire::FeedRow> found;
    auto done = do_.feed_row.bind(collection, id).each([&](const Statement& row) {
      found = feed_row_of(row);
    });
    if (!done) return base::Failure(done.error());
    return found;
  }

  Result<void> put_feed_row(std::string_view collection, const wire::FeedRow& row) override {
    if (auto done = do_.drop_feed_row.bind(collection, row.id).run(); !done) return done;
    return do_.put_feed_row.bind(row.v, collection, row.id, row.rev, row.deleted ? 1 : 0, row.body)
        .run();
  }

  Result<std::vector<wire::FeedRow>> feed(std::string_view collection, std::uint64_t after_v,
                                          std::size_t most) override {
    std::vector<wire::FeedRow> rows;
    auto done = do_.feed.bind(collection, after_v, most).each([&](const Statement& row) {
      rows.push_back(feed_row_of(row));
    });
    if (!done) return base::Failure(done.error());
    return rows;
  }

  Postings& postings() override { return *postings_; }
  Days& days() override { return *days_; }
  Homes& homes() override { return *homes_; }

  Result<std::vector<AuditRow>> audit(std::uint64_t after_v, std::size_t most,
                                      bool bodies) override {
    std::vector<AuditRow> found;
    auto done = do_.audit.bind(after_v, most).each([&](const Statement& row) {
      AuditRow& made = found.emplace_back();
      made.v = row.count(0);
      made.id = base::EventId{row.text(1), static_cast<std::uint32_t>(row.count(2)), row.count(3)};
      made.kind = static_cast<wire::EventKind>(row.whole(4));
      made.generation = row.count(5);
      made.hash = base::blake2b(row.view(6));
      if (bodies) made.body = Bytes(row.view(6));
      made.number = row.count(7);
      made.total.minor = row.whole(8);
      made.tax.minor = row.whole(9);
      made.lines.minor = row.whole(10);
      made.payments.minor = row.whole(11);
      made.of = row.text(12);
      made.flag = row.text(13);
    });
    if (!done) return base::Failure(done.error());
    return found;
  }

 private:
  void die(std::string why) {
    if (dead_.empty()) dead_ = std::move(why);
  }

  void checkpoint_if_due() {
    if (auto moved = connection_->checkpoint_if_due(); !moved) die(moved.error().what);
  }

  std::unique_ptr<Connection> connection_;  // before the statements, so that they go first
  Statements do_;
  std::unique_ptr<Sums> sums_;
  std::size_t summed_ = 0;  // what the savepoint found of the transaction
  std::unique_ptr<SqlitePostings> postings_;
  std::unique_ptr<Days> days_;
  std::unique_ptr<Homes> homes_;
  Identity identity_;
  std::string dead_;  // why; empty: it is not
};

// Far beyond what a till logs in between two backups.
constexpr const char* kNewerLogins = "UPDATE tills SET generation = generation + 1000000";

// Reads who this cloud is, or makes it up when the database is new.
Result<Identity> take_identity(Connection& connection, ports::Entropy& entropy, bool put_back) {
  auto read = connection.prepare("SELECT server_epoch, secret FROM identity");
  if (!read) return base::Failure(read.error());
  std::optional<Identity> known;
  auto done = read->each([&](const Statement& row) { known = Identity{row.text(0), row.text(1)}; });
  if (!done) return base::Failure(done.error());
  if (known && !put_back) return *std::move(known);
  Identity made;
  made.server_epoch = fmt::format("cloud-{:016x}", entropy.draw("cloud.epoch"));
  for (int i = 0; i < 4; ++i) made.secret += fmt::format("{:016x}", entropy.draw("cloud.secret"));
  auto write = connection.prepare("INSERT OR REPLACE INTO identity VALUES(1,?,?)");
  if (!write) return base::Failure(write.error());
  done = write->bind(made.server_epoch, Blob{made.secret}).run();
  if (done && known) done = connection.run(kNewerLogins);
  if (!done) return base::Failure(done.error());
  return made;
}

// Of its pages in memory: a table that many tills write to has many that are written to again.
constexpr const char* kCache = "PRAGMA cache_size = -32768";

// The tables and who this cloud is, in one transaction; and what form the file had.
Result<Identity> set_up(Connection& connection, ports::Entropy& entropy,
                        const SqliteOptions& options, std::int64_t& format) {
  sqlite::Transaction transaction(connection);
  if (auto begun = transaction.begin(); !begun) return base::Failure(begun.error());
  const auto had = make_room(connection, options.path);
  if (!had) return base::Failure(had.error());
  format = *had;
  for (const char* sql : {kSchema, options.unique_ids ? kUniqueIds : kPlainIds}) {
    if (auto done = connection.run(sql); !done) return base::Failure(done.error());
  }
  auto identity = take_identity(connection, entropy, options.put_back);
  if (!identity) return identity;
  if (auto done = transaction.commit(); !done) return base::Failure(done.error());
  return identity;
}

}  // namespace

Result<std::unique_ptr<Database>> open_sqlite(ports::Disk& disk, ports::Entropy& entropy,
                                              const SqliteOptions& options) {
  auto connection = Connection::open(disk, options.path);
  if (!connection) return base::within("the cloud's", connection.error());
  if (auto set = (*connection)->run(kCache); !set) return base::Failure(set.error());
  std::int64_t format = kFormat;
  auto identity = set_up(**connection, entropy, options, format);
  if (!identity) return base::within("the cloud's", identity.error());
  Statements statements;
  for (const Row& row : kRows) {
    auto prepared = (*connection)->prepare(row.sql);
    if (!prepared) return base::Failure(prepared.error());
    statements.*row.which = *std::move(prepared);
  }
  auto sums = Sums::open(**connection);
  if (!sums) return base::Failure(sums.error());
  auto postings = open_postings(**connection, **sums);
  if (!postings) return base::Failure(postings.error());
  auto days = open_days(**connection);
  if (!days) return base::Failure(days.error());
  auto homes = open_homes(**connection);
  if (!homes) return base::Failure(homes.error());
  if (options.put_back) {  // of the logins since its backup it knows nothing
    if (auto done = (*connection)->run("DELETE FROM homes"); !done)
      return base::Failure(done.error());
  }
  Connection& file = **connection;
  auto database = std::make_unique<SqliteDatabase>(
      *std::move(connection), std::move(statements), *std::move(sums), *std::move(postings),
      *std::move(days), *std::move(homes), *std::move(identity));
  if (format != kFormat) {
    if (auto filled = fill_again(*database, file); !filled) return base::Failure(filled.error());
  }
  return database;
}

}  // namespace tillrig::oms
