#pragma once

#include "pos/till/pricing.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace tillrig::till {

// What is in a sale that waits: lines, discounts, whose it is. Nothing of it is paid yet.
struct ParkedCart {
  std::vector<CartLine> lines;
  Reduction off_sale;
  std::string customer;  // id; empty: nobody's
};

// As a text, for the store and for other tills.
std::string write_parked(const ParkedCart& cart);
// Errors: bad_input, naming the field.
Result<ParkedCart> read_parked(std::string_view text);

}  // namespace tillrig::till
