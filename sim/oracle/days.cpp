#include "sim/oracle/days.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace tillrig::oracle {

// One thing that was done at a till, in its order there.
struct Sessions::Step {
  std::uint64_t order = 0;
  const OrderEntry* asked = nullptr;
  const Due* due = nullptr;  // a document; else it is of the day itself
  std::string id;
  bool certain = true;
  bool dates = false;  // a document that comes later, and is dated now
};

namespace {

bool is_of_day(std::string_view what) {
  return what == "open_day" || what == "close_day" || what == "pay_in" || what == "pay_out";
}

// Days since 1970 as a date, by the rule of the Gregorian calendar.
std::string date_text(std::int64_t days) {
  const auto leap = [](std::int64_t y) { return (y % 4 == 0 && y % 100 != 0) || y % 400 == 0; };
  std::int64_t year = 1970;
  while (days >= (leap(year) ? 366 : 365)) days -= leap(year++) ? 366 : 365;
  static constexpr int kLengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  int month = 0;
  for (; month < 11; ++month) {
    const std::int64_t length = kLengths[month] + (month == 1 && leap(year) ? 1 : 0);
    if (days < length) break;
    days -= length;
  }
  return fmt::format("{:04}-{:02}-{:02}", year, month + 1, days + 1);
}

std::string kind_of(std::string_view what) {
  if (what == "open_day") return "day_opened";
  return what == "close_day" ? "day_closed" : "cash_moved";
}

// What a till that died over it had booked is found in the cloud, if it had.
std::string found_in_cloud(const Tapes& tapes, const OrderEntry& order,
                           std::set<std::string, std::less<>>& claimed) {
  if (tapes.cloud.empty()) return {};
  for (const CloudEntry& row : tapes.cloud.back().rows) {
    const bool may = row.till == order.till && row.kind == kind_of(order.what);
    if (may && claimed.insert(row.id).second) return row.id;
  }
  return {};
}

}  // namespace

std::string Sessions::day_at(std::string_view till, Instant at) const {
  if (tapes_.wall_open_ms == 0) return tapes_.day;
  if (life_.faulted("clock", till, at, at)) return {};
  constexpr std::int64_t kDay = 24LL * 60 * 60 * 1000;
  return date_text((tapes_.wall_open_ms + at.ns / 1'000'000 - tapes_.day_turns_ms) / kDay);
}

Sessions::Sessions(const Tapes& tapes, const Account& account, const Life& life)
    : tapes_(tapes), life_(life) {
  std::map<std::string, std::vector<Step>, std::less<>> tills;
  std::set<std::string, std::less<>> claimed;
  for (const OrderEntry& order : tapes.orders) {
    if (is_of_day(order.what) && !order.sale.empty()) claimed.insert(order.sale);
  }
  for (const OrderEntry& order : tapes.orders) {
    if (!is_of_day(order.what) || order.outcome == OrderEntry::Outcome::refused) continue;
    Step step{order.ended != 0 ? order.ended : order.order, &order, nullptr, order.sale, true};
    if (order.outcome == OrderEntry::Outcome::unknown) {
      step.id = found_in_cloud(tapes, order, claimed);
      if (step.id.empty()) continue;
    }
    tills[order.till].push_back(std::move(step));
  }
  for (const Due& due : account.dues()) {
    if (due.order == nullptr || (!due.sure && due.id.empty())) continue;
    const std::uint64_t asked = due.order->ended != 0 ? due.order->ended : due.order->order;
    const std::uint64_t order = due.finished != 0 ? due.finished : asked;
    // It is dated with what was rung up, however much later its card pays.
    if (due.finished != 0) tills[due.till].push_back({asked, due.order, &due, due.id, true, true});
    tills[due.till].push_back({order, due.order, &due, due.id, due.sure && !due.id.empty()});
  }
  for (auto& [till, steps] : tills) {
    std::stable_sort(steps.begin(), steps.end(),
                     [](const Step& a, const Step& b) { return a.order < b.order; });
    std::uint64_t closed = 0;
    std::optional<DaySession> session;
    for (const Step& step : steps) {
      if (step.dates) {
        days_[step.id] = session ? session->day : day_at(till, step.asked->at);
        continue;
      }
      if (!session) {
        session.emplace();
        session->till = till;
        session->day = day_at(till, step.asked->at);
      }
      take(*session, step);
      if (session->closing == nullptr) continue;
      session->number = ++closed;
      all_.push_back(*std::exchange(session, std::nullopt));
    }
    if (session) all_.push_back(*std::move(session));
  }
}

void Sessions::take(DaySession& session, const Step& step) {
  session.certain = session.certain && step.certain;
  DaySums& sums = session.sums;
  if (step.due != nullptr) {
    const Bill& bill = step.due->bill;
    ++(step.due->refund ? sums.refunds : sums.sales);
    (step.due->refund ? sums.given_back : sums.sold) += bill.total;
    for (const BillLine& line : bill.lines) {
      sums.rates[line.item->rate].goods += line.total;
      sums.rates[line.item->rate].tax += line.tax;
    }
    sums.cash += bill.given - bill.change;
    sums.from_purse += bill.from_purse;
    session.dues.push_back(step.due);
    if (!step.id.empty()) days_.try_emplace(step.id, session.day);
    return;
  }
  const OrderEntry& order = *step.asked;
  const auto number = [&](std::string_view field) {
    return order.fields.number(field).value_or(0);
  };
  std::int64_t amount = number("amount");
  if (order.what == "pay_in") sums.paid_in += amount;
  if (order.what == "pay_out") {
    amount = -amount;
    sums.paid_out += amount;
  }
  if (order.what == "open_day") sums.cash_float = amount = number("float");
  if (order.what == "close_day") {
    session.close = step.id;
    session.closing = &order;
    session.counted = amount = number("counted");
  }
  session.booked.push_back({step.id, kind_of(order.what), amount});
}

std::string_view Sessions::day_of(std::string_view document) const {
  const auto at = days_.find(document);
  return at == days_.end() ? std::string_view() : std::string_view(at->second);
}

}  // namespace tillrig::oracle
