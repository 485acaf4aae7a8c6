#pragma once

#include "pos/oms/database.hpp"
#include "pos/sqlite/connection.hpp"

#include <cstdint>
#include <string>

namespace tillrig::oms {

// Forms of the cloud's tables. Files of the first had no number; its orders had their taxes and
// payments in tables of their own, its postings a row for each of the goods.
inline constexpr std::int64_t kFirstFormat = 0;
inline constexpr std::int64_t kFormat = 2;

// Before the tables are looked at, in a transaction: of a file with the first form what cannot be
// read in the present one is taken away or renamed. Gives the form that it had; a new file has the
// present one. Errors: not_allowed, a form that this version does not know: the file is left alone.
Result<std::int64_t> make_room(sqlite::Connection& connection, const std::string& path);

// What was taken away is made again from the events, which are as they were, and the file has the
// present form from then on, all in one transaction: who is stopped in between begins again.
Result<void> fill_again(Database& database, sqlite::Connection& connection);

}  // namespace tillrig::oms
