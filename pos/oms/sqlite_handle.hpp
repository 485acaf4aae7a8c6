#pragma once

#include "pos/base/hash.hpp"
#include "pos/base/result.hpp"

#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace tillrig::oms {

using base::Result;

struct CloseSqlite {
  void operator()(sqlite3* connection) const { sqlite3_close_v2(connection); }
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Connection = std::unique_ptr<sqlite3, CloseSqlite>;

// What SQLite said, as one of our errors: conflict for what a row may not be, no_space, read_only,
// corrupt, dead_file for a failed sync, else io.
base::Failure sqlite_failure(sqlite3* connection, std::string_view doing);

// A prepared statement, bound and stepped in one expression:
//   auto row = find.bind(till, epoch).step();   // true: there is a row; read its columns
//   find.reset();
class Statement {
 public:
  Statement() = default;
  static Result<Statement> prepare(sqlite3* connection, std::string_view sql);

  // Binds from the first parameter on; texts must live until reset().
  template <class... Values>
  Statement& bind(const Values&... values) {
    int at = 0;
    (bind_one(++at, values), ...);
    return *this;
  }
  Result<bool> step();
  // Steps to the end, where no rows are looked for, and resets.
  Result<void> run();
  void reset();

  [[nodiscard]] std::int64_t whole(int column) const;
  [[nodiscard]] std::uint64_t count(int column) const;
  [[nodiscard]] std::string text(int column) const;
  [[nodiscard]] base::Hash256 hash(int column) const;

 private:
  void bind_one(int at, std::int64_t value);
  void bind_one(int at, std::uint64_t value) { bind_one(at, static_cast<std::int64_t>(value)); }
  void bind_one(int at, std::uint32_t value) { bind_one(at, std::int64_t{value}); }
  void bind_one(int at, std::string_view text);
  void bind_one(int at, const std::string& text) { bind_one(at, std::string_view(text)); }
  struct Blob {
    std::string_view bytes;
  };
  void bind_one(int at, const Blob& blob);

  std::unique_ptr<sqlite3_stmt, CloseSqlite> statement_;

 public:
  static Blob blob(std::string_view bytes) { return Blob{bytes}; }
};

// Resets a statement when the scope ends, so that no read stays open.
class ResetAtEnd {
 public:
  explicit ResetAtEnd(Statement& statement) : statement_(statement) {}
  ~ResetAtEnd() { statement_.reset(); }
  ResetAtEnd(const ResetAtEnd&) = delete;
  ResetAtEnd& operator=(const ResetAtEnd&) = delete;

 private:
  Statement& statement_;
};

}  // namespace tillrig::oms
