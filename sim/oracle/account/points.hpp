#pragma once

#include "sim/oracle/account/bill.hpp"
#include "sim/oracle/tapes.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace tillrig::oracle {

// Points as the shop's rule has them, in the oracle's own arithmetic.

// Of a sale: so many for each unit of the currency, rounded down.
std::int64_t points_of_sale(std::int64_t total, int exponent, std::int64_t per_unit);
// What goods came to that were given back of a sale before: so much (thousandths) of each line.
std::int64_t gone_before(const Bill& sale, const std::vector<std::int64_t>& before,
                         const Shop& shop);
// Of a refund, below zero: what is left of the sale keeps its part, rounded down.
std::int64_t points_of_refund(std::int64_t earned, const Bill& sale, std::int64_t before,
                              const Bill& refund);

// Which customer an order names, by id, card or phone number; empty: none that the shop knows.
std::string customer_called(const Shop& shop, const OrderEntry& order);

}  // namespace tillrig::oracle
