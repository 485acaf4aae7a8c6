#pragma once

#include "pos/store/store.hpp"
#include "pos/till/catalogue.hpp"
#include "pos/till/customers.hpp"

#include <vector>

namespace tillrig::till {

// What the cloud's tables, as far as the till has kept them, change of what it was configured with.
// A row that a later version wrote, or that cannot be read, changes nothing. Errors are the
// store's.
base::Result<std::vector<Catalogue::Change>> item_changes(store::Store& store);
base::Result<std::vector<Customers::Change>> customer_changes(store::Store& store);

}  // namespace tillrig::till
