#pragma once

#include "pos/base/mutant.hpp"
#include "pos/oms/database.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace tillrig::oms {

// What a till is told of a sale before it gives money back (wire::Receipt): its lines, what came
// back of each, and which refunds of that `asking` made, so many of them as one answer names after
// the first `after`. Nothing when it is no sale that is held. Errors: those of the Database.
Result<std::optional<wire::Receipt>> find_receipt(Database& database, const base::EventId& sale,
                                                  std::string_view asking, std::uint64_t after,
                                                  const base::Mutants& mutants = {});

}  // namespace tillrig::oms
