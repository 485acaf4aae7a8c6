#pragma once

#include "sim/oracle/account/account.hpp"
#include "sim/oracle/life.hpp"
#include "sim/oracle/tapes.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tillrig::oracle {

// What a business day at a till comes to, in the oracle's own arithmetic.
struct DaySums {
  std::uint64_t sales = 0;
  std::int64_t sold = 0;
  std::uint64_t refunds = 0;
  std::int64_t given_back = 0;
  std::map<std::int64_t, ReportSum> rates;
  std::int64_t cash = 0;        // that customers gave, less what they got back
  std::int64_t from_purse = 0;  // paid by other tenders
  std::int64_t cash_float = 0;
  std::int64_t paid_in = 0;
  std::int64_t paid_out = 0;

  [[nodiscard]] std::int64_t expected() const { return cash_float + cash + paid_in + paid_out; }
};

// Something of a day that a till said it had booked: an opening, a movement, a close.
struct BookedEvent {
  std::string id;
  std::string kind;         // "cash_moved"
  std::int64_t amount = 0;  // as asked for
};

// All that was done at a till from one close to the next.
struct DaySession {
  std::string till;
  std::string day;      // of the calendar when it was opened; empty: the till's clock was wrong
  bool certain = true;  // all of it is known
  std::uint64_t number = 0;  // of its close, from 1; 0: it was not closed
  std::string close;         // id of that
  const OrderEntry* closing = nullptr;
  std::int64_t counted = 0;
  DaySums sums;
  std::vector<const Due*> dues;
  std::vector<BookedEvent> booked;  // the close among them
};

// The business days of a run, from what was asked of the tills and what the account says of it.
class Sessions {
 public:
  Sessions(const Tapes& tapes, const Account& account, const Life& life);

  [[nodiscard]] const std::vector<DaySession>& all() const { return all_; }
  // The day that a document has to say; empty: not known.
  [[nodiscard]] std::string_view day_of(std::string_view document) const;

 private:
  struct Step;
  void take(DaySession& session, const Step& step);
  [[nodiscard]] std::string day_at(std::string_view till, Instant at) const;

  const Tapes& tapes_;
  const Life& life_;
  std::vector<DaySession> all_;
  std::map<std::string, std::string, std::less<>> days_;
};

}  // namespace tillrig::oracle
