#pragma once

#include <cstdint>
#include <vector>

namespace tillrig::oracle {

// The oracle's own reckoning, written apart from the stack's so that a mistake there cannot hide
// itself. Whole minor units, quantities in thousandths, rates in basis points; halves are rounded
// away from zero. What leaves 64 bits is as good as any wrong result: it differs from the stack's.

std::int64_t times(std::int64_t price, std::int64_t quantity);
std::int64_t share_of(std::int64_t amount, std::int64_t rate);
std::int64_t tax_within(std::int64_t gross, std::int64_t rate);
// whole x part / of; 0 when `of` is 0.
std::int64_t fraction(std::int64_t whole, std::int64_t part, std::int64_t of);
// What is added to an amount so that it can be paid in coins.
std::int64_t to_coins(std::int64_t amount, std::int64_t smallest_coin);
// Parts that come to the amount, in proportion to weights of 0 and more: each its whole units, then
// one more for the largest remainders, the first of equals first.
std::vector<std::int64_t> apportion(std::int64_t amount, const std::vector<std::int64_t>& weights);

}  // namespace tillrig::oracle
