#include "pos/base/json_fields.hpp"
#include "pos/wire/customer.hpp"

#include <algorithm>

namespace tillrig::wire {

bool is_customer_id(std::string_view text) {
  return !text.empty() && text.size() <= kCustomerId &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '-' || c == '_';
         });
}

namespace {

Result<void> check_customer_id(std::string_view id) {
  if (is_customer_id(id)) return {};
  return base::fail(base::Code::bad_input,
                    "\"{}\" cannot be a customer's id; expected 1 to {} of A-Z, a-z, 0-9, - and _",
                    id.substr(0, 64), kCustomerId);
}

}  // namespace

Bytes write_json(const CustomerChanges& changes) {
  return base::write_message(changes);
}

Result<CustomerChanges> read_customer_changes(ByteView body) {
  auto changes = base::read_message<CustomerChanges>(body, "change of customers");
  if (!changes) return changes;
  const std::size_t count = changes->customers.size() + changes->removed.size();
  if (count == 0 || count > kFeedRows) {
    return base::fail(base::Code::bad_input,
                      "{} customers are changed or removed; expected 1 to {} at once", count,
                      kFeedRows);
  }
  for (const Customer& customer : changes->customers) {
    if (auto good = check_customer_id(customer.id); !good) return base::Failure(good.error());
    if (customer.name.empty()) {
      return base::fail(base::Code::bad_input, "the customer {} has no 'name'; expected a text",
                        customer.id);
    }
  }
  for (const std::string& id : changes->removed) {
    if (auto good = check_customer_id(id); !good) return base::Failure(good.error());
  }
  return changes;
}

std::string write_customer(const Customer& customer) {
  return base::write_message(customer);
}

Result<Customer> read_customer(std::string_view body) {
  return base::read_message<Customer>(body, "customer");
}

}  // namespace tillrig::wire
