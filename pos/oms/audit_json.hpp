#pragma once

#include "pos/oms/database.hpp"

#include <vector>

namespace tillrig::oms {

// {"events":[{"v":..,"uuid":..,...}],"next":V}: next is the v to ask on after; the end of the list
// is a page without events.
Bytes write_audit(const std::vector<AuditRow>& rows, std::uint64_t after_v);
// {"refused":[{"uuid":..,"till":..,"code":..}]}
Bytes write_refusals(const std::vector<Refusal>& refusals);

}  // namespace tillrig::oms
