#include "pos/store/sale_book.hpp"

#include "pos/base/assert.hpp"
#include "pos/store/schema.hpp"
#include "pos/wire/event.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace tillrig::store {

using base::Code;
using base::fail;
using sqlite::Blob;
using sqlite::Statement;

namespace {

constexpr unsigned kSeqBits = 40;
constexpr std::uint64_t kMostSeq = (1ULL << kSeqBits) - 1;
constexpr const char* kCleanedTable =
    "CREATE TABLE IF NOT EXISTS cleaned(epoch INTEGER PRIMARY KEY, through INTEGER NOT NULL) "
    "STRICT";

constexpr std::int64_t kAcked = 1;
constexpr std::int64_t kQuarantined = 2;
constexpr std::int64_t kOwedAgain = 3;

// Whether a key from outside (a disk, a cashier) can be one of ours.
bool fits(Key key) {
  return key.epoch <= wire::kMostEpoch && key.seq > 0 && key.seq <= kMostSeq;
}

// Epoch and seq in one whole number that SQLite's rowid can be: 23 bits and 40.
std::int64_t row_key(Key key) {
  TILLRIG_ASSERT(fits(key), "each epoch has its own keys in the database");
  return static_cast<std::int64_t>((std::uint64_t{key.epoch} << kSeqBits) | key.seq);
}

Key from_row_key(std::int64_t value) {
  const auto bits = static_cast<std::uint64_t>(value);
  return {static_cast<std::uint32_t>(bits >> kSeqBits), bits & kMostSeq};
}

// The columns of kHead.
constexpr const char* kHead = "key, kind, number, total, wall, hash";

Head head_of(const Statement& row) {
  Head head;
  head.key = from_row_key(row.whole(0));
  head.kind = static_cast<std::uint8_t>(row.whole(1));
  head.number = row.count(2);
  head.total = Money{row.whole(3)};
  head.wall = base::WallTime{row.whole(4)};
  head.hash = row.hash(5);
  return head;
}

Result<void> write_row(Statement& statement, const Head& head, ByteView body, std::string_view of) {
  return statement
      .bind(row_key(head.key), head.kind, head.number, head.total.minor, head.wall.ms, of,
            Blob{head.hash.view()}, Blob{body})
      .run();
}

}  // namespace

Result<std::unique_ptr<SaleBook>> SaleBook::create(ports::Disk& disk, const std::string& path,
                                                   const std::string& till) {
  auto connection = sqlite::Connection::open(disk, path, sqlite::Connection::Room::can_shrink);
  if (!connection) return base::Failure(connection.error());
  std::unique_ptr<SaleBook> book(new SaleBook(std::move(*connection)));
  if (auto made = book->connection_->run(kSchema); !made) return base::Failure(made.error());
  auto row = book->connection_->prepare("INSERT INTO state VALUES(1, ?1, ?2, 0, 0, 0, 0, 0, 0)");
  if (!row) return base::Failure(row.error());
  if (auto put = row->bind(kSchemaFormat, till).run(); !put) return base::Failure(put.error());
  if (auto ready = book->prepare(); !ready) return base::Failure(ready.error());
  return book;
}

Result<std::unique_ptr<SaleBook>> SaleBook::open(ports::Disk& disk, const std::string& path) {
  auto connection = sqlite::Connection::open(disk, path);
  if (!connection) return base::Failure(connection.error());
  std::unique_ptr<SaleBook> book(new SaleBook(std::move(*connection)));
  if (auto read = book->read_state(path); !read) return base::Failure(read.error());
  if (auto ready = book->prepare(); !ready) return base::Failure(ready.error());
  return book;
}

Result<void> SaleBook::read_state(const std::string& path) {
  bool there = false;
  auto table = connection_->prepare("SELECT 1 FROM sqlite_schema WHERE name = 'state'");
  if (!table) return base::Failure(table.error());
  if (auto read = table->each([&](const Statement&) { there = true; }); !read) return read;
  bool complete = false;
  if (there) {
    auto state = connection_->prepare("SELECT complete, clean, format FROM state");
    if (!state) return base::Failure(state.error());
    auto read = state->each([&](const Statement& row) {
      complete = row.whole(0) == 1 && row.whole(2) == kSchemaFormat;
      clean_ = row.whole(1) == 1;
    });
    if (!read) return read;
  }
  if (!complete) return fail(Code::not_found, "database: {} was never completed", path);
  return {};
}

