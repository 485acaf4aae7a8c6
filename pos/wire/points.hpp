#pragma once

#include "pos/wire/customer.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace tillrig::wire {

// GET /v1/loyalty/{id}: how many points a customer has now; what was sold and is not sent yet does
// not count. Answered with 404 and this code when the customer was removed.
inline constexpr std::string_view kNoMember = "no_member";
struct Points {
  std::string member;
  std::int64_t points = 0;

  static void describe(auto& self, auto& fields) {
    fields("member", self.member, {.bytes = kCustomerId})("points", self.points, kAmounts);
  }
};

// Errors: bad_input, naming the field.
Bytes write_json(const Points& points);
Result<Points> read_points(ByteView body);

}  // namespace tillrig::wire
