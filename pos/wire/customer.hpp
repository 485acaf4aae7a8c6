#pragma once

#include "pos/wire/feed.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace tillrig::wire {

inline constexpr std::string_view kCustomers = "customers";  // a table of the feed, as kItems

inline constexpr std::size_t kCustomerId = 64;  // bytes; of A-Z, a-z, 0-9, - and _
inline constexpr std::size_t kCustomerPhone = 32;
inline constexpr std::size_t kCustomerCard = 64;

// Somebody whom the shop knows, whole.
struct Customer {
  std::string id;     // for ever; member of the loyalty scheme, holder of an account
  std::string name;   // as the cashier reads it
  std::string phone;  // empty: not known
  std::string card;   // what a scanner reads of the customer's card; empty: there is none

  bool operator==(const Customer&) const = default;

  static void describe(auto& self, auto& fields) {
    fields("id", self.id, {.bytes = kCustomerId})("name", self.name, {.bytes = kTextBytes})
        .maybe("phone", self.phone, {.bytes = kCustomerPhone})
        .maybe("card", self.card, {.bytes = kCustomerCard});
  }
};

// POST /v1/customers, by whoever keeps the shop's customers: all of it in one transaction, or
// nothing.
struct CustomerChanges {
  std::vector<Customer> customers;   // new ones, and those that are other now
  std::vector<std::string> removed;  // ids of those that are gone

  static void describe(auto& self, auto& fields) {
    fields.maybe("customers", self.customers, {.entries = kFeedRows})
        .maybe("removed", self.removed, {.bytes = kCustomerId, .entries = kFeedRows});
  }
};

// Whether it can be a customer's id: it stands in a path as it is.
bool is_customer_id(std::string_view text);

// Errors: bad_input, naming the field.
Bytes write_json(const CustomerChanges& changes);
Result<CustomerChanges> read_customer_changes(ByteView body);
// A row's body.
std::string write_customer(const Customer& customer);
Result<Customer> read_customer(std::string_view body);

}  // namespace tillrig::wire
