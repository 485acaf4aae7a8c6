#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tillrig::oracle {

// A sale or refund as it went over the wire, read by the oracle itself. Minor units, thousandths,
// basis points.
struct SentLine {
  std::string sku;
  std::int64_t quantity = 0;
  std::int64_t unit_price = 0;
  std::int64_t discount = 0;
  std::int64_t total = 0;
  std::int64_t tax_rate = 0;
  std::int64_t tax = 0;
  std::uint64_t of_line = 0;
};

struct SentDocument {
  std::vector<SentLine> lines;
  std::int64_t given = 0;  // in cash
  std::int64_t change = 0;
  std::int64_t from_purse = 0;  // by other tenders
  std::int64_t total = 0;
  std::int64_t tax = 0;
  std::int64_t rounding = 0;
  std::string of;
  std::string day;
  std::string currency;
};

// When something was made: by the till's wall clock, and by the clock that only ever grows.
struct Stamp {
  std::int64_t wall_ms = 0;
  std::int64_t ms = 0;
  std::uint64_t count = 0;
};
// Of the body of any event; nothing if it is not whole or has none.
std::optional<Stamp> read_stamp(std::string_view body);

// The body of an item; nothing if it is not whole.
std::optional<SentDocument> read_sent_document(std::string_view body);

}  // namespace tillrig::oracle
