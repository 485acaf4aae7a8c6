#pragma once

#include "pos/wire/customer.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace tillrig::wire {

inline constexpr std::string_view kPointsLedger = "points";  // a ledger of the cloud

// POST /v1/holds: so much of what is under a key is kept for this till until it is captured (by the
// sale that names the hold in its tail), released, or kHoldLasts has passed. The same hold asked
// for again is the same hold. Answered with 409 and one of the codes below when it is not given.
inline constexpr std::int64_t kHoldLastsMs = 15 * 60 * 1000;
inline constexpr std::string_view kInsufficient = "insufficient";  // there is not so much
inline constexpr std::string_view kOtherHold = "other_hold";  // the id is of another one, or over
struct Hold {
  std::string id;  // the till's own, of A-Z, a-z, 0-9, - and _
  std::string ledger;
  std::string key;
  std::int64_t amount = 0;

  bool operator==(const Hold&) const = default;

  static void describe(auto& self, auto& fields) {
    fields("id", self.id, {.bytes = kCustomerId})("ledger", self.ledger, {.bytes = 32})(
        "key", self.key, {.bytes = kCustomerId})("amount", self.amount,
                                                 {.least = 1, .most = kMostAmount});
  }
};

// What it and POST /v1/holds/{id}/release {} are answered with. A hold that is released before it
// was heard of will not be given any more.
struct Held {
  std::string id;
  std::string state;            // "open", "kept" (purse.hpp), "released", "captured"
  std::int64_t expires_ms = 0;  // since 1970; 0: it holds nothing

  static void describe(auto& self, auto& fields) {
    fields("id", self.id, {.bytes = kCustomerId})("state", self.state, {.bytes = 16})
        .maybe("expires_ms", self.expires_ms, kAmounts);
  }
};

// Errors: bad_input, naming the field.
Bytes write_json(const Hold& hold);
Bytes write_json(const Held& held);
Result<Hold> read_hold(ByteView body);
Result<Held> read_held(ByteView body);

}  // namespace tillrig::wire
