#include "devices/terminal/transaction.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

namespace tillrig::terminal {
namespace {

template <class Wanted>
const Transaction* last_of(const std::deque<Transaction>& all, Wanted wanted) {
  const auto at = std::find_if(all.rbegin(), all.rend(), wanted);
  return at == all.rend() ? nullptr : &*at;
}

}  // namespace

std::string time_text(std::int64_t ms) {
  const std::chrono::milliseconds since_1970{ms};
  const auto days = std::chrono::floor<std::chrono::days>(since_1970);
  const std::chrono::year_month_day date{std::chrono::sys_days{days}};
  const auto clock = std::chrono::floor<std::chrono::seconds>(since_1970 - days).count();
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", int{date.year()},
                     unsigned{date.month()}, unsigned{date.day()}, clock / 3600, clock / 60 % 60,
                     clock % 60);
}

void Memory::add(const Transaction& transaction) {
  all_.push_back(transaction);
  if (all_.size() > kMost) all_.pop_front();
}

const Transaction* Memory::last_booked() const {
  return last_of(all_, [](const Transaction& one) { return one.booked(); });
}

const Transaction* Memory::by_receipt(std::uint32_t receipt_number) const {
  return last_of(all_, [&](const Transaction& one) {
    return one.booked() && one.slip.receipt_number == receipt_number;
  });
}

Transaction* Memory::by_receipt(std::uint32_t receipt_number) {
  const auto at = std::find_if(all_.rbegin(), all_.rend(), [&](const Transaction& one) {
    return one.booked() && one.slip.receipt_number == receipt_number;
  });
  return at == all_.rend() ? nullptr : &*at;
}

const Transaction* Memory::by_reference(std::string_view reference) const {
  return last_of(all_, [&](const Transaction& one) { return one.charge.reference == reference; });
}

}  // namespace tillrig::terminal
