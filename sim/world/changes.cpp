#include "sim/world/changes.hpp"

#include <set>

namespace tillrig::world {

Awaitable<void> put_goods_on_tapes(Bed& bed) {
  for (const std::string& each : bed.setup().tills) {
    std::string till = each;
    co_await put_goods_on_tapes(bed, std::move(till), SIZE_MAX);
  }
}

Awaitable<void> put_goods_on_tapes(Bed& bed, std::string till, std::size_t most) {
  const auto& changed = bed.office().changed();
  const std::size_t every = changed.size() / most + 1;
  std::vector<std::string> skus;
  std::size_t n = 0;
  for (const auto& [sku, item] : changed) {
    if (n++ % every == 0) skus.push_back(sku);
  }
  for (const std::string& sku : skus) {
    if (!bed.running(till)) co_return;
    auto price = co_await bed.price_at(till, sku);
    if (!price) continue;  // it died meanwhile, or cannot say
    bed.recording().tapes().goods_looks.push_back({bed.recording().now(), till, sku,
                                                   price->has_value(),
                                                   price->value_or(base::Money{}).minor});
  }
}

Awaitable<void> put_customers_on_tapes(Bed& bed) {
  for (const std::string& each : bed.setup().tills) {
    std::string till = each;
    co_await put_customers_on_tapes(bed, std::move(till), SIZE_MAX);
  }
}

Awaitable<void> put_customers_on_tapes(Bed& bed, std::string till, std::size_t most) {
  std::vector<std::string> ids;
  for (const auto& [id, customer] : bed.office().changed_customers()) {
    if (ids.size() < most) ids.push_back(id);
  }
  for (const std::string& id : ids) {
    if (!bed.running(till)) co_return;
    auto seen = co_await bed.customer_at(till, id);
    if (!seen) continue;  // it died meanwhile, or cannot say
    const KnownCustomer known = seen->value_or(KnownCustomer());
    bed.recording().tapes().customer_looks.push_back(
        {bed.recording().now(), till, id, seen->has_value(), known.name, known.phone});
  }
}

Awaitable<void> put_balances_on_tapes(Bed& bed) {
  std::set<std::string> customers;
  for (const oracle::PostingEntry& each : bed.recording().tapes().postings) {
    if (each.ledger == "credit" || each.ledger == "account") customers.insert(each.key);
  }
  for (const std::string& till : bed.setup().tills) {
    for (const std::string& customer : customers) {
      if (!bed.running(till)) continue;
      std::string text = customer;
      auto finding = bed.find_at(till, std::move(text));
      const auto found = co_await std::move(finding);
      if (!found) continue;
      for (const PurseSeen& each : found->balances) {
        if (each.of != customer) continue;
        bed.recording().tapes().balance_looks.push_back(
            {bed.recording().now(), till, each.purse, each.of, each.balance.minor});
      }
    }
  }
}

Awaitable<bool> goods_have_come(Bed& bed) {
  for (const std::string& till : bed.setup().tills) {
    for (const auto& [sku, item] : bed.office().changed()) {
      if (!bed.running(till)) break;
      const std::string which = sku;
      const bool sold = item.has_value();
      const base::Money right = sold ? item->price : base::Money{};
      auto price = co_await bed.price_at(till, which);
      if (!price) continue;
      const bool same = price->has_value() == sold && price->value_or(base::Money{}) == right;
      if (!same) co_return false;
    }
  }
  co_return true;
}

Awaitable<bool> customers_have_come(Bed& bed) {
  for (const std::string& till : bed.setup().tills) {
    for (const auto& [id, customer] : bed.office().changed_customers()) {
      if (!bed.running(till)) break;
      const std::string which = id;
      const bool known = customer.has_value();
      const Customer right = customer.value_or(Customer());
      auto seen = co_await bed.customer_at(till, which);
      if (!seen) continue;
      const bool same = seen->has_value() == known &&
                        (!known || ((*seen)->name == right.name && (*seen)->phone == right.phone));
      if (!same) co_return false;
    }
  }
  co_return true;
}

}  // namespace tillrig::world
