#pragma once

#include "pos/wire/day.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace tillrig::wire {

inline constexpr std::size_t kReportTills = 1000;      // most tills of a report
inline constexpr std::size_t kReportCloses = 100;      // most closes of a day at a till
inline constexpr std::size_t kReportOutstanding = 20;  // most that are named

// GET /v1/reports/days?day=D[&till=T]: what the cloud holds of a business day, till by till. A till
// whose day is closed has its Z reports beside it; what those count and the cloud has not got is
// outstanding, and as long as there is any the totals are not yet those of the day.
struct DayReport {
  // One close, as the till printed it.
  struct Close {
    std::string event;
    std::uint64_t number = 0;
    std::uint64_t documents = 0;
    Money total;  // sold and given back
    Money expected;
    Money counted;

    static void describe(auto& self, auto& fields) {
      fields("event", self.event, {.bytes = 64})("number", self.number)(
          "documents", self.documents)("total", self.total, kAmounts)(
          "expected", self.expected, kAmounts)("counted", self.counted, kAmounts);
    }
  };

  std::string till;
  std::string day;
  std::uint64_t sales = 0;
  Money sold;
  std::uint64_t refunds = 0;
  Money given_back;
  std::vector<RateSum> rates;
  std::vector<TenderSum> tenders;
  Money cash_float;
  Money paid_in;
  Money paid_out;
  std::vector<Close> closes;
  std::uint64_t late = 0;  // came after the close that counts them
  std::uint64_t outstanding = 0;
  std::vector<std::string> first_outstanding;  // "3.42": epoch and number of the first of them

  static void describe(auto& self, auto& fields) {
    fields("till", self.till, {.bytes = 32})("day", self.day, kDayText)("sales", self.sales)(
        "sold", self.sold, kAmounts)("refunds", self.refunds)(
        "given_back", self.given_back, kAmounts)("rates", self.rates, {.entries = kDaySums})(
        "tenders", self.tenders, {.entries = kDaySums})("cash_float", self.cash_float, kAmounts)(
        "paid_in", self.paid_in, kAmounts)("paid_out", self.paid_out, kAmounts)(
        "closes", self.closes, {.entries = kReportCloses})("late", self.late)(
        "outstanding", self.outstanding)("first_outstanding", self.first_outstanding,
                                         {.bytes = 64, .entries = kReportOutstanding});
  }
};

struct DayReports {
  std::vector<DayReport> reports;

  static void describe(auto& self, auto& fields) {
    fields("reports", self.reports, {.entries = kReportTills});
  }
};

// GET /v1/reports/calendar?after=D: the days that there are reports of, at most 1000.
struct DayList {
  std::vector<std::string> days;

  static void describe(auto& self, auto& fields) {
    fields("days", self.days, {.bytes = 10, .entries = 1000});
  }
};

}  // namespace tillrig::wire
