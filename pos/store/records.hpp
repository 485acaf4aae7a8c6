#pragma once

#include "pos/sqlite/connection.hpp"
#include "pos/store/shelf.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tillrig::store {

using base::Result;

// One row of a table of the cloud.
struct Record {
  std::string id;
  bool deleted = false;  // the cloud removed it: not even what the till had before it counts
  std::string body;
};

// The cloud's tables inside the till's database, made when the first page comes. They are the
// cloud's, who tells them again: they stand in no ledger, and a database that is made anew begins
// without them.

// Nothing was ever read: a Reading without an epoch.
Result<Reading> read_reading(sqlite::Connection& book, std::string_view table);
// The table in effect, in the order of ids.
Result<std::vector<Record>> read_records(sqlite::Connection& book, std::string_view table);

// Both inside a transaction of the caller's. keep_rows: true: the table in effect is another now.
Result<bool> keep_rows(sqlite::Connection& book, std::string_view table, const Reading& asked,
                       const wire::FeedPage& page, bool tombstones);
// The table in effect has nothing any more: in a mutant.
Result<void> forget_rows(sqlite::Connection& book, std::string_view table);
Result<void> keep_reading(sqlite::Connection& book, std::string_view table, const Reading& asked,
                          const wire::FeedPage& page);

}  // namespace tillrig::store
