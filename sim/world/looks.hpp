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

}  // namespace tillrig::world
