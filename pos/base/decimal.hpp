#pragma once

#include "pos/base/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace tillrig::base {

// Decimal fractions as whole numbers of their last place: "12.34" with two places is 1234.

// An optional '-', digits, and optionally a point and 1 to `places` digits; nothing else. `what`
// names the value in the Error ("amount"). Errors: bad_input, too_large (beyond +-(2^63 - 1)).
Result<std::int64_t> parse_decimal(std::string_view text, int places, std::string_view what);

// Always `places` digits after the point (no point for 0 places).
std::string format_decimal(std::int64_t value, int places);

}  // namespace tillrig::base
