#pragma once

#include "pos/base/json_fields.hpp"
#include "pos/lan/open_order.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace tillrig::lan {

using base::Result;

// What the tills of a shop say to each other: one struct a kind, a line of JSON each.

// "I am here", again and again. Who names itself as hub in it claims to be it.
struct Beat {
  static constexpr std::string_view kName = "beat";
  bool wired = false;
  std::uint64_t epoch = 0;  // of the hub that it believes in, or the highest it has heard of
  std::string hub;          // that it believes in; empty: none
  std::int64_t digest = 0;  // of its open orders
  std::string newest;       // the event that it made last
  std::string noted = {};   // the last of the listener's own events that it knows of
  static void describe(auto& self, auto& fields) {
    fields.maybe("wired", self.wired).maybe("epoch", self.epoch).maybe("hub", self.hub);
    fields("digest", self.digest).maybe("newest", self.newest).maybe("noted", self.noted);
  }
};

// What it knows of open orders: some, or all.
struct Rows {
  static constexpr std::string_view kName = "rows";
  std::vector<OpenOrder> orders;
  static void describe(auto& self, auto& fields) {
    fields("orders", self.orders, {.entries = kMostOrders});
  }
};

// `by` wants to have the order; through the hub of that epoch, if there is one.
struct Take {
  static constexpr std::string_view kName = "take";
  std::string order;
  std::string by;
  std::uint64_t epoch = 0;
  static void describe(auto& self, auto& fields) {
    fields("order", self.order)("by", self.by).maybe("epoch", self.epoch);
  }
};

// It does not get it.
struct Denied {
  static constexpr std::string_view kName = "denied";
  std::string order;
  std::string by;
  std::string why;
  static void describe(auto& self, auto& fields) {
    fields("order", self.order)("by", self.by)("why", self.why, {.bytes = 512});
  }
};

// `by` wants to know what became of a payment attempt of its own.
struct Ask {
  static constexpr std::string_view kName = "ask";
  std::string attempt;
  std::string by;
  static void describe(auto& self, auto& fields) { fields("attempt", self.attempt)("by", self.by); }
};

// What became of it, as a body of POST /v1/attempts has it, for the till whose attempt it is.
struct Told {
  static constexpr std::string_view kName = "told";
  std::string attempt;
  std::string by;
  std::string body;
  static void describe(auto& self, auto& fields) {
    fields("attempt", self.attempt)("by", self.by)("body", self.body, {.bytes = 4096});
  }
};

using Message = std::variant<Beat, Rows, Take, Denied, Ask, Told>;

// A message and whose it is.
struct Said {
  std::string shop;
  std::string from;
  Message message;
};

inline constexpr std::size_t kLongestLine = 1024 * 1024;

// With its end of line.
std::string write_line(const Said& said);
// Without it. Errors: bad_input, not_found (no such message).
Result<Said> read_line(std::string_view line);

}  // namespace tillrig::lan
