#pragma once

#include "pos/ports/disk.hpp"
#include "pos/sqlite/statement.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace tillrig::sqlite {

// One connection of its own to one database file: WAL, synchronous FULL, locking EXCLUSIVE, no
// memory map (reference: storage 0.4). Nothing is checkpointed behind the owner's back, neither by
// SQLite's automatic checkpoint, which hides its errors, nor when the connection ends, which may be
// because the file is dead.
class Connection {
 public:
  // What becomes of the room of deleted rows. Settled when the file is made.
  enum class Room {
    kept,       // for later rows
    can_shrink  // given back to the disk by PRAGMA incremental_vacuum
  };
  // Opens or makes the file. Errors: as failure().
  static Result<std::unique_ptr<Connection>> open(ports::Disk& disk, const std::string& path,
                                                  Room room = Room::kept);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  Result<Statement> prepare(std::string_view sql);
  Result<void> run(const char* sql);  // any number of statements without parameters

  [[nodiscard]] bool in_transaction() const;
  // The number of the newest row that was inserted into a table with row numbers.
  [[nodiscard]] std::uint64_t last_row() const;

  // Moves the log's pages into the file once there are 1,000 of them. After an error what was
  // committed is safe in the log, but the file is not to be trusted in this run.
  Result<void> checkpoint_if_due();
  // The same at once.
  Result<void> checkpoint();

 private:
  explicit Connection(sqlite3* connection) : connection_(connection) {}
  Result<void> configure(Room room);

  sqlite3* connection_;
  int log_pages_ = 0;
};

}  // namespace tillrig::sqlite
