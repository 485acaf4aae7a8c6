#pragma once

#include "pos/base/money.hpp"
#include "pos/base/names.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tillrig::terminal {

// What the till wants charged, and the till's own name for this attempt: printable, unique, the
// same whenever it is asked about.
struct Charge {
  std::string reference;
  base::Money amount;
  std::string currency;  // ISO 4217, "EUR"
  // TerminalDriver::bookmark() at the time the attempt was made: where the terminal stood before
  // it. Opaque; kept with the attempt, because without it a protocol that has no attempt ids cannot
  // tell this payment from the previous customer's of the same amount.
  std::string since;
  // It is asked about so much later that the terminal may have settled its day meanwhile, and
  // forgotten it: where it remembered nothing before, that it remembers nothing now proves nothing.
  bool long_ago = false;

  bool operator==(const Charge&) const = default;
};

// How a question to the terminal ended.
enum class Verdict {
  approved,          // charged, as asked
  approved_in_part,  // charged, less than asked: slip.amount
  declined,          // not charged
  aborted,           // stopped before anything was charged
  reversed,          // it had been charged and has been given back (by reverse() or by itself)
  refused,           // the terminal did not begin: nothing is charged
  not_found,         // the terminal does not know of it, and it can no longer begin
  in_progress,       // the terminal is still at it: ask again
  busy,              // the terminal is at something else: nothing is charged
  wrong_amount,      // charged, but more than asked or nothing like it: slip says what
  wrong_currency,    // charged, in another currency
  crossed,           // an answer about another attempt; of this one nothing is known
  done,              // an end of day or another errand that moves no money succeeded
  failed,            // such an errand failed
  unknown,           // it may have been charged and it may not
};

constexpr auto names_of(Verdict) {
  return base::named<Verdict>({
      {Verdict::approved, "approved"},
      {Verdict::approved_in_part, "approved_in_part"},
      {Verdict::declined, "declined"},
      {Verdict::aborted, "aborted"},
      {Verdict::reversed, "reversed"},
      {Verdict::refused, "refused"},
      {Verdict::not_found, "not_found"},
      {Verdict::in_progress, "in_progress"},
      {Verdict::busy, "busy"},
      {Verdict::wrong_amount, "wrong_amount"},
      {Verdict::wrong_currency, "wrong_currency"},
      {Verdict::crossed, "crossed"},
      {Verdict::done, "done"},
      {Verdict::failed, "failed"},
      {Verdict::unknown, "unknown"},
  });
}

// Why. One table for both protocols; each maps its codes to it.
enum class Reason {
  none,
  wrong_pin,
  blocked_card,
  expired_card,
  no_funds,      // the account does not have the money
  card_refused,  // the issuer says no and no more
  unreadable_card,
  time_out,       // nobody put a card in, or typed a PIN, in time
  stopped,        // the customer pressed stop
  cancelled,      // the till aborted it
  no_host,        // the terminal cannot reach its acquirer
  issuer_down,    // the acquirer cannot reach the issuer
  offline_limit,  // no host, and the offline limits do not allow it
  wrong_currency,
  wrong_amount,
  other_terminal,   // the terminal that answers is not the one that was asked to pay
  not_the_last,     // others have paid there since: its last payment cannot be this one
  forgotten,        // an end of day has cleared its memory since
  no_bookmark,      // it is not known where the terminal stood before the attempt
  end_of_day_open,  // a failed end of day locks it until a good one
  update_required,
  battery_low,
  not_registered,
  not_supported,
  already_reversed,
  not_reversible,
  by_itself,  // the terminal reversed it because it was not acknowledged
  line_lost,  // the connection ended before the outcome was known
  no_answer,  // the terminal fell silent
  rubbish,    // what the terminal answered cannot be read
};

constexpr auto names_of(Reason) {
  return base::named<Reason>({
      {Reason::none, "none"},
      {Reason::wrong_pin, "wrong_pin"},
      {Reason::blocked_card, "blocked_card"},
      {Reason::expired_card, "expired_card"},
      {Reason::no_funds, "no_funds"},
      {Reason::card_refused, "card_refused"},
      {Reason::unreadable_card, "unreadable_card"},
      {Reason::time_out, "time_out"},
      {Reason::stopped, "stopped"},
      {Reason::cancelled, "cancelled"},
      {Reason::no_host, "no_host"},
      {Reason::issuer_down, "issuer_down"},
      {Reason::offline_limit, "offline_limit"},
      {Reason::wrong_currency, "wrong_currency"},
      {Reason::wrong_amount, "wrong_amount"},
      {Reason::other_terminal, "other_terminal"},
      {Reason::not_the_last, "not_the_last"},
      {Reason::forgotten, "forgotten"},
      {Reason::no_bookmark, "no_bookmark"},
      {Reason::end_of_day_open, "end_of_day_open"},
      {Reason::update_required, "update_required"},
      {Reason::battery_low, "battery_low"},
      {Reason::not_registered, "not_registered"},
      {Reason::not_supported, "not_supported"},
      {Reason::already_reversed, "already_reversed"},
      {Reason::not_reversible, "not_reversible"},
      {Reason::by_itself, "by_itself"},
      {Reason::line_lost, "line_lost"},
      {Reason::no_answer, "no_answer"},
      {Reason::rubbish, "rubbish"},
  });
}
using base::name;

// What a terminal says of a transaction; what it left out is empty. Together terminal id and
// receipt number (or trace) name it at the acquirer.
struct CardSlip {
  std::string terminal_id;
  std::uint32_t receipt_number = 0;  // 0: none
  std::uint32_t trace = 0;           // 0: none
  std::uint32_t sequence = 0;        // of the card
  std::string masked_pan;            // "************1234"
  std::string card_name;             // "girocard"
  std::string authorisation_code;
  std::string time;  // the terminal's clock: "2026-03-02T10:15:00", or "03-02T10:15:00"
  base::Money amount;
  std::string currency;
  bool stored_offline = false;  // approved by the terminal alone; the acquirer hears of it later
  // The terminal's own name of it, where its protocol has one: it is reversed by that.
  std::string transaction_id{};

  bool operator==(const CardSlip&) const = default;
};

// The answer to a question. `slip` is there whenever a transaction was named, also with `unknown`:
// then it is a hint (what the terminal had said before the line was lost), never a proof.
struct Outcome {
  Verdict verdict = Verdict::unknown;
  Reason reason = Reason::none;
  std::optional<CardSlip> slip;

  bool operator==(const Outcome&) const = default;
};

// Whether the customer's money has gone after all: three answers.
enum class Charged { no, yes, unknown };
Charged charged(Verdict verdict);

// Whether nothing more will come of it: not in_progress, unknown or crossed.
bool is_final(Verdict verdict);

// One sentence for the cashier: what became of it and, where there is something, what to do.
std::string describe(const Outcome& outcome);
std::string_view describe(Reason reason);

}  // namespace tillrig::terminal
