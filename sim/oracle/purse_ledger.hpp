#pragma once

#include "sim/oracle/evidence.hpp"
#include "sim/oracle/invariant.hpp"

#include <string_view>

namespace tillrig::oracle {

// Each posting of a ledger is of a sale that puts just that in there or takes it out, and each of
// these has one. `name` is how a key is called: "gift card".
void check_purse_ledger(const Evidence& evidence, std::string_view ledger, std::string_view name,
                        Judgement& judgement);

}  // namespace tillrig::oracle
