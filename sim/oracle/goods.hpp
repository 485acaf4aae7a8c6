#pragma once

#include "sim/oracle/account/account.hpp"
#include "sim/oracle/difference.hpp"
#include "sim/oracle/evidence.hpp"

namespace tillrig::oracle {

// A document's goods, beside what they have to be, wherever they can be seen: its total on the
// screen and in Register Sales; lines, names, quantities, discounts and day on each of its papers,
// copies too; all of it in the cloud.
void compare_goods(const Evidence& evidence, const Document& document, const Due& due,
                   Difference& difference);

}  // namespace tillrig::oracle
