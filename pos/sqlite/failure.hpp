#pragma once

#include "pos/base/result.hpp"

#include <string_view>

struct sqlite3;

namespace tillrig::sqlite {

// What SQLite said of the last call, as one of our errors, the same for till and cloud:
//   busy       another process has the file (never: it is lost)
//   conflict   what a row may not be: a constraint, a type, a size
//   dead_file  a sync failed: the file is not to be trusted again in this run
//   no_space, read_only, corrupt
//   internal   our own mistake: bad SQL, a call out of turn
//   io         all else
// `doing` is for people: "opening db/till-000001.db".
base::Failure failure(sqlite3* connection, std::string_view doing);

}  // namespace tillrig::sqlite