Result<void> SaleBook::prepare() {
  const std::pair<Statement*, std::string> all[] = {
      {&insert_, "INSERT INTO event VALUES(?1, ?2, ?3, ?4, ?5, nullif(?6, ''), ?7, ?8)"},
      {&put_, "INSERT OR REPLACE INTO event VALUES(?1, ?2, ?3, ?4, ?5, nullif(?6, ''), ?7, ?8)"},
      {&counters_,
       "UPDATE state SET pending = ?1, quarantined = ?2, uploaded = ?3, pending_value = ?4"},
      {&cursor_, "INSERT OR REPLACE INTO cursor VALUES(?1, ?2)"},
      {&except_, "INSERT OR REPLACE INTO exception VALUES(?1, ?2, ?3)"},
      {&forget_, "DELETE FROM exception WHERE key = ?1"},
      {&read_, fmt::format("SELECT {}, body FROM event WHERE key = ?1", kHead)},
      {&newest_, fmt::format("SELECT {} FROM event WHERE number > 0 AND key >= ?2 "
                             "ORDER BY key DESC LIMIT ?1",
                             kHead)},
      {&page_, "SELECT key, hash, wall FROM event WHERE key > ?1 ORDER BY key LIMIT ?2"},
      {&refunds_, "SELECT key FROM event WHERE of = ?1 ORDER BY key"},
  };
  for (const auto& [statement, sql] : all) {
    auto made = connection_->prepare(sql);
    if (!made) return base::Failure(made.error());
    *statement = std::move(*made);
  }
  return {};
}

Result<void> SaleBook::insert(const Head& head, ByteView body, std::string_view of) {
  TILLRIG_ASSERT(connection_->in_transaction(), "rows and counters change together");
  return write_row(insert_, head, body, of);
}

Result<void> SaleBook::put(const Head& head, ByteView body, std::string_view of) {
  TILLRIG_ASSERT(connection_->in_transaction(), "rows and counters change together");
  return write_row(put_, head, body, of);
}

Result<void> SaleBook::put(const Entry& entry) {
  const Key key = entry.head.key;
  if (!fits(key)) return fail(Code::corrupt, "no event is {}.{}", key.epoch, key.seq);
  const auto event = wire::decode(entry.body);
  if (!event) return base::Failure(event.error());
  const auto* document = std::get_if<wire::Document>(&event->body);
  return put(entry.head, entry.body, document == nullptr ? std::string_view() : document->of);
}

Result<void> SaleBook::keep(const Counters& counters) {
  return counters_
      .bind(counters.pending, counters.quarantined, counters.uploaded, counters.pending_value.minor)
      .run();
}

Result<void> SaleBook::keep(const QueueCursor& cursor, const QueueCursor::Changes& changes) {
  TILLRIG_ASSERT(connection_->in_transaction(), "cursor and counters change together");
  for (const std::uint32_t epoch : changes.epochs) {
    const std::uint64_t through = cursor.epochs().at(epoch).through;
    if (auto kept = cursor_.bind(epoch, through).run(); !kept) return kept;
  }
  for (const auto* gone : {&changes.passed, &changes.released}) {
    for (const Key key : *gone) {
      if (auto kept = forget_.bind(row_key(key)).run(); !kept) return kept;
    }
  }
  for (const Key key : changes.acked) {
    const auto kept = except_.bind(row_key(key), kAcked, std::string_view()).run();
    if (!kept) return kept;
  }
  for (const Key key : changes.again) {
    const auto kept = except_.bind(row_key(key), kOwedAgain, std::string_view()).run();
    if (!kept) return kept;
  }
  for (const auto& [key, why] : changes.quarantined) {
    const auto kept = except_.bind(row_key(key), kQuarantined, why).run();
    if (!kept) return kept;
  }
  return keep(cursor.counters());
}

Result<void> SaleBook::keep_all(const QueueCursor& cursor) {
  QueueCursor::Changes all;
  for (const auto& [number, epoch] : cursor.epochs()) {
    all.epochs.insert(number);
    for (const std::uint64_t seq : epoch.acked) all.acked.insert({number, seq});
    for (const std::uint64_t seq : epoch.again) all.again.insert({number, seq});
    for (const auto& [seq, why] : epoch.quarantined) all.quarantined[{number, seq}] = why;
  }
  return keep(cursor, all);
}

