#include "pos/till/cloud_tables.hpp"

#include <string_view>
#include <utility>

namespace tillrig::till {
namespace {

// A Change of each record, whose body `take` puts into it unless it cannot be read.
template <class Change, class Take>
base::Result<std::vector<Change>> changes_of(store::Store& store, std::string_view table,
                                             Take take) {
  const auto records = store.records(table);
  if (!records) return base::Failure(records.error());
  std::vector<Change> changes;
  for (const store::Record& record : *records) {
    Change change{record.id, {}};
    if (record.deleted || take(record, change)) changes.push_back(std::move(change));
  }
  return changes;
}

}  // namespace

base::Result<std::vector<Catalogue::Change>> item_changes(store::Store& store) {
  return changes_of<Catalogue::Change>(
      store, wire::kItems, [](const store::Record& record, Catalogue::Change& change) {
        const auto item = wire::read_item(record.body);
        if (!item || item->sku != record.id) return false;
        change.item =
            Item{item->sku, item->name, item->code, item->price, item->tax, item->price_embedded};
        return true;
      });
}

base::Result<std::vector<Customers::Change>> customer_changes(store::Store& store) {
  return changes_of<Customers::Change>(store, wire::kCustomers,
                                       [](const store::Record& record, Customers::Change& change) {
                                         auto customer = wire::read_customer(record.body);
                                         if (!customer || customer->id != record.id) return false;
                                         change.customer = *std::move(customer);
                                         return true;
                                       });
}

}  // namespace tillrig::till
