#include "pos/sqlite/failure.hpp"

#include <sqlite3.h>

namespace tillrig::sqlite {
namespace {

base::Code code_of(int extended) {
  using base::Code;
  if (extended == SQLITE_IOERR_FSYNC || extended == SQLITE_IOERR_DIR_FSYNC) return Code::dead_file;
  switch (extended & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return Code::busy;
    case SQLITE_CONSTRAINT:
    case SQLITE_MISMATCH:
    case SQLITE_TOOBIG:
      return Code::conflict;
    case SQLITE_FULL:
      return Code::no_space;
    case SQLITE_READONLY:
      return Code::read_only;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return Code::corrupt;
    case SQLITE_ERROR:
    case SQLITE_MISUSE:
    case SQLITE_RANGE:
      return Code::internal;
    default:
      return Code::io;
  }
}

}  // namespace

base::Failure failure(sqlite3* connection, std::string_view doing) {
  const int code = sqlite3_extended_errcode(connection);
  return base::fail(code_of(code), "database, {}: {} ({})", doing, sqlite3_errmsg(connection),
                    sqlite3_errstr(code));
}

}  // namespace tillrig::sqlite