Result<void> SaleBook::mark(bool complete, bool clean) {
  return connection_->run(
      fmt::format("UPDATE state SET complete = {:d}, clean = {:d}", complete, clean).c_str());
}

Result<void> SaleBook::load(QueueCursor& cursor) {
  std::map<std::uint32_t, QueueCursor::Epoch> epochs;
  auto through = connection_->prepare("SELECT epoch, through FROM cursor");
  if (!through) return base::Failure(through.error());
  auto read = through->each([&](const Statement& row) {
    epochs[static_cast<std::uint32_t>(row.count(0))].through = row.count(1);
  });
  if (!read) return read;
  auto exceptions = connection_->prepare("SELECT key, state, why FROM exception");
  if (!exceptions) return base::Failure(exceptions.error());
  read = exceptions->each([&](const Statement& row) {
    const Key key = from_row_key(row.whole(0));
    if (row.whole(1) == kQuarantined) {
      epochs[key.epoch].quarantined.emplace(key.seq, row.text(2));
    } else if (row.whole(1) == kOwedAgain) {
      epochs[key.epoch].again.insert(key.seq);
      if (key.seq > epochs[key.epoch].through) epochs[key.epoch].acked.insert(key.seq);
    } else {
      epochs[key.epoch].acked.insert(key.seq);
    }
  });
  if (!read) return read;
  auto state =
      connection_->prepare("SELECT pending, quarantined, uploaded, pending_value FROM state");
  if (!state) return base::Failure(state.error());
  Counters counters;
  read = state->each([&](const Statement& row) {
    counters.pending = row.count(0);
    counters.quarantined = row.count(1);
    counters.uploaded = row.count(2);
    counters.pending_value = Money{row.whole(3)};
  });
  if (!read) return read;
  cursor.restore(counters);
  for (auto& [number, epoch] : epochs) cursor.restore(number, std::move(epoch));
  return {};
}

Result<std::vector<SaleBook::Row>> SaleBook::rows(bool read_bodies) {
  auto statement = connection_->prepare(
      fmt::format("SELECT {}{} FROM event ORDER BY key", kHead, read_bodies ? ", body" : ""));
  if (!statement) return base::Failure(statement.error());
  std::vector<Row> all;
  auto read = statement->each([&](const Statement& row) {
    Row& made = all.emplace_back();
    made.head = head_of(row);
    if (read_bodies) made.sound = base::blake2b(row.view(6)) == made.head.hash;
  });
  if (!read) return base::Failure(read.error());
  return all;
}

Result<Entry> SaleBook::read(Key key) {
  if (!fits(key)) return fail(Code::not_found, "database: no event {}.{}", key.epoch, key.seq);
  bool there = false;
  Entry entry;
  auto read = read_.bind(row_key(key)).each([&](const Statement& row) {
    there = true;
    entry.head = head_of(row);
    entry.body = row.view(6);
  });
  if (!read) return base::Failure(read.error());
  if (!there) return fail(Code::not_found, "database: no event {}.{}", key.epoch, key.seq);
  if (base::blake2b(entry.body) != entry.head.hash) {
    return fail(Code::corrupt, "database: event {}.{} is not what was stored", key.epoch, key.seq);
  }
  return entry;
}

Result<bool> SaleBook::holds(const Head& head, ByteView body) {
  bool same = false;
  auto read = read_.bind(row_key(head.key)).each([&](const Statement& row) {
    same = row.view(5) == head.hash.view() && row.view(6) == body;
  });
  if (!read) return base::Failure(read.error());
  return same;
}

Result<std::vector<Head>> SaleBook::newest(std::size_t most, std::uint32_t from) {
  std::vector<Head> heads;
  const std::int64_t first = fits({from, 1}) ? row_key({from, 1}) : INT64_MAX;
  auto read =
      newest_.bind(most, first).each([&](const Statement& row) { heads.push_back(head_of(row)); });
  if (!read) return base::Failure(read.error());
  return heads;
}

Result<std::vector<SaleBook::Hashed>> SaleBook::page(Key after, std::size_t most) {
  std::vector<Hashed> found;
  const std::int64_t from = fits(after) ? row_key(after) : 0;
  auto read = page_.bind(from, most).each([&](const Statement& row) {
    found.push_back({from_row_key(row.whole(0)), row.hash(1), base::WallTime{row.whole(2)}});
  });
  if (!read) return base::Failure(read.error());
  return found;
}

