#pragma once

#include "pos/base/money.hpp"

#include <string>
#include <string_view>

namespace tillrig::till {

// What is done about money that customers have with the shop (wire/purse.hpp), as the commands of
// command.hpp.

struct LoadPurse {  // a line of the sale that fills it
  static constexpr std::string_view kName = "load";
  std::string purse;  // "gift", "account", "credit"
  std::string of;     // the card, or the customer
  base::Money amount;
  static void describe(auto& self, auto& fields) {
    fields("purse", self.purse)("of", self.of)("amount", self.amount);
  }
};

struct AskPurse {  // what can be spent of it, by the cloud
  static constexpr std::string_view kName = "purse";
  std::string purse;
  std::string of;
  static void describe(auto& self, auto& fields) { fields("purse", self.purse)("of", self.of); }
};

}  // namespace tillrig::till
