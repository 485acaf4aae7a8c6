#pragma once

#include "pos/wire/customer.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tillrig::till {

using wire::Customer;

// Those whom the shop knows, as far as this till does: those of its configuration, with what the
// cloud told of them since.
class Customers {
 public:
  Customers() = default;
  explicit Customers(std::vector<Customer> customers);

  struct Change {
    std::string id;
    std::optional<Customer> customer;  // nothing: gone
  };
  [[nodiscard]] Customers changed(const std::vector<Change>& changes) const;

  [[nodiscard]] const Customer* by_id(std::string_view id) const;
  // Whose id, card or whole phone number it is; null: nobody's, or of more than one.
  [[nodiscard]] const Customer* called(std::string_view text) const;
  // Those who are called so, then those whose name or phone number has it as a part; by id, at most
  // so many.
  [[nodiscard]] std::vector<Customer> find(std::string_view text, std::size_t most) const;

 private:
  std::map<std::string, Customer, std::less<>> by_id_;
};

// Whether a part of the text is this, be its letters (A to Z) large or small. An empty part is
// none.
bool has_part(std::string_view text, std::string_view part);

}  // namespace tillrig::till
