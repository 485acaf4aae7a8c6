#pragma once

#include "pos/sqlite/connection.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace tillrig::store {

using base::Result;

// The notes of a Notebook inside the till's database; the table is made with the first of them.
Result<std::optional<std::string>> read_note(sqlite::Connection& book, std::string_view name);
// Inside a transaction of the caller's.
Result<void> write_note(sqlite::Connection& book, std::string_view name, std::string_view text);

}  // namespace tillrig::store
