#pragma once

#include "pos/oms/database.hpp"

namespace tillrig::oms {

// Throws the projections away and makes them again from the events, in one transaction; the result
// must equal what was there (INV-16). Errors: as Database; corrupt when an event does not decode.
Result<void> rebuild_projections(Database& database);

}  // namespace tillrig::oms
