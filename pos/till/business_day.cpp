#include "pos/till/business_day.hpp"

#include <algorithm>
#include <chrono>

namespace tillrig::till {
namespace {

using wire::EventKind;

constexpr std::string_view kNote = "day";

const base::Mutant kDayByClock{"day_by_clock", "INV-41", "ury-erp/ury#387",
                               "a document has the day of its moment, not that of its opening"};

// The day that an event says; empty when it has none.
std::string day_of(const wire::Event& event) {
  if (const auto* document = std::get_if<wire::Document>(&event.body)) return document->day;
  if (const auto* opened = std::get_if<wire::DayOpened>(&event.body)) return opened->day;
  if (const auto* moved = std::get_if<wire::CashMoved>(&event.body)) return moved->day;
  if (const auto* closed = std::get_if<wire::DayClosed>(&event.body)) return closed->day;
  return {};
}

}  // namespace

std::string business_day(base::WallTime at, base::Duration turns) {
  const auto moment = std::chrono::sys_time<std::chrono::milliseconds>(
      std::chrono::milliseconds(at.ms) -
      std::chrono::duration_cast<std::chrono::milliseconds>(turns));
  const std::chrono::year_month_day day(std::chrono::floor<std::chrono::days>(moment));
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(day.year()),
                     static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day()));
}

void BusinessDay::resume() {
  closed_ = base::EventId{config_.name, 0, 0};
  std::optional<base::EventId> opened;
  if (const auto last = store_.last_of(EventKind::day_closed); last && *last) closed_ = **last;
  if (const auto last = store_.last_of(EventKind::day_opened); last && *last) opened = **last;
  last_day_ = read_day(closed_);
  const bool by_hand = opened && *opened > closed_;
  day_ = by_hand ? read_day(*opened) : read_newest();
  store_.keep_day(store::key_of(closed_), by_hand);
}

// A day that nobody opened is that of the newest thing that was made since the last was closed.
std::string BusinessDay::read_newest() const {
  base::EventId newest = closed_;
  if (const auto rows = store_.sales(1); !rows.empty()) newest = std::max(newest, rows.front().id);
  if (const auto last = store_.last_of(EventKind::cash_moved); last && *last) {
    newest = std::max(newest, **last);
  }
  if (newest > closed_) return read_day(newest);
  const std::string noted = store_.noted(kNote).value_or("");
  const std::size_t blank = noted.find(' ');
  const bool of_it = blank != std::string::npos && noted.substr(blank + 1) == closed_.text();
  return of_it ? noted.substr(0, blank) : std::string();
}

std::string BusinessDay::read_day(const base::EventId& id) const {
  if (id.seq == 0) return {};
  const auto event = store_.find(id);
  return event ? day_of(*event) : std::string();
}

// The cloud's calendar where that was heard of, for a till's clock may be wrong. It does not go
// back behind a day that was closed.
std::string BusinessDay::by_clock() const {
  if (!config_.day.empty()) return config_.day;
  return std::max(business_day(service_.cloud_time().value_or(clock_.wall()), config_.day_turns),
                  last_day_);
}

std::string BusinessDay::for_next() const {
  if (!is_open() || kDayByClock.on(config_.mutants)) return by_clock();
  return day_;
}

void BusinessDay::took(const wire::Event& event) {
  if (event.kind != EventKind::day_closed) {
    if (!is_open()) day_ = day_of(event);
    if (event.kind == EventKind::day_opened) {
      store_.keep_day(store::key_of(closed_), true);
    }
    return;
  }
  last_day_ = day_of(event);
  day_.clear();
  closed_ = event.id;
  store_.keep_day(store::key_of(closed_), false);
}

// What cannot be noted leaves the day to the clock.
void BusinessDay::remember() {
  if (is_open()) static_cast<void>(store_.keep_note(kNote, day_ + " " + closed_.text()));
}

}  // namespace tillrig::till
