#pragma once

#include "sim/oracle/evidence.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace tillrig::oracle {

// What a key of a ledger has at the cloud while this question is answered: what the postings of
// the events come to that the cloud had by then. Nothing when that cannot be told, as an upload of
// one of them was under way.
std::optional<std::int64_t> balance_when(const Evidence& evidence, std::string_view key,
                                         const WireEntry& asked,
                                         std::string_view ledger = "points");

}  // namespace tillrig::oracle
