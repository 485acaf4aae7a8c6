#pragma once

#include "pos/wire/api.hpp"

#include <set>
#include <string>
#include <string_view>

namespace tillrig::oms {

// What the cloud's business rules are set to.
struct Rules {
  std::set<std::string, std::less<>> reject_skus = {};  // goods that the cloud does not know
  std::string currency = {};                            // of the shop; empty: any
};

// Why an item's content cannot be taken, looking at nothing but the item; empty when it can.
// bad_aggregate, bad_epoch (an epoch is opened by its first event, after an older one),
// unknown_currency, unknown_item, and those of document_rules.hpp.
std::string_view find_fault(const wire::Event& event, const Rules& rules);

}  // namespace tillrig::oms
