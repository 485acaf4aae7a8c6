#include "pos/store/sale_book.hpp"

#include "pos/store/schema.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace tillrig::store {

using base::Code;
using base::fail;

namespace {

constexpr int kSeqBits = 40;
constexpr std::int64_t kAcked = 1;
constexpr std::int64_t kQuarantined = 2;

std::int64_t event_key(QueueCursor::Key key) {
  return static_cast<std::int64_t>((std::uint64_t{key.epoch} << kSeqBits) | key.seq);
}

QueueCursor::Key key_of(std::int64_t value) {
  const auto bits = static_cast<std::uint64_t>(value);
  return {static_cast<std::uint32_t>(bits >> kSeqBits), bits & ((1ULL << kSeqBits) - 1)};
}

Hash256 hash_of(ByteView bytes) {
  Hash256 hash;
  std::copy_n(bytes.begin(), std::min(bytes.size(), hash.bytes.size()), hash.bytes.begin());
  return hash;
}

}  // namespace

Result<std::unique_ptr<SaleBook>> SaleBook::create(ports::Disk& disk, const std::string& path,
                                                   const std::string& till) {
  auto db = Database::open(disk, path);
  if (!db) return tl::unexpected(db.error());
  std::unique_ptr<SaleBook> book(new SaleBook(std::move(*db)));
  if (const auto made = book->db_->run(kSchema); !made) return tl::unexpected(made.error());
  auto row = book->db_->prepare("INSERT INTO state VALUES(1, ?1, ?2, 0, 0, 0, 0, 0, 0)");
  if (!row) return tl::unexpected(row.error());
  if (const auto put = row->bind(kSchemaFormat).bind_text(till).run(); !put) {
    return tl::unexpected(put.error());
  }
  if (const auto ready = book->prepare(); !ready) return tl::unexpected(ready.error());
  return book;
}

Result<std::unique_ptr<SaleBook>> SaleBook::open(ports::Disk& disk, const std::string& path) {
  auto db = Database::open(disk, path);
  if (!db) return tl::unexpected(db.error());
  std::unique_ptr<SaleBook> book(new SaleBook(std::move(*db)));
  auto table = book->db_->prepare("SELECT 1 FROM sqlite_schema WHERE name = 'state'");
  if (!table) return tl::unexpected(table.error());
  const auto there = table->step();
  if (!there) return tl::unexpected(there.error());
  table->reset();
  if (!*there) return fail(Code::not_found, "database: {} was never completed", path);
  auto state = book->db_->prepare("SELECT complete, clean, format FROM state");
  if (!state) return tl::unexpected(state.error());
  const auto row = state->step();
  if (!row) return tl::unexpected(row.error());
  const bool complete = *row && state->integer(0) == 1 && state->integer(2) == kSchemaFormat;
  book->clean_ = *row && state->integer(1) == 1;
  state->reset();
  if (!complete) return fail(Code::not_found, "database: {} was never completed", path);
  if (const auto ready = book->prepare(); !ready) return tl::unexpected(ready.error());
  return book;
}

Result<void> SaleBook::prepare() {
  const std::array<std::pair<Statement*, const char*>, 9> all{{
      {&insert_, "INSERT OR REPLACE INTO event VALUES(?1, ?2, ?3, ?4, ?5, nullif(?6, ''), ?7, ?8)"},
      {&counters_,
       "UPDATE state SET pending = ?1, quarantined = ?2, uploaded = ?3, pending_value = ?4"},
      {&cursor_, "INSERT OR REPLACE INTO cursor VALUES(?1, ?2)"},
      {&except_, "INSERT OR REPLACE INTO exception VALUES(?1, ?2, ?3)"},
      {&forget_, "DELETE FROM exception WHERE key = ?1"},
      {&body_, "SELECT hash, body, number, total, wall, kind FROM event WHERE key = ?1"},
      {&newest_,
       "SELECT key, kind, number, total, wall FROM event WHERE number > 0 ORDER BY key DESC "
       "LIMIT ?1"},
      {&refunded_, "SELECT coalesce(sum(-total), 0) FROM event WHERE of = ?1"},
      {&refunds_, "SELECT key FROM event WHERE of = ?1 ORDER BY key"},
  }};
  for (const auto& [statement, sql] : all) {
    auto made = db_->prepare(sql);
    if (!made) return tl::unexpected(made.error());
    *statement = std::move(*made);
  }
  return {};
}

