#pragma once

#include "pos/base/bytes.hpp"
#include "pos/base/money.hpp"
#include "pos/base/names.hpp"
#include "pos/wire/day.hpp"

#include <cstdint>
#include <string>

namespace tillrig::wire {

// What has become of one attempt to be paid by card (reference: domain 3.5).
enum class AttemptState : std::uint8_t {
  created,           // durable, and not sent yet
  requested,         // the terminal was asked to take the money
  cancel_asked,      // and then to let go of it
  unknown,           // its answer did not come
  wrong_attempt,     // it answered with another payment than the one that was asked for
  parked,            // nobody knows, and the order was closed as unpaid
  in_part,           // less than was asked for was taken, and has to go back
  wrong_amount,      // more than was asked for was taken, and has to go back
  wrong_currency,    // it was taken in another currency, and has to go back
  reversal_pending,  // it was taken for an order that does not stand any more, and has to go back
  approved,          // the money is there
  declined,
  cancelled,
  fenced,    // the terminal never heard of it, and will not take it any more
  reversed,  // what was taken went back
};
constexpr auto names_of(AttemptState) {
  return base::named<AttemptState>({
      {AttemptState::created, "created"},
      {AttemptState::requested, "requested"},
      {AttemptState::cancel_asked, "cancel_asked"},
      {AttemptState::unknown, "unknown"},
      {AttemptState::wrong_attempt, "wrong_attempt"},
      {AttemptState::parked, "parked"},
      {AttemptState::in_part, "in_part"},
      {AttemptState::wrong_amount, "wrong_amount"},
      {AttemptState::wrong_currency, "wrong_currency"},
      {AttemptState::reversal_pending, "reversal_pending"},
      {AttemptState::approved, "approved"},
      {AttemptState::declined, "declined"},
      {AttemptState::cancelled, "cancelled"},
      {AttemptState::fenced, "fenced"},
      {AttemptState::reversed, "reversed"},
  });
}
using base::name;

// Whether money is held that has to go back.
constexpr bool has_to_go_back(AttemptState state) {
  return state >= AttemptState::in_part && state <= AttemptState::reversal_pending;
}
// Whether it may still be charged, or is and should not be: the order can neither be paid in
// another way nor be voided.
constexpr bool is_unresolved(AttemptState state) {
  return state < AttemptState::approved;
}

// Who said what became of it.
enum class Channel : std::uint8_t { none, terminal, lan, oms };
constexpr auto names_of(Channel) {
  return base::named<Channel>({
      {Channel::none, "none"},
      {Channel::terminal, "terminal"},
      {Channel::lan, "lan"},
      {Channel::oms, "oms"},
  });
}

inline constexpr std::size_t kAttemptId = 64;
inline constexpr std::size_t kAttemptText = 256;

// All of an attempt that lasts: what the till keeps of it before it acts, and tells the cloud.
struct Attempt {
  std::string id;     // printable, and no two are the same
  std::string order;  // the first attempt of the order that it pays
  Money amount;
  std::string currency;
  AttemptState state = AttemptState::created;
  std::uint64_t resyncs = 0;  // how often the cashier has pressed Re-sync
  bool closed = false;        // its order was closed as unpaid
  bool dead = false;          // its order was voided, or paid in another way
  Channel channel = Channel::none;
  Money taken;           // what the terminal says that it took
  std::string slip;      // what is printed of the card, and what it takes to send the money back
  std::string why;       // one sentence for the cashier
  std::string terminal;  // that was asked
  std::string since;     // where the terminal stood before, as its driver has it

  bool operator==(const Attempt&) const = default;

  static void describe(auto& self, auto& fields) {
    fields("attempt", self.id, {.bytes = kAttemptId})("order", self.order, {.bytes = kAttemptId})(
        "amount", self.amount, kAmounts)("currency", self.currency, {.bytes = 3})("state",
                                                                                  self.state)
        .maybe("resyncs", self.resyncs)
        .maybe("closed", self.closed)
        .maybe("dead", self.dead)
        .maybe("channel", self.channel)
        .maybe("taken", self.taken, kAmounts)
        .maybe("slip", self.slip, {.bytes = kAttemptText})
        .maybe("why", self.why, {.bytes = kAttemptText})
        .maybe("terminal", self.terminal, {.bytes = kAttemptId})
        .maybe("since", self.since, {.bytes = kAttemptText});
  }
};

// What whoever takes the money for the shop says of an attempt.
enum class AttemptOutcome : std::uint8_t { unknown, approved, declined, reversed };
constexpr auto names_of(AttemptOutcome) {
  return base::named<AttemptOutcome>({
      {AttemptOutcome::unknown, "unknown"},
      {AttemptOutcome::approved, "approved"},
      {AttemptOutcome::declined, "declined"},
      {AttemptOutcome::reversed, "reversed"},
  });
}

// POST /v1/attempts/{id}, by the acquirer; GET /v1/attempts/{id} is answered with it, and the rows
// of the table below are it: what the cloud knows of an attempt. Answered with 404 and the code
// no_attempt when neither a till nor the acquirer has told of it.
inline constexpr std::string_view kAttempts = "attempts";  // a table of the feed
inline constexpr std::string_view kNoAttempt = "no_attempt";
// Voids and refunds of an order whose payment is not settled are answered with 409 and this code.
inline constexpr std::string_view kPaymentUnresolved = "payment_unresolved";
struct AttemptKnown {
  std::string id;
  AttemptOutcome outcome = AttemptOutcome::unknown;
  Money amount;
  std::string currency;
  std::string order;  // as its till has told; empty: it has not
  std::string state;  // likewise
  std::string till = {};
  std::string newest = {};  // of the order's attempts, with the first; empty: there is no other

  bool operator==(const AttemptKnown&) const = default;

  static void describe(auto& self, auto& fields) {
    fields("attempt", self.id, {.bytes = kAttemptId})("outcome", self.outcome)(
        "amount", self.amount, kAmounts)
        .maybe("currency", self.currency, {.bytes = 3})
        .maybe("order", self.order, {.bytes = kAttemptId})
        .maybe("state", self.state, {.bytes = 32})
        .maybe("till", self.till, {.bytes = 32})
        .maybe("newest", self.newest, {.bytes = kAttemptId});
  }
};
// Errors: bad_input, naming the field.
base::Bytes write_json(const AttemptKnown& known);
base::Result<AttemptKnown> read_attempt(base::ByteView body);

}  // namespace tillrig::wire
