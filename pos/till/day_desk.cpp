#include "pos/till/day_desk.hpp"

#include "pos/till/day_sums.hpp"
#include "pos/till/leaving.hpp"
#include "pos/till/z_report.hpp"

#include <algorithm>
#include <utility>

namespace tillrig::till {

using base::Code;
using base::fail;
using base::Failure;

namespace {

const base::Mutant kUnsentUncounted{"z_without_unsent", "INV-19", "odoo/odoo#137648, #203431",
                                    "the Z report leaves out what the cloud has not got yet"};
const base::Mutant kRefundsUncounted{"z_without_refunds", "INV-19",
                                     "a till that reckons only sales",
                                     "the Z report counts no refunds"};
const base::Mutant kCardsAsCash{"z_counts_cards_as_cash", "INV-19",
                                "drawers that never agree with the report",
                                "what was paid by card or on account is expected in the drawer"};
const base::Mutant kMoveUnkept{"cash_move_unkept", "INV-19", "domain 1.2, OUT-04",
                               "only sales are queued: cash that is moved is told and not kept"};
const base::Mutant kDrawerAtOnce{"drawer_before_move", "INV-43", "domain 1.2, OUT-04",
                                 "the drawer opens before the movement of cash is stored"};

const base::Mutant kNeedsOpenDay{"cash_needs_an_open_day", "INV-55",
                                 "a fault planted by a reviewer",
                                 "cash is not moved before somebody has opened the day"};

const base::Mutant kCloseWaits{"close_waits_for_the_cloud", "INV-55", "odoo/odoo#137648, #203431",
                               "a day is not closed while anything waits to be sent"};

const base::Mutant kDifferenceTurned{"difference_turned", "INV-19", "a fault planted by a reviewer",
                                     "what is short in the drawer is shown as too much"};
const base::Mutant kDrawerShut{"drawer_shut", "INV-43", "a fault planted by a reviewer",
                               "the drawer stays shut when cash is moved"};

constexpr Money kMost{wire::kMostAmount};

bool is_amount(Money amount) {
  return amount >= Money{} && amount <= kMost;
}

}  // namespace

base::Awaitable<Result<Answer>> DayDesk::refuse(base::Error error) const {
  parts_.refuse(error);
  co_return Failure(std::move(error));
}

base::Awaitable<Result<Answer>> DayDesk::carry_out(OpenDay open) {
  if (!is_amount(open.cash_float)) {
    return refuse({Code::bad_input, "a float is nothing or more"});
  }
  if (parts_.day.is_open()) {
    return refuse({Code::not_allowed, fmt::format("the day {} is open already: close it first",
                                                  parts_.day.in_hand())});
  }
  wire::DayOpened opened;
  opened.day = parts_.day.for_next();
  opened.cash_float = open.cash_float;
  Booked shown;
  shown.day = opened.day;
  shown.amount = open.cash_float;
  return book(wire::EventKind::day_opened, std::move(opened), std::move(shown));
}

base::Awaitable<Result<Answer>> DayDesk::carry_out(PayIn in) {
  return move(in.amount, false, std::move(in.reason));
}

base::Awaitable<Result<Answer>> DayDesk::carry_out(PayOut out) {
  return move(out.amount, true, std::move(out.reason));
}

base::Awaitable<Result<Answer>> DayDesk::carry_out(SignOut) {
  if (auto left = Leaving(parts_).sign_out(); !left) {
    parts_.refuse(left.error());
    co_return Failure(left.error());
  }
  co_return Answer();
}

base::Awaitable<Result<Answer>> DayDesk::move(Money amount, bool out, std::string reason) {
  if (amount == Money{} || !is_amount(amount)) {
    return refuse({Code::bad_input, "cash that is moved is more than nothing"});
  }
  if (reason.size() > wire::kReasonBytes || !base::is_utf8(reason)) {
    return refuse({Code::bad_input,
                   fmt::format("a reason is a text of at most {} bytes", wire::kReasonBytes)});
  }
  if (kNeedsOpenDay.on(parts_.config.mutants) && !parts_.day.is_open()) {
    return refuse({Code::not_allowed, "no day is open: open it first"});
  }
  wire::CashMoved moved;
  moved.day = parts_.day.for_next();
  moved.amount = out ? -amount : amount;
  moved.reason = std::move(reason);
  Booked shown;
  shown.day = moved.day;
  shown.amount = moved.amount;
  return book(wire::EventKind::cash_moved, std::move(moved), std::move(shown));
}

base::Awaitable<Result<Answer>> DayDesk::carry_out(CloseDay close) {
  if (!is_amount(close.counted)) {
    return refuse({Code::bad_input, "counted cash is nothing or more"});
  }
  if (!parts_.day.is_open()) {
    return refuse({Code::not_allowed, "no day is open: there is nothing to close"});
  }
  if (kCloseWaits.on(parts_.config.mutants) && parts_.store.counters().pending > 0) {
    return refuse({Code::not_allowed, "send what waits before the day is closed"});
  }
  if (auto able = checkout_.ready(); !able) return refuse(able.error());  // and both copies stand
  auto closed = sums();
  if (!closed) return refuse(closed.error());
  closed->counted = close.counted;
  Booked shown;
  shown.day = closed->day;
  shown.amount = close.counted;
  shown.difference = close.counted - closed->expected;
  if (kDifferenceTurned.on(parts_.config.mutants)) shown.difference = -shown.difference;
  return book(wire::EventKind::day_closed, *std::move(closed), std::move(shown));
}

Result<wire::DayClosed> DayDesk::sums() const {
  const base::EventId& before = parts_.day.closed();
  auto events = parts_.store.made_after(before);
  if (!events) return base::within("the day cannot be counted", events.error());
  const base::Mutants& mutants = parts_.config.mutants;
  std::erase_if(*events, [&](const wire::Event& event) {
    const bool unsent = parts_.store.sync_state(event.id) != store::SyncState::acked;
    return (unsent && kUnsentUncounted.on(mutants)) ||
           (event.kind == wire::EventKind::refund && kRefundsUncounted.on(mutants));
  });
  wire::DayClosed closed = sum_day(*events, before, parts_.store.newest());
  if (kCardsAsCash.on(parts_.config.mutants)) {
    for (const wire::TenderSum& tender : closed.tenders) {
      if (tender.kind != "cash") closed.expected += tender.amount;
    }
  }
  if (kUnsentUncounted.on(mutants) || kRefundsUncounted.on(mutants)) closed.missing = 0;
  closed.day = parts_.day.in_hand();
  closed.number = 1;
  if (before.seq != 0) {
    const auto last = parts_.store.find(before);
    const auto* const z = last ? std::get_if<wire::DayClosed>(&last->body) : nullptr;
    if (z != nullptr) closed.number = z->number + 1;
  }
  return closed;
}

base::Awaitable<Result<Answer>> DayDesk::book(wire::EventKind kind, wire::Body body, Booked shown) {
  if (auto able = checkout_.ready(); !able) {
    parts_.refuse(able.error());
    co_return Failure(able.error());
  }
  Receipt paper;
  paper.open_drawer = !kDrawerShut.on(parts_.config.mutants);
  const bool early = kind == wire::EventKind::cash_moved && kDrawerAtOnce.on(parts_.config.mutants);
  if (early) {
    for (const auto& device : parts_.devices) device->print(paper);
  }
  Result<wire::Event> event = wire::Event();
  const bool kept = kind != wire::EventKind::cash_moved || !kMoveUnkept.on(parts_.config.mutants);
  if (kept) event = parts_.store.record(kind, std::move(body));
  if (!event) {
    parts_.refuse(event.error());
    const bool dead = parts_.store.health() == store::Health::critical;
    if (dead) opening_.say_critical(event.error().what);
    co_return Failure(event.error());
  }
  if (kept) parts_.day.took(*event);
  co_await checkout_.settled();
  const std::string id = kept ? event->id.text() : parts_.store.newest().text();
  shown.what = wire::name(kind);
  shown.event = id;
  parts_.ports.recorder.note(
      {.mark = "day.booked", .sale = id},
      {{"what", std::string_view(shown.what)}, {"day", std::string_view(shown.day)}});
  parts_.screen.show(shown);
  if (const auto* const closed = std::get_if<wire::DayClosed>(&event->body)) {
    paper = z_report(event->id, *closed, parts_.config);
  }
  if (!early) {
    for (const auto& device : parts_.devices) device->print(paper);
  }
  parts_.show_counters();
  parts_.service.kick();
  Answer answer;
  answer.sale = id;
  answer.total = shown.amount;
  co_return answer;
}

}  // namespace tillrig::till
