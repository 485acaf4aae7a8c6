#pragma once

#include "pos/oms/homes.hpp"
#include "pos/sqlite/connection.hpp"

#include <memory>

namespace tillrig::oms {

// Those in a connection that outlives them; makes the table if it is not there.
Result<std::unique_ptr<Homes>> open_homes(sqlite::Connection& connection);

}  // namespace tillrig::oms
