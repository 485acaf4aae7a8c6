#pragma once

#include "pos/oms/database.hpp"
#include "pos/till/command.hpp"
#include "sim/oracle/tapes.hpp"

#include <string>

namespace tillrig::world {

// What an auditor reads, in the oracle's own words.
oracle::CloudEntry cloud_entry(const oms::AuditRow& row);
oracle::RegisterLook register_look(base::Instant at, const std::string& till,
                                   const till::Answer& sales, const till::Answer& state);

// A page of GET /v1/audit/events. Errors: protocol.
struct AuditPage {
  std::vector<oracle::CloudEntry> rows;
  std::uint64_t next = 0;
};
base::Result<AuditPage> read_audit(base::ByteView body);

}  // namespace tillrig::world
