#pragma once

namespace tillrig::oms {

// Reference: domain 3.3. Amounts are whole minor units. `feed` has the newest row of each id, and
// `feed_head` the number of the newest of them: both change in one transaction.
inline constexpr const char* kSchema = R"sql(
CREATE TABLE IF NOT EXISTS identity(
  one INTEGER PRIMARY KEY CHECK(one = 1), server_epoch TEXT NOT NULL, secret BLOB NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS events(
  v INTEGER PRIMARY KEY, till TEXT NOT NULL, epoch INTEGER NOT NULL, seq INTEGER NOT NULL,
  kind INTEGER NOT NULL, generation INTEGER NOT NULL, received INTEGER NOT NULL,
  hash BLOB NOT NULL, body BLOB NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS orders(
  v INTEGER PRIMARY KEY, till TEXT NOT NULL, epoch INTEGER NOT NULL, number INTEGER NOT NULL,
  day TEXT NOT NULL, currency TEXT NOT NULL, lines INTEGER NOT NULL, total INTEGER NOT NULL,
  tax INTEGER NOT NULL, of TEXT NOT NULL, paid INTEGER NOT NULL, taxes BLOB NOT NULL,
  payments BLOB NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS tills(
  till TEXT PRIMARY KEY, generation INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS till_state(
  till TEXT NOT NULL, epoch INTEGER NOT NULL, contiguous_seq INTEGER NOT NULL,
  high_no INTEGER NOT NULL, PRIMARY KEY(till, epoch)) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS refused(
  till TEXT NOT NULL, epoch INTEGER NOT NULL, seq INTEGER NOT NULL, id TEXT NOT NULL,
  aggregate TEXT NOT NULL, code TEXT NOT NULL, received INTEGER NOT NULL,
  PRIMARY KEY(till, epoch, seq)) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS refused_aggregate ON refused(aggregate);
CREATE INDEX IF NOT EXISTS orders_of ON orders(of) WHERE of <> '';
CREATE INDEX IF NOT EXISTS orders_number ON orders(till, epoch, number);
CREATE TABLE IF NOT EXISTS flagged(v INTEGER PRIMARY KEY, why TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS feed(
  v INTEGER PRIMARY KEY, collection TEXT NOT NULL, id TEXT NOT NULL, rev INTEGER NOT NULL,
  deleted INTEGER NOT NULL, body TEXT NOT NULL) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS feed_id ON feed(collection, id);
CREATE INDEX IF NOT EXISTS feed_page ON feed(collection, v);
CREATE TABLE IF NOT EXISTS feed_head(
  one INTEGER PRIMARY KEY CHECK(one = 1), v INTEGER NOT NULL, horizon INTEGER NOT NULL,
  ids INTEGER NOT NULL) STRICT;
INSERT OR IGNORE INTO feed_head VALUES(1, 0, 0, 0);
)sql";

inline constexpr const char* kUniqueIds =
    "CREATE UNIQUE INDEX IF NOT EXISTS events_id ON events(till, epoch, seq);";
inline constexpr const char* kPlainIds =
    "CREATE INDEX IF NOT EXISTS events_any_id ON events(till, epoch, seq);";

}  // namespace tillrig::oms
