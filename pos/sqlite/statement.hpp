#pragma once

#include "pos/base/bytes.hpp"
#include "pos/base/hash.hpp"
#include "pos/base/result.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

struct sqlite3;
struct sqlite3_stmt;

namespace tillrig::sqlite {

using base::Bytes;
using base::ByteView;
using base::Result;

// Bytes for a column of blobs; a plain string_view is text.
struct Blob {
  ByteView bytes;
};

// A prepared statement, kept as long as its connection; bound and stepped in one expression:
//   auto done = insert.bind(till, epoch, Blob{body}).run();
//   auto done = all.bind(till).each([&](const Statement& row) { use(row.text(0)); });
class Statement {
 public:
  Statement() = default;
  static Result<Statement> prepare(sqlite3* connection, std::string_view sql);
  Statement(Statement&&) noexcept = default;
  Statement& operator=(Statement&&) noexcept = default;
  ~Statement() = default;

  // Values for all parameters, in order. Texts and blobs must live until the statement is reset.
  template <class... Values>
  Statement& bind(const Values&... values) {
    begin_binding(sizeof...(values));
    int at = 0;
    (bind_one(++at, values), ...);
    return *this;
  }

  // True: a row stands in the columns, and the statement is in use until reset(). False: done, and
  // reset. Errors: as failure(); then it is reset too.
  Result<bool> step();
  // To the end, where no rows are looked for.
  Result<void> run();
  // Each row, to the end.
  template <class Use>
  Result<void> each(Use use);
  void reset();

  // The row's columns, from 0. Views are good until the next step or reset.
  [[nodiscard]] std::int64_t whole(int column) const;
  [[nodiscard]] std::uint64_t count(int column) const;
  [[nodiscard]] ByteView view(int column) const;  // text or blob
  [[nodiscard]] std::string text(int column) const { return std::string(view(column)); }
  [[nodiscard]] base::Hash256 hash(int column) const;  // zeros beyond what the blob has

 private:
  void begin_binding(std::size_t values);
  void bind_whole(int at, std::int64_t value);
  void bind_one(int at, std::string_view text);
  void bind_one(int at, const Blob& blob);
  template <class Value>
  requires std::is_integral_v<Value>
  void bind_one(int at, Value value) { bind_whole(at, static_cast<std::int64_t>(value)); }

  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
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

template <class Use>
Result<void> Statement::each(Use use) {
  const ResetAtEnd reset_at_end(*this);
  for (;;) {
    const auto row = step();
    if (!row) return base::Failure(row.error());
    if (!*row) return {};
    use(std::as_const(*this));
  }
}

}  // namespace tillrig::sqlite