Result<void> SaleBook::insert(const BookRow& row) {
  return insert_.bind(event_key(row.key))
      .bind(row.kind)
      .bind(static_cast<std::int64_t>(row.number))
      .bind(row.total.minor)
      .bind(row.wall.ms)
      .bind_text(row.of)
      .bind_blob(row.hash.view())
      .bind_blob(row.body)
      .run();
}

Result<void> SaleBook::keep(const Counters& counters) {
  return counters_.bind(static_cast<std::int64_t>(counters.pending))
      .bind(static_cast<std::int64_t>(counters.quarantined))
      .bind(static_cast<std::int64_t>(counters.uploaded))
      .bind(counters.pending_value.minor)
      .run();
}

Result<void> SaleBook::keep(const QueueCursor& cursor, const QueueCursor::Changes& changes) {
  for (const std::uint32_t epoch : changes.epochs) {
    const auto through = static_cast<std::int64_t>(cursor.epochs().at(epoch).through);
    if (const auto kept = cursor_.bind(epoch).bind(through).run(); !kept) return kept;
  }
  for (const auto* gone : {&changes.passed, &changes.released}) {
    for (const QueueCursor::Key& key : *gone) {
      if (const auto kept = forget_.bind(event_key(key)).run(); !kept) return kept;
    }
  }
  for (const QueueCursor::Key& key : changes.acked) {
    const auto kept = except_.bind(event_key(key)).bind(kAcked).bind_text("").run();
    if (!kept) return kept;
  }
  for (const auto& [key, why] : changes.quarantined) {
    const auto kept = except_.bind(event_key(key)).bind(kQuarantined).bind_text(why).run();
    if (!kept) return kept;
  }
  return keep(cursor.counters());
}

Result<void> SaleBook::keep_all(const QueueCursor& cursor) {
  QueueCursor::Changes all;
  for (const auto& [number, epoch] : cursor.epochs()) {
    all.epochs.insert(number);
    for (const std::uint64_t seq : epoch.acked) all.acked.insert({number, seq});
    for (const auto& [seq, why] : epoch.quarantined) all.quarantined[{number, seq}] = why;
  }
  return keep(cursor, all);
}

Result<void> SaleBook::mark(bool complete, bool clean) {
  return db_->run(
      fmt::format("UPDATE state SET complete = {:d}, clean = {:d}", complete, clean).c_str());
}

Result<void> SaleBook::load_exceptions(std::map<std::uint32_t, QueueCursor::Epoch>& epochs) {
  auto statement = db_->prepare("SELECT key, state, why FROM exception");
  if (!statement) return tl::unexpected(statement.error());
  for (;;) {
    const auto row = statement->step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) return {};
    const QueueCursor::Key key = key_of(statement->integer(0));
    QueueCursor::Epoch& epoch = epochs[key.epoch];
    if (statement->integer(1) == kQuarantined) {
      epoch.quarantined.emplace(key.seq, statement->text(2));
    } else {
      epoch.acked.insert(key.seq);
    }
  }
}

