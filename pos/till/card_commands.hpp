#pragma once

#include "pos/base/money.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tillrig::till {

// What is done about payments by card (S3), as the commands of command.hpp.

struct Reload {  // of the store: what is not settled is asked about
  static constexpr std::string_view kName = "reload";
  static void describe(auto&, auto&) {}
};

struct Download {  // Register Sales, the order, options, download
  static constexpr std::string_view kName = "download";
  std::string order;
  static void describe(auto& self, auto& fields) { fields("order", self.order); }
};

// An order in Register Sales that was closed while nobody knew whether its card was charged.
struct UnpaidOrder {
  std::string order;
  std::string attempt;
  base::Money amount;
  std::int64_t wall_ms = 0;  // when it was rung up
  std::string label = "unpaid";
  std::string state = "payment_unresolved";
  std::string text;             // "will update by day-end 22:00"
  std::int64_t checked_ms = 0;  // when it was asked about last; 0: not yet
  std::string at;               // who knows of it: "local", "lan", "oms"
  std::vector<std::string> options{"Download"};

  bool operator==(const UnpaidOrder&) const = default;

  static void describe(auto& self, auto& fields) {
    fields("order", self.order)("attempt", self.attempt)("amount", self.amount)(
        "wall_ms", self.wall_ms)("label", self.label)("state", self.state)("text", self.text)(
        "checked_ms", self.checked_ms)
        .maybe("at", self.at)("options", self.options);
  }
};

}  // namespace tillrig::till
