#include "pos/sqlite/statement.hpp"

#include "pos/base/assert.hpp"
#include "pos/sqlite/failure.hpp"

#include <sqlite3.h>

#include <algorithm>

namespace tillrig::sqlite {

void Statement::Finalize::operator()(sqlite3_stmt* statement) const {
  sqlite3_finalize(statement);
}

Result<Statement> Statement::prepare(sqlite3* connection, std::string_view sql) {
  sqlite3_stmt* made = nullptr;
  if (sqlite3_prepare_v3(connection, sql.data(), static_cast<int>(sql.size()),
                         SQLITE_PREPARE_PERSISTENT, &made, nullptr) != SQLITE_OK) {
    return failure(connection, sql);
  }
  Statement statement;
  statement.statement_.reset(made);
  return statement;
}

Result<bool> Statement::step() {
  const int code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) {
    reset();
    return false;
  }
  auto error = failure(sqlite3_db_handle(statement_.get()), sqlite3_sql(statement_.get()));
  reset();
  return error;
}

Result<void> Statement::run() {
  return each([](const Statement&) {});
}

void Statement::reset() {
  sqlite3_reset(statement_.get());
}

std::int64_t Statement::whole(int column) const {
  return sqlite3_column_int64(statement_.get(), column);
}

std::uint64_t Statement::count(int column) const {
  return static_cast<std::uint64_t>(whole(column));
}

ByteView Statement::view(int column) const {
  const void* bytes = sqlite3_column_blob(statement_.get(), column);
  const int size = sqlite3_column_bytes(statement_.get(), column);
  if (bytes == nullptr) return {};
  return {static_cast<const char*>(bytes), static_cast<std::size_t>(size)};
}

base::Hash256 Statement::hash(int column) const {
  base::Hash256 hash;
  const ByteView bytes = view(column);
  std::copy_n(bytes.begin(), std::min(bytes.size(), hash.bytes.size()), hash.bytes.begin());
  return hash;
}

void Statement::begin_binding(std::size_t values) {
  TILLRIG_ASSERT(sqlite3_stmt_busy(statement_.get()) == 0, "a statement in use was bound anew");
  TILLRIG_ASSERT(values == static_cast<std::size_t>(sqlite3_bind_parameter_count(statement_.get())),
                 "each parameter has a value");
}

void Statement::bind_whole(int at, std::int64_t value) {
  sqlite3_bind_int64(statement_.get(), at, value);
}

void Statement::bind_one(int at, std::string_view text) {
  const char* data = text.data() == nullptr ? "" : text.data();  // a null pointer would be NULL
  sqlite3_bind_text64(statement_.get(), at, data, text.size(), SQLITE_STATIC, SQLITE_UTF8);
}

void Statement::bind_one(int at, const Blob& blob) {
  const char* data = blob.bytes.data() == nullptr ? "" : blob.bytes.data();
  sqlite3_bind_blob64(statement_.get(), at, data, blob.bytes.size(), SQLITE_STATIC);
}

}  // namespace tillrig::sqlite
