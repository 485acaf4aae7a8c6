#pragma once

#include "pos/oms/database.hpp"

#include <vector>

namespace tillrig::oms {

// {"events":[{"v":..,"uuid":..,...}],"next":V}: next is the v to ask on after; the end of the list
// is a page without events.
Bytes write_audit(const std::vector<AuditRow>& rows, std::uint64_t after_v);
// {"refused":[{"uuid":..,"till":..,"code":..}],"next":"till-1.3.42"}: as write_audit; next is the
// place of the last one, which its uuid need not be.
Bytes write_refusals(const std::vector<Refusal>& refusals, std::string_view after);

// {"postings":[{"n":..,"event":..,"ledger":..,"key":..,"amount":..}]}: the end of the list is a
// page without any.
Bytes write_postings(const std::vector<Posting>& postings);

// {"holds":[{"id":..,"till":..,"state":..,"expires_ms":..}]}: likewise; the state is as it counts
// now.
Bytes write_holds(const std::vector<HoldRow>& holds);

}  // namespace tillrig::oms
