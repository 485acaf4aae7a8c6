#pragma once

#include "pos/oms/days.hpp"
#include "pos/sqlite/connection.hpp"

#include <memory>

namespace tillrig::oms {

// The days in a connection that outlives them; makes the tables they lack.
Result<std::unique_ptr<Days>> open_days(sqlite::Connection& connection);

}  // namespace tillrig::oms
