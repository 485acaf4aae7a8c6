#pragma once

namespace tillrig::store {

// The database's tables. An event's key is its epoch and seq in one whole number (row_key), so
// that rows stand in queue order. `hash` is of `body`: a row proves itself without the ledger.
// `exception` holds what the cursor cannot say: acknowledged beyond `through` (state 1) and
// quarantined (state 2), and uploaded once but owed
// again (state 3; beyond `through` it was acknowledged there too). `state` is one row; its counters
// change in the transaction that changes what they count.
inline constexpr const char* kSchema = R"sql(
CREATE TABLE event(
  key INTEGER PRIMARY KEY, kind INTEGER NOT NULL, number INTEGER NOT NULL, total INTEGER NOT NULL,
  wall INTEGER NOT NULL, of TEXT, hash BLOB NOT NULL, body BLOB NOT NULL) STRICT;
CREATE INDEX refund ON event(of) WHERE of IS NOT NULL;
CREATE INDEX day ON event(kind, key) WHERE kind >= 4;
CREATE TABLE cursor(epoch INTEGER PRIMARY KEY, through INTEGER NOT NULL) STRICT;
CREATE TABLE exception(key INTEGER PRIMARY KEY, state INTEGER NOT NULL, why TEXT NOT NULL) STRICT;
CREATE TABLE state(
  one INTEGER PRIMARY KEY CHECK (one = 1), format INTEGER NOT NULL, till TEXT NOT NULL,
  complete INTEGER NOT NULL, clean INTEGER NOT NULL, pending INTEGER NOT NULL,
  quarantined INTEGER NOT NULL, uploaded INTEGER NOT NULL, pending_value INTEGER NOT NULL) STRICT;
)sql";

inline constexpr int kSchemaFormat = 1;

}  // namespace tillrig::store
