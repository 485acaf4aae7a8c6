#pragma once

#include "pos/sqlite/connection.hpp"
#include "pos/store/entry.hpp"
#include "pos/store/queue_cursor.hpp"
#include "pos/wire/event.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace tillrig::store {

// The second copy of every event, the cursor and the counters, in one SQLite file. Nothing here
// decides anything; after an Error other than not_found the caller takes the file for dead. What
// writes does so inside a Transaction on connection().
class SaleBook {
 public:
  // Makes the tables, not yet marked as complete.
  static Result<std::unique_ptr<SaleBook>> create(ports::Disk& disk, const std::string& path,
                                                  const std::string& till);
  // Errors: not_found (no complete book in it), busy (another process has it), corrupt, and the
  // disk's.
  static Result<std::unique_ptr<SaleBook>> open(ports::Disk& disk, const std::string& path);

  [[nodiscard]] sqlite::Connection& connection() { return *connection_; }

  // `of`: a refund's sale; empty for anything else. insert() takes an event that is not there
  // (errors: conflict); put() is for mending and takes the place of what is there.
  Result<void> insert(const Head& head, ByteView body, std::string_view of);
  Result<void> put(const Head& head, ByteView body, std::string_view of);
  // As put(), the sale taken from the body. Errors: also corrupt (it does not decode).
  Result<void> put(const Entry& entry);
  Result<void> keep(const Counters& counters);
  Result<void> keep(const QueueCursor& cursor, const QueueCursor::Changes& changes);
  Result<void> keep_all(const QueueCursor& cursor);
  Result<void> mark(bool complete, bool clean);

  // Whether the last process closed it.
  [[nodiscard]] bool was_clean() const { return clean_; }
  // Cursor, exceptions and counters as kept; `high` is for the caller to set.
  Result<void> load(QueueCursor& cursor);

  struct Row {
    Head head;
    bool sound = true;  // the body has this hash; always true when bodies are not read
  };
  // All of them, in the order of their keys.
  Result<std::vector<Row>> rows(bool read_bodies);
  // Errors: not_found, corrupt (the body has another hash).
  Result<Entry> read(Key key);
  // Whether the row of this key has this hash and body.
  Result<bool> holds(const Head& head, ByteView body);
  struct Hashed {
    Key key;
    Hash256 hash;
    base::WallTime wall;
  };
  // Those after a key, in the order of their keys; after {} from the first.
  Result<std::vector<Hashed>> page(Key after, std::size_t most);
  // Deletes these rows.
  Result<void> remove(const std::vector<Key>& keys);
  // By epoch: up to where rows may be gone because they were cleaned up.
  using Cleaned = std::map<std::uint32_t, std::uint64_t>;
  Result<void> keep_cleaned(const Cleaned& cleaned);
  Result<Cleaned> cleaned();
  // Gives the room of deleted rows back to the disk; in a transaction. Gives its bytes.
  Result<std::uint64_t> shrink();
  // Events with a receipt number, newest first, from an epoch on.
  Result<std::vector<Head>> newest(std::size_t most, std::uint32_t from = 0);
  Result<std::vector<Key>> refunds_of(const std::string& sale);  // oldest first
  // The newest event of a kind that has no number; {} when there is none.
  Result<Key> last_of(wire::EventKind kind);
  // All of such a kind from a key on, oldest first.
  Result<std::vector<Key>> all_of(wire::EventKind kind, Key from);

 private:
  explicit SaleBook(std::unique_ptr<sqlite::Connection> connection)
      : connection_(std::move(connection)) {}
  Result<void> prepare();
  Result<void> read_state(const std::string& path);

  std::unique_ptr<sqlite::Connection> connection_;  // before its statements, so that they go first
  bool clean_ = false;
  sqlite::Statement insert_, put_, counters_, cursor_, except_, forget_;
  sqlite::Statement read_, newest_, refunds_, page_;
};

}  // namespace tillrig::store
