#pragma once

#include "pos/base/http.hpp"

#include <string_view>

namespace tillrig::wire {

// The field in which a message says what its body sums up to (CRC-32C of the bytes as they go over
// the wire, eight hex digits). What was damaged on its way is sent again; without the sum a damaged
// sale would look like a wrong one.
inline constexpr std::string_view kSumField = "Body-Sum";
// The code of the answer to a request that came damaged (status 400).
inline constexpr std::string_view kDamaged = "damaged";

// To be called when the body is as it will be sent; a message without a body needs none.
void add_sum(base::HttpFields& fields, base::ByteView body);
// False also of a message that says no sum.
bool damaged(const base::HttpFields& fields, base::ByteView body);

}  // namespace tillrig::wire
