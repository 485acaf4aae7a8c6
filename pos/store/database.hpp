#pragma once

#include "pos/base/bytes.hpp"
#include "pos/base/result.hpp"
#include "pos/ports/disk.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace tillrig::store {

using base::ByteView;
using base::Result;

// One prepared statement, kept as long as its connection. Bind, step until false, and it is ready
// for the next use. What a column views is good until the next step.
class Statement {
 public:
  Statement() = default;
  Statement(sqlite3* db, sqlite3_stmt* statement) : db_(db), statement_(statement) {}
  ~Statement();
  Statement(Statement&& other) noexcept;
  Statement& operator=(Statement&& other) noexcept;

  // Values for ?1, ?2, ... in order, from the first one again after each run. Views must live until
  // the statement has run.
  Statement& bind(std::int64_t value);
  Statement& bind_text(std::string_view value);
  Statement& bind_blob(ByteView value);

  // True: a row stands in the columns. False: done, and reset. Errors: as SQLite's codes map.
  Result<bool> step();
  // For statements without rows, or of which only the first matters not.
  Result<void> run();
  void reset();

  [[nodiscard]] std::int64_t integer(int column) const;
  [[nodiscard]] std::string_view text(int column) const;
  [[nodiscard]] ByteView blob(int column) const;

 private:
  sqlite3* db_ = nullptr;
  sqlite3_stmt* statement_ = nullptr;
  int bound_ = 0;
};

// One connection of its own to one database file: WAL, synchronous FULL, locking EXCLUSIVE, no
// memory map (reference: storage 0.4). Any error other than bad SQL means that the file is no
// longer to be trusted; the caller stops using it.
class Database {
 public:
  // Errors: corrupt (not a database), no_space, read_only, io.
  static Result<std::unique_ptr<Database>> open(ports::Disk& disk, const std::string& path);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  Result<Statement> prepare(std::string_view sql);
  Result<void> run(const char* sql);  // any number of statements without parameters

  // Moves the WAL's pages into the database file once it has grown to 1,000 of them. SQLite's own
  // automatic checkpoint hides its errors, this one does not.
  Result<void> checkpoint_if_due();

 private:
  explicit Database(sqlite3* db) : db_(db) {}
  Result<void> configure();

  sqlite3* db_;
  int wal_pages_ = 0;
};

}  // namespace tillrig::store
