#pragma once

#include "pos/base/hash.hpp"
#include "pos/store/database.hpp"
#include "pos/store/queue_cursor.hpp"

#include <memory>
#include <string>
#include <vector>

namespace tillrig::store {

using base::Hash256;

// A row of `event`. The views live as long as what they were made from.
struct BookRow {
  QueueCursor::Key key;
  std::int64_t kind = 0;
  std::uint64_t number = 0;
  Money total;
  base::WallTime wall;
  std::string_view of;  // a refund: its sale's id; else empty
  Hash256 hash;
  ByteView body;
};

// The second copy of every event, the cursor and the counters, in one SQLite file. Nothing here
// decides anything; after an Error the caller takes the file for dead.
class SaleBook {
 public:
  // Makes the tables, not yet marked as complete.
  static Result<std::unique_ptr<SaleBook>> create(ports::Disk& disk, const std::string& path,
                                                  const std::string& till);
  // Errors: not_found (no complete book in it), corrupt, and the disk's.
  static Result<std::unique_ptr<SaleBook>> open(ports::Disk& disk, const std::string& path);

  Result<void> begin() { return db_->run("BEGIN IMMEDIATE"); }
  Result<void> commit() { return db_->run("COMMIT"); }
  Result<void> insert(const BookRow& row);  // replaces a row of the same key
  Result<void> keep(const Counters& counters);
  Result<void> keep(const QueueCursor& cursor, const QueueCursor::Changes& changes);
  Result<void> keep_all(const QueueCursor& cursor);
  Result<void> mark(bool complete, bool clean);
  Result<void> checkpoint_if_due() { return db_->checkpoint_if_due(); }

  // Whether the last process closed it.
  [[nodiscard]] bool was_clean() const { return clean_; }
  // Cursor, exceptions and counters as kept; `high` is for the caller to set.
  Result<void> load(QueueCursor& cursor);

  struct RowProof {
    QueueCursor::Key key;
    Hash256 hash;
    std::uint64_t number = 0;
    Money total;
    bool sound = true;  // the body has this hash; always true when bodies are not read
  };
  Result<std::vector<RowProof>> proofs(bool read_bodies);

  struct Body {
    Hash256 hash;
    base::Bytes bytes;
    std::uint64_t number = 0;
    Money total;
    base::WallTime wall;
    std::int64_t kind = 0;
  };
  // Errors: not_found, corrupt (the body has another hash).
  Result<Body> body(QueueCursor::Key key);
  // Whether the row of this key has this hash and body.
  Result<bool> holds(QueueCursor::Key key, const Hash256& hash, ByteView body);
  // Sales and refunds, newest first; sync and why are the cursor's to fill in.
  Result<std::vector<SaleRow>> newest(std::size_t most, const std::string& till);
  Result<Money> refunded(const std::string& of);
  Result<std::vector<QueueCursor::Key>> refunds_of(const std::string& of);  // oldest first

 private:
  explicit SaleBook(std::unique_ptr<Database> db) : db_(std::move(db)) {}
  Result<void> prepare();
  Result<void> load_exceptions(std::map<std::uint32_t, QueueCursor::Epoch>& epochs);

  std::unique_ptr<Database> db_;
  bool clean_ = false;
  Statement insert_;
  Statement counters_;
  Statement cursor_;
  Statement except_;
  Statement forget_;
  Statement body_;
  Statement newest_;
  Statement refunded_;
  Statement refunds_;
};

}  // namespace tillrig::store
