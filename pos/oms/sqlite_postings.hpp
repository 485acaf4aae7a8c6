#pragma once

#include "pos/oms/postings.hpp"
#include "pos/sqlite/connection.hpp"

#include <memory>

namespace tillrig::oms {

// The cloud's postings as a table beside its others. The connection outlives them. Errors: the
// database's.
Result<std::unique_ptr<Postings>> open_postings(sqlite::Connection& connection);

}  // namespace tillrig::oms
