#pragma once

#include "pos/wire/event.hpp"

#include <vector>

namespace tillrig::till {

// What a day comes to, as its events have it: counts, totals, rates, tenders, cash. `closed` is
// what closed the day before; `newest` was made last. What the till has not any more is counted as
// missing.
wire::DayClosed sum_day(const std::vector<wire::Event>& events, const base::EventId& closed,
                        const base::EventId& newest);

}  // namespace tillrig::till
