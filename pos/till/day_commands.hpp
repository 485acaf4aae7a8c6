#pragma once

#include "pos/base/money.hpp"

#include <string>
#include <string_view>

namespace tillrig::till {

// What is done about the business day and its cash, as the commands of command.hpp.

struct OpenDay {  // change is put into the drawer, and the day begins
  static constexpr std::string_view kName = "open_day";
  base::Money cash_float;
  static void describe(auto& self, auto& fields) { fields.maybe("float", self.cash_float); }
};

struct CloseDay {  // the cash is counted, and the Z report printed
  static constexpr std::string_view kName = "close_day";
  base::Money counted;
  static void describe(auto& self, auto& fields) { fields("counted", self.counted); }
};

struct PayIn {  // cash into the drawer, for no sale
  static constexpr std::string_view kName = "pay_in";
  base::Money amount;
  std::string reason;
  static void describe(auto& self, auto& fields) {
    fields("amount", self.amount).maybe("reason", self.reason);
  }
};

struct PayOut {  // cash out of it
  static constexpr std::string_view kName = "pay_out";
  base::Money amount;
  std::string reason;
  static void describe(auto& self, auto& fields) {
    fields("amount", self.amount).maybe("reason", self.reason);
  }
};

// The till leaves its shop: it is closed, and sells again only when the cloud has let it in anew.
struct SignOut {
  static constexpr std::string_view kName = "sign_out";
  static void describe(auto&, auto&) {}
};

}  // namespace tillrig::till