Result<void> SaleBook::remove(const std::vector<Key>& keys) {
  TILLRIG_ASSERT(connection_->in_transaction(),
                 "rows and how far they are cleaned change together");
  auto drop = connection_->prepare("DELETE FROM event WHERE key = ?1");
  if (!drop) return base::Failure(drop.error());
  for (const Key key : keys) {
    if (auto done = drop->bind(row_key(key)).run(); !done) return done;
  }
  return {};
}

Result<void> SaleBook::keep_cleaned(const Cleaned& cleaned) {
  if (cleaned.empty()) return {};
  if (auto made = connection_->run(kCleanedTable); !made) return made;
  auto keep = connection_->prepare("INSERT OR REPLACE INTO cleaned VALUES(?1, ?2)");
  if (!keep) return base::Failure(keep.error());
  for (const auto& [epoch, through] : cleaned) {
    if (auto done = keep->bind(epoch, through).run(); !done) return done;
  }
  return {};
}

Result<std::uint64_t> SaleBook::shrink() {
  const auto number = [&](const char* sql) -> Result<std::uint64_t> {
    std::uint64_t found = 0;
    auto ask = connection_->prepare(sql);
    if (!ask) return base::Failure(ask.error());
    auto read = ask->each([&](const Statement& row) { found = row.count(0); });
    if (!read) return base::Failure(read.error());
    return found;
  };
  const auto before = number("PRAGMA page_count");
  if (!before) return before;
  auto vacuum = connection_->prepare("PRAGMA incremental_vacuum");
  if (!vacuum) return base::Failure(vacuum.error());
  if (auto done = vacuum->each([](const Statement&) {}); !done) return base::Failure(done.error());
  const auto after = number("PRAGMA page_count");
  if (!after) return after;
  const auto size = number("PRAGMA page_size");
  if (!size) return size;
  return (*before - std::min(*before, *after)) * *size;
}

Result<SaleBook::Cleaned> SaleBook::cleaned() {
  Cleaned cleaned;
  bool there = false;
  auto look = connection_->prepare("SELECT 1 FROM sqlite_schema WHERE name = 'cleaned'");
  if (!look) return base::Failure(look.error());
  auto done = look->each([&](const Statement&) { there = true; });
  if (!done) return base::Failure(done.error());
  if (!there) return cleaned;
  auto read = connection_->prepare("SELECT epoch, through FROM cleaned");
  if (!read) return base::Failure(read.error());
  done = read->each([&](const Statement& row) {
    cleaned[static_cast<std::uint32_t>(row.count(0))] = row.count(1);
  });
  if (!done) return base::Failure(done.error());
  return cleaned;
}

Result<std::vector<Key>> SaleBook::refunds_of(const std::string& sale) {
  std::vector<Key> keys;
  auto read = refunds_.bind(sale).each(
      [&](const Statement& row) { keys.push_back(from_row_key(row.whole(0))); });
  if (!read) return base::Failure(read.error());
  return keys;
}

Result<Key> SaleBook::last_of(wire::EventKind kind) {
  auto look = connection_->prepare(
      "SELECT key FROM event WHERE kind >= 4 AND kind = ?1 ORDER BY key DESC LIMIT 1");
  if (!look) return base::Failure(look.error());
  Key last;
  auto read = look->bind(static_cast<std::int64_t>(kind)).each([&](const Statement& row) {
    last = from_row_key(row.whole(0));
  });
  if (!read) return base::Failure(read.error());
  return last;
}

Result<std::vector<Key>> SaleBook::all_of(wire::EventKind kind, Key from) {
  auto look = connection_->prepare(
      "SELECT key FROM event WHERE kind >= 4 AND kind = ?1 AND key >= ?2 ORDER BY key");
  if (!look) return base::Failure(look.error());
  const std::int64_t first = from.seq == 0 ? 0 : row_key(from);
  std::vector<Key> all;
  auto read = look->bind(static_cast<std::int64_t>(kind), first).each([&](const Statement& row) {
    all.push_back(from_row_key(row.whole(0)));
  });
  if (!read) return base::Failure(read.error());
  return all;
}

}  // namespace tillrig::store
