#pragma once

#include "pos/till/config.hpp"
#include "pos/till/receipt.hpp"

namespace tillrig::till {

// The paper of a closed day. The lines an auditor reads back: "Z report 3", "Closed till-1.3.42",
// "Day 2026-03-02", "Sales 12  34.56", "Refunds 1  -2.58", "Goods A VAT 19 %  ..." and "Tax A VAT
// 19 %  ..." of each rate, "Tender cash", "Float", "Paid in", "Paid out", "Cash expected", "Cash
// counted", "Difference"; "Missing 3" where the till has not all of the day any more. The drawer
// opens, to be counted.
Receipt z_report(const base::EventId& id, const wire::DayClosed& closed, const Config& config);

}  // namespace tillrig::till
