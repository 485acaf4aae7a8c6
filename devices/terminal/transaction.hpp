#pragma once

#include "devices/terminal/payment.hpp"
#include "pos/base/time.hpp"

#include <cstddef>
#include <deque>
#include <string>
#include <string_view>

namespace tillrig::terminal {

// One payment in a terminal's memory.
struct Transaction {
  Charge charge;                           // as asked; reference empty where the protocol has none
  CardSlip slip;                           // receipt_number 0: nothing was booked
  Verdict verdict = Verdict::in_progress;  // then approved, declined, aborted, reversed ...
  Reason reason = Reason::none;
  bool confirmed = false;  // the till is known to have heard of it
  base::Instant ended;

  [[nodiscard]] bool booked() const { return slip.receipt_number != 0; }
  [[nodiscard]] bool stands() const { return booked() && verdict != Verdict::reversed; }
};

// A wall clock's milliseconds since 1970 as a slip has them: "2026-03-02T10:15:00".
std::string time_text(std::int64_t ms);

// The payments that a terminal remembers, the oldest first; the oldest of very many are forgotten.
class Memory {
 public:
  static constexpr std::size_t kMost = 500;

  void add(const Transaction& transaction);
  void clear() { all_.clear(); }
  [[nodiscard]] const std::deque<Transaction>& all() const { return all_; }
  [[nodiscard]] std::deque<Transaction>& all() { return all_; }

  // The last one that got a receipt number; nullptr: there is none.
  [[nodiscard]] const Transaction* last_booked() const;
  // The last ones with this receipt number, or this reference of the till.
  [[nodiscard]] const Transaction* by_receipt(std::uint32_t receipt_number) const;
  [[nodiscard]] Transaction* by_receipt(std::uint32_t receipt_number);
  [[nodiscard]] const Transaction* by_reference(std::string_view reference) const;

 private:
  std::deque<Transaction> all_;
};

}  // namespace tillrig::terminal
