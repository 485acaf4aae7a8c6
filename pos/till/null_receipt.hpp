#pragma once

#include "pos/till/config.hpp"
#include "pos/till/receipt.hpp"

#include <cstdint>
#include <string>

namespace tillrig::till {

// "2026-03-02 08:10:00 UTC".
std::string moment_words(std::int64_t wall_ms);

// The paper of an outage that was closed. The lines an auditor reads back: the copy mark, "NULL
// RECEIPT", "Event till-1.3.42", "From 2026-03-02 08:10:00 UTC", "Until ...", "Documents 3", "TOTAL
// 0.00"; "To be reported" where it lasted for more than 48 hours. The drawer stays shut.
Receipt null_receipt(const base::EventId& id, const wire::OutageClosed& closed,
                     const Config& config, bool copy);

}  // namespace tillrig::till
