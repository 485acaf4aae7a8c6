#include "pos/oms/sqlite_handle.hpp"

#include "pos/base/assert.hpp"

#include <algorithm>
#include <cstddef>

namespace tillrig::oms {
namespace {

base::Code code_of(int extended) {
  if (extended == SQLITE_IOERR_FSYNC || extended == SQLITE_IOERR_DIR_FSYNC) {
    return base::Code::dead_file;
  }
  switch (extended & 0xff) {
    case SQLITE_CONSTRAINT:
    case SQLITE_MISMATCH:
    case SQLITE_TOOBIG:
      return base::Code::conflict;
    case SQLITE_FULL:
      return base::Code::no_space;
    case SQLITE_READONLY:
      return base::Code::read_only;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return base::Code::corrupt;
    default:
      return base::Code::io;
  }
}

}  // namespace

base::Failure sqlite_failure(sqlite3* connection, std::string_view doing) {
  return base::fail(code_of(sqlite3_extended_errcode(connection)), "the cloud's database, {}: {}",
                    doing, sqlite3_errmsg(connection));
}

Result<Statement> Statement::prepare(sqlite3* connection, std::string_view sql) {
  sqlite3_stmt* made = nullptr;
  if (sqlite3_prepare_v3(connection, sql.data(), static_cast<int>(sql.size()),
                         SQLITE_PREPARE_PERSISTENT, &made, nullptr) != SQLITE_OK) {
    return sqlite_failure(connection, sql);
  }
  Statement statement;
  statement.statement_.reset(made);
  return statement;
}

Result<bool> Statement::step() {
  switch (sqlite3_step(statement_.get())) {
    case SQLITE_ROW:
      return true;
    case SQLITE_DONE:
      return false;
    default:
      return sqlite_failure(sqlite3_db_handle(statement_.get()), sqlite3_sql(statement_.get()));
  }
}

Result<void> Statement::run() {
  const ResetAtEnd reset_at_end(*this);
  for (;;) {
    const auto row = step();
    if (!row) return base::Failure(row.error());
    if (!*row) return {};
  }
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

std::string Statement::text(int column) const {
  const void* bytes = sqlite3_column_blob(statement_.get(), column);
  const int size = sqlite3_column_bytes(statement_.get(), column);
  if (bytes == nullptr) return {};
  return {static_cast<const char*>(bytes), static_cast<std::size_t>(size)};
}

base::Hash256 Statement::hash(int column) const {
  base::Hash256 hash;
  const std::string bytes = text(column);
  std::copy_n(bytes.begin(), std::min(bytes.size(), hash.bytes.size()), hash.bytes.begin());
  return hash;
}

void Statement::bind_one(int at, std::int64_t value) {
  const int done = sqlite3_bind_int64(statement_.get(), at, value);
  TILLRIG_ASSERT(done == SQLITE_OK, "a statement was bound while in use or past its parameters");
}

void Statement::bind_one(int at, std::string_view text) {
  const char* data = text.data() == nullptr ? "" : text.data();
  const int done =
      sqlite3_bind_text64(statement_.get(), at, data, text.size(), SQLITE_STATIC, SQLITE_UTF8);
  TILLRIG_ASSERT(done == SQLITE_OK, "a statement was bound while in use or past its parameters");
}

void Statement::bind_one(int at, const Blob& blob) {
  const int done = sqlite3_bind_blob64(statement_.get(), at, blob.bytes.data(), blob.bytes.size(),
                                       SQLITE_STATIC);
  TILLRIG_ASSERT(done == SQLITE_OK, "a statement was bound while in use or past its parameters");
}

}  // namespace tillrig::oms
