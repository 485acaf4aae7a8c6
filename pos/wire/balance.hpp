#pragma once

#include "pos/wire/purse.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tillrig::wire {

inline constexpr std::string_view kBalances = "balances";  // a table of the feed, as kItems

inline constexpr std::size_t kBalanceTills = 50;  // most tills that a row tells of

// A row of it: what a customer has in a purse, by all sales that the cloud had then; and of each
// till how far its own sales are in that, so that a till knows which of its own to add.
struct Balance {
  struct Through {
    std::string till;
    std::uint32_t epoch = 0;
    std::uint64_t seq = 0;

    static void describe(auto& self, auto& fields) {
      fields("till", self.till, {.bytes = 64})("epoch", self.epoch)("seq", self.seq);
    }
  };
  std::string of;  // "credit:ana"
  Money balance;
  base::WallTime as_of;
  std::vector<Through> through;  // the newest last

  static void describe(auto& self, auto& fields) {
    fields("of", self.of, {.bytes = kTailBytes})("balance", self.balance, kAmounts)("as_of",
                                                                                    self.as_of);
    fields("through", self.through, {.entries = kBalanceTills});
  }
};

// A row's body. Errors: bad_input, naming the field.
std::string write_balance(const Balance& balance);
Result<Balance> read_balance(std::string_view body);

}  // namespace tillrig::wire