Result<void> SaleBook::load(QueueCursor& cursor) {
  std::map<std::uint32_t, QueueCursor::Epoch> epochs;
  auto through = db_->prepare("SELECT epoch, through FROM cursor");
  if (!through) return tl::unexpected(through.error());
  for (;;) {
    const auto row = through->step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) break;
    epochs[static_cast<std::uint32_t>(through->integer(0))].through =
        static_cast<std::uint64_t>(through->integer(1));
  }
  if (const auto loaded = load_exceptions(epochs); !loaded) return loaded;
  auto state = db_->prepare("SELECT pending, quarantined, uploaded, pending_value FROM state");
  if (!state) return tl::unexpected(state.error());
  const auto row = state->step();
  if (!row) return tl::unexpected(row.error());
  Counters counters;
  counters.pending = static_cast<std::uint64_t>(state->integer(0));
  counters.quarantined = static_cast<std::uint64_t>(state->integer(1));
  counters.uploaded = static_cast<std::uint64_t>(state->integer(2));
  counters.pending_value = Money{state->integer(3)};
  cursor.restore(counters);
  for (auto& [number, epoch] : epochs) cursor.restore(number, std::move(epoch));
  return {};
}

Result<std::vector<SaleBook::RowProof>> SaleBook::proofs(bool read_bodies) {
  auto statement =
      db_->prepare(read_bodies ? "SELECT key, hash, number, total, body FROM event ORDER BY key"
                               : "SELECT key, hash, number, total FROM event ORDER BY key");
  if (!statement) return tl::unexpected(statement.error());
  std::vector<RowProof> all;
  for (;;) {
    const auto row = statement->step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) return all;
    RowProof proof;
    proof.key = key_of(statement->integer(0));
    proof.hash = hash_of(statement->blob(1));
    proof.number = static_cast<std::uint64_t>(statement->integer(2));
    proof.total = Money{statement->integer(3)};
    if (read_bodies) proof.sound = base::blake2b(statement->blob(4)) == proof.hash;
    all.push_back(proof);
  }
}

Result<SaleBook::Body> SaleBook::body(QueueCursor::Key key) {
  const auto row = body_.bind(event_key(key)).step();
  if (!row) return tl::unexpected(row.error());
  if (!*row) return fail(Code::not_found, "database: no event {}.{}", key.epoch, key.seq);
  Body found;
  found.hash = hash_of(body_.blob(0));
  found.bytes = body_.blob(1);
  found.number = static_cast<std::uint64_t>(body_.integer(2));
  found.total = Money{body_.integer(3)};
  found.wall = base::WallTime{body_.integer(4)};
  found.kind = body_.integer(5);
  body_.reset();
  if (base::blake2b(found.bytes) != found.hash) {
    return fail(Code::corrupt, "database: event {}.{} is not what was stored", key.epoch, key.seq);
  }
  return found;
}

Result<bool> SaleBook::holds(QueueCursor::Key key, const Hash256& hash, ByteView body) {
  const auto row = body_.bind(event_key(key)).step();
  if (!row) return tl::unexpected(row.error());
  if (!*row) return false;
  const bool same = body_.blob(0) == hash.view() && body_.blob(1) == body;
  body_.reset();
  return same;
}

Result<std::vector<SaleRow>> SaleBook::newest(std::size_t most, const std::string& till) {
  std::vector<SaleRow> rows;
  newest_.bind(static_cast<std::int64_t>(most));
  for (;;) {
    const auto row = newest_.step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) return rows;
    const QueueCursor::Key key = key_of(newest_.integer(0));
    SaleRow sale;
    sale.id = {till, key.epoch, key.seq};
    sale.kind = static_cast<wire::EventKind>(newest_.integer(1));
    sale.number = {key.epoch, static_cast<std::uint64_t>(newest_.integer(2))};
    sale.total = Money{newest_.integer(3)};
    sale.wall = base::WallTime{newest_.integer(4)};
    rows.push_back(std::move(sale));
  }
}

Result<Money> SaleBook::refunded(const std::string& of) {
  const auto row = refunded_.bind_text(of).step();
  if (!row) return tl::unexpected(row.error());
  const Money sum{refunded_.integer(0)};
  refunded_.reset();
  return sum;
}

Result<std::vector<QueueCursor::Key>> SaleBook::refunds_of(const std::string& of) {
  std::vector<QueueCursor::Key> keys;
  refunds_.bind_text(of);
  for (;;) {
    const auto row = refunds_.step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) return keys;
    keys.push_back(key_of(refunds_.integer(0)));
  }
}

}  // namespace tillrig::store
