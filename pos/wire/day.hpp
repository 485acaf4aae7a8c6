#pragma once

#include "pos/base/json_fields.hpp"
#include "pos/base/money.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace tillrig::wire {

using base::Money;
using base::Rate;

// What a message from elsewhere may carry at most: far above any shop, far below where sums leave
// 64 bits.
inline constexpr std::int64_t kMostAmount = 1'000'000'000'000'000;
inline constexpr std::int64_t kMostRate = 1'000'000;
inline constexpr base::Limit kAmounts{.least = -kMostAmount, .most = kMostAmount};

inline constexpr base::Limit kDayText{.bytes = 10};  // "2026-03-02"
inline constexpr std::size_t kReasonBytes = 128;     // why cash was put in or taken out
inline constexpr std::size_t kDaySums = 64;          // most rates, and most tenders, of a day
inline constexpr std::size_t kDaySpans = 200;        // most epochs of a day

// Somebody opened a business day at a till and put change into its drawer. A day that nobody opens
// is opened by its first document and has no such event.
struct DayOpened {
  std::string day;
  Money cash_float;

  bool operator==(const DayOpened&) const = default;

  static void describe(auto& self, auto& fields) {
    fields("day", self.day, kDayText)("cash_float", self.cash_float, kAmounts);
  }
};

// Cash was put into the drawer, or below zero taken out, for no document.
struct CashMoved {
  std::string day;
  Money amount;
  std::string reason;

  bool operator==(const CashMoved&) const = default;

  static void describe(auto& self, auto& fields) {
    fields("day", self.day, kDayText)("amount", self.amount, kAmounts)("reason", self.reason,
                                                                       {.bytes = kReasonBytes});
  }
};

// What the lines of a rate come to, at the shop's prices, and the tax inside or on top.
struct RateSum {
  Rate rate;
  Money goods;
  Money tax;

  bool operator==(const RateSum&) const = default;

  static void describe(auto& self, auto& fields) {
    fields("rate", self.rate, {.least = 0, .most = kMostRate})("goods", self.goods, kAmounts)(
        "tax", self.tax, kAmounts);
  }
};

// What was paid with a tender, refunds taken off.
struct TenderSum {
  std::string kind;  // "cash"
  Money amount;

  bool operator==(const TenderSum&) const = default;

  static void describe(auto& self, auto& fields) {
    fields("kind", self.kind, {.bytes = 32})("amount", self.amount, kAmounts);
  }
};

// The events of an epoch that belong to a day, from the first to the last.
struct Span {
  std::uint32_t epoch = 0;
  std::uint64_t first = 0;
  std::uint64_t last = 0;

  bool operator==(const Span&) const = default;

  static void describe(auto& self, auto& fields) {
    fields("epoch", self.epoch)("first", self.first)("last", self.last);
  }
};

// A day was closed at a till: all that was made there since the one before was closed, as its own
// store has it, sent or not (the Z report).
struct DayClosed {
  std::string day;
  std::uint64_t number = 0;   // of the till's Z reports, from 1
  std::uint64_t missing = 0;  // events of the day that the till itself has not any more
  std::uint64_t sales = 0;
  Money sold;
  std::uint64_t refunds = 0;
  Money given_back;  // below zero
  std::vector<RateSum> rates;
  std::vector<TenderSum> tenders;
  Money cash_float;
  Money paid_in;
  Money paid_out;  // below zero
  Money expected;  // cash in the drawer
  Money counted;
  std::vector<Span> spans;  // the close itself left out

  bool operator==(const DayClosed&) const = default;

  static void describe(auto& self, auto& fields) {
    fields("day", self.day, kDayText)("number", self.number)("missing", self.missing)(
        "sales", self.sales)("sold", self.sold, kAmounts)("refunds", self.refunds)(
        "given_back", self.given_back, kAmounts)("rates", self.rates, {.entries = kDaySums})(
        "tenders", self.tenders, {.entries = kDaySums})("cash_float", self.cash_float, kAmounts)(
        "paid_in", self.paid_in, kAmounts)("paid_out", self.paid_out, kAmounts)(
        "expected", self.expected, kAmounts)("counted", self.counted, kAmounts)(
        "spans", self.spans, {.entries = kDaySpans});
  }
};

}  // namespace tillrig::wire
