#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tillrig::oracle {

// The oracle's own arithmetic of amounts, so that a mistake in the stack's cannot hide itself.

// "-12.34" with an exponent of 2 is -1234; exactly `exponent` digits after the point. Nothing for
// any other form and for what does not fit into 64 bits.
std::optional<std::int64_t> read_amount(std::string_view text, int exponent);

// -1234 with an exponent of 2 is "-12.34".
std::string amount_text(std::int64_t minor, int exponent);

}  // namespace tillrig::oracle
