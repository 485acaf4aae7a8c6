#pragma once

#include "pos/wire/api.hpp"

#include <cstdint>
#include <string>
#include <utility>

namespace tillrig::wire::samples {

inline Line line(std::string sku, std::int64_t price, std::int64_t thousandths,
                 std::int64_t discount = 0) {
  Line made;
  made.sku = std::move(sku);
  made.name = "Vollmilch 3,5 %";
  made.quantity = Quantity{thousandths};
  made.unit_price = Money{price};
  made.discount = Money{discount};
  made.total = *base::extend(made.unit_price, made.quantity) - made.discount;
  made.tax_rate = Rate{700};
  made.tax = base::tax_inside(made.total, made.tax_rate);
  return made;
}

// Puts totals and an exact cash payment under a document's lines.
inline void add_up(Document& document) {
  document.total = Money{};
  document.tax = Money{};
  for (const Line& each : document.lines) {
    document.total += each.total;
    document.tax += each.tax;
  }
  Payment cash;
  cash.kind = "cash";
  cash.given = document.total;
  cash.amount = document.total;
  document.payments = {cash};
}

inline Event sale(std::uint64_t seq, std::string till = "till-1", std::uint32_t epoch = 3) {
  Event event;
  event.id = base::EventId{std::move(till), epoch, seq};
  event.kind = EventKind::sale;
  event.aggregate = event.id.text();
  event.hlc = base::HlcStamp{1'772'438'400'000 + static_cast<std::int64_t>(seq), 2};
  event.wall = base::WallTime{1'772'438'400'000};
  Document document;
  document.number = seq;
  document.day = "2026-03-02";
  document.currency = "EUR";
  document.lines = {line("4006381333931", 129, 2000), line("2012345000008", 1099, 345, 20)};
  add_up(document);
  event.body = std::move(document);
  return event;
}

inline Event refund(std::uint64_t seq, const base::EventId& of) {
  Event event = sale(seq, of.till, of.epoch);
  event.kind = EventKind::refund;
  event.aggregate = of.text();
  auto& document = std::get<Document>(event.body);
  document.lines = {line("4006381333931", 129, -1000)};
  document.lines[0].of_line = 1;
  // A half of the sale's first line, whose tax is 17 of the 40 of both.
  document.of = of.text();
  add_up(document);
  return event;
}

inline Event epoch_opened(std::uint32_t epoch, std::string till = "till-1") {
  Event event;
  event.id = base::EventId{std::move(till), epoch, 1};
  event.kind = EventKind::epoch_opened;
  event.aggregate = event.id.text();
  EpochOpened opened;
  opened.previous = epoch - 1;
  opened.reason = "created";
  event.body = opened;
  return event;
}

// Something of a business day that is no document.
inline Event of_day(std::uint64_t seq, EventKind kind, Body body, std::string till = "till-1",
                    std::uint32_t epoch = 3) {
  Event event = sale(seq, std::move(till), epoch);
  event.kind = kind;
  event.body = std::move(body);
  return event;
}

// A close that counts the events of its epoch from the second on up to the one before it.
inline Event day_closed(std::uint64_t seq, std::string till = "till-1", std::uint32_t epoch = 3) {
  DayClosed closed;
  closed.day = "2026-03-02";
  closed.number = 1;
  closed.sales = 2;
  closed.sold = Money{1'234};
  closed.rates = {{{700}, {1'000}, {65}}, {{1'900}, {234}, {37}}};
  closed.tenders = {{"cash", {1'234}}};
  closed.cash_float = Money{10'000};
  closed.paid_out = Money{-500};
  closed.expected = Money{10'734};
  closed.counted = Money{10'700};
  closed.spans = {{epoch, 2, seq - 1}};
  return of_day(seq, EventKind::day_closed, std::move(closed), std::move(till), epoch);
}

// The first of a payment by card, with the sale that it is for.
inline Event card_attempt(std::uint64_t seq, std::string till = "till-1", std::uint32_t epoch = 3) {
  CardAttempt paying;
  paying.attempt.id = till + "-3-7";
  paying.attempt.order = paying.attempt.id;
  paying.attempt.amount = Money{1'234};
  paying.attempt.currency = "EUR";
  paying.attempt.state = AttemptState::parked;
  paying.attempt.resyncs = 2;
  paying.attempt.closed = true;
  paying.attempt.channel = Channel::terminal;
  paying.attempt.taken = Money{-1};
  paying.attempt.slip = "{}";
  paying.attempt.why = "nobody knows";
  paying.attempt.since = "29-7";
  paying.sale = {std::get<Document>(sale(1).body)};
  paying.sale_tail = "{}";
  return of_day(seq, EventKind::card_attempt, std::move(paying), std::move(till), epoch);
}

// A null receipt of an outage of three documents that lasted so long.
inline Event outage_closed(std::uint64_t seq, std::int64_t lasted_ms = 3'600'000) {
  const std::int64_t since = 1'772'438'400'000;
  Event event = of_day(seq, EventKind::outage_closed, OutageClosed{since, since + lasted_ms, 3});
  event.aggregate = event.id.text();
  return event;
}

inline UpItem item(Event event) {
  UpItem made;
  made.hash = payload_hash(event);
  made.event = std::move(event);
  return made;
}

inline UpBatch batch(std::vector<Event> events) {
  UpBatch made;
  made.till = events.front().id.till;
  made.epoch = events.front().id.epoch;
  made.generation = 1;
  made.batch = 1;
  for (Event& event : events) made.items.push_back(item(std::move(event)));
  return made;
}

}  // namespace tillrig::wire::samples
