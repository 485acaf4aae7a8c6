#pragma once

#include "tests/house/source.hpp"

#include <string_view>
#include <vector>

namespace tillrig::house {

// g++ 12.2 destroys some temporaries of a full expression with co_await twice: aggregates in
// braces, lambdas, and what a class-type ?: gives. Types cannot be told from the text, so a
// statement with co_await has no braces, no lambda and no ?: at all; named locals stand before it.
// Lambdas with captures are no coroutines: the captures die with the lambda, before the coroutine.
std::vector<Offence> check_coroutines(std::string_view path, std::string_view content);

}  // namespace tillrig::house
