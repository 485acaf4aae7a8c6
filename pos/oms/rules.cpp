#include "pos/oms/rules.hpp"

#include "pos/oms/document_rules.hpp"
#include "pos/oms/purses.hpp"

#include <algorithm>
#include <cstddef>

namespace tillrig::oms {
namespace {

constexpr int days_of(int year, int month) {
  constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  return month == 2 && leap ? 29 : kDays[month - 1];
}

// "2026-03-02": a day of the Gregorian calendar, so neither 2026-02-29 nor 2026-04-31; whether that
// day is open or closed does not matter, late sales are taken.
bool is_day(std::string_view day) {
  if (day.size() != 10 || day[4] != '-' || day[7] != '-') return false;
  for (std::size_t i = 0; i < day.size(); ++i) {
    if (i != 4 && i != 7 && (day[i] < '0' || day[i] > '9')) return false;
  }
  int year = 0;
  for (const char digit : day.substr(0, 4)) year = year * 10 + (digit - '0');
  const int month = (day[5] - '0') * 10 + (day[6] - '0');
  const int date = (day[8] - '0') * 10 + (day[9] - '0');
  return month >= 1 && month <= 12 && date >= 1 && date <= days_of(year, month);
}

// Of an event that is about a business day and no document.
std::string_view day_of(const wire::Event& event) {
  if (const auto* opened = std::get_if<wire::DayOpened>(&event.body)) return opened->day;
  if (const auto* moved = std::get_if<wire::CashMoved>(&event.body)) return moved->day;
  if (const auto* closed = std::get_if<wire::DayClosed>(&event.body)) return closed->day;
  return {};
}

// A close counts events that there can be, each epoch once.
bool spans_are_sound(const wire::DayClosed& closed) {
  constexpr std::uint64_t kMostSeq = 1ULL << 40U;
  const wire::Span* last = nullptr;
  return std::all_of(closed.spans.begin(), closed.spans.end(), [&](const wire::Span& span) {
    const bool later = last == nullptr || last->epoch < span.epoch;
    last = &span;
    return later && span.epoch <= wire::kMostEpoch && span.first >= 1 && span.first <= span.last &&
           span.last < kMostSeq;
  });
}

bool outage_is_sound(const wire::OutageClosed& outage) {
  constexpr std::int64_t kMostMs = 1LL << 50;  // so that no difference leaves 64 bits
  return outage.since_ms >= -kMostMs && outage.until_ms <= kMostMs &&
         outage.since_ms <= outage.until_ms;
}

std::string_view find_fault_of(const wire::Document& document, wire::EventKind kind,
                               const Rules& rules) {
  if (const auto fault = find_document_fault(document, kind); !fault.empty()) return fault;
  if (!is_day(document.day)) return "bad_day";
  if (!rules.currency.empty() && document.currency != rules.currency) return "currency";
  if (!base::find_currency(document.currency)) return "unknown_currency";
  const bool unknown_item =
      std::any_of(document.lines.begin(), document.lines.end(),
                  [&](const wire::Line& line) { return rules.reject_skus.contains(line.sku); });
  return unknown_item ? "unknown_item" : "";
}

}  // namespace

std::string_view find_fault(const wire::Event& event, const Rules& rules) {
  const auto* document = std::get_if<wire::Document>(&event.body);
  if (std::holds_alternative<wire::Unknown>(event.body)) return "";  // kept for who knows it
  const bool refund = event.kind == wire::EventKind::refund;
  // A refund belongs to its sale; everything else stands for itself.
  const std::string aggregate = refund ? document->of : event.id.text();
  if (event.aggregate != aggregate) return "bad_aggregate";
  if (refund && !base::parse_event_id(aggregate)) return "bad_aggregate";
  if (const auto* opened = std::get_if<wire::EpochOpened>(&event.body)) {
    return event.id.seq == 1 && opened->previous < event.id.epoch ? "" : "bad_epoch";
  }
  if (const auto* closed = std::get_if<wire::DayClosed>(&event.body)) {
    if (!spans_are_sound(*closed)) return "bad_spans";
  }
  if (const auto* paying = std::get_if<wire::CardAttempt>(&event.body)) {
    return paying->attempt.id.empty() ? "bad_attempt" : "";
  }
  if (const auto* outage = std::get_if<wire::OutageClosed>(&event.body)) {
    return outage_is_sound(*outage) ? "" : "bad_outage";
  }
  if (document == nullptr) return is_day(day_of(event)) ? "" : "bad_day";
  if (const auto bad = find_fault_of(*document, event.kind, rules); !bad.empty()) return bad;
  return Purses::find_fault(event);
}

}  // namespace tillrig::oms
