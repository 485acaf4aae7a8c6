#include "devices/terminal/payment.hpp"

#include <fmt/format.h>

namespace tillrig::terminal {

Charged charged(Verdict verdict) {
  switch (verdict) {
    case Verdict::approved:
    case Verdict::approved_in_part:
    case Verdict::wrong_amount:
    case Verdict::wrong_currency:
      return Charged::yes;
    case Verdict::in_progress:
    case Verdict::crossed:
    case Verdict::unknown:
      return Charged::unknown;
    default:
      return Charged::no;
  }
}

bool is_final(Verdict verdict) {
  return charged(verdict) != Charged::unknown;
}

std::string_view describe(Reason reason) {
  switch (reason) {
    case Reason::none:
      return "";
    case Reason::wrong_pin:
      return "the PIN was wrong";
    case Reason::blocked_card:
      return "the card is blocked";
    case Reason::expired_card:
      return "the card has expired";
    case Reason::no_funds:
      return "the account does not have the money";
    case Reason::card_refused:
      return "the card was refused";
    case Reason::unreadable_card:
      return "the card cannot be read";
    case Reason::time_out:
      return "nobody used a card in time";
    case Reason::stopped:
      return "it was stopped at the terminal";
    case Reason::cancelled:
      return "the till stopped it";
    case Reason::no_host:
      return "the terminal cannot reach its host";
    case Reason::issuer_down:
      return "the card's bank cannot be reached";
    case Reason::offline_limit:
      return "the terminal may not approve so much without its host";
    case Reason::wrong_currency:
      return "the currency is another one";
    case Reason::wrong_amount:
      return "the amount is another one";
    case Reason::other_terminal:
      return "another terminal answers than the one that was asked to pay";
    case Reason::not_the_last:
      return "others have paid at the terminal since";
    case Reason::forgotten:
      return "the terminal has cleared its memory since";
    case Reason::no_bookmark:
      return "it was not noted where the terminal stood before it";
    case Reason::end_of_day_open:
      return "the terminal's last end of day failed and has to be repeated";
    case Reason::update_required:
      return "the terminal has to be updated";
    case Reason::battery_low:
      return "the terminal's battery is low";
    case Reason::not_registered:
      return "the terminal does not take this till as registered";
    case Reason::not_supported:
      return "the terminal cannot do that";
    case Reason::already_reversed:
      return "it had been reversed already";
    case Reason::not_reversible:
      return "the terminal does not have it any more";
    case Reason::by_itself:
      return "the terminal gave it back by itself";
    case Reason::line_lost:
      return "the connection to the terminal was lost";
    case Reason::no_answer:
      return "the terminal does not answer";
    case Reason::rubbish:
      return "what the terminal answered cannot be read";
  }
  return "";
}

namespace {

std::string_view what_became(Verdict verdict) {
  switch (verdict) {
    case Verdict::approved:
      return "the card payment is approved";
    case Verdict::approved_in_part:
      return "only a part of the card payment is approved; ask for the rest";
    case Verdict::declined:
      return "the card payment is declined; nothing is charged";
    case Verdict::aborted:
      return "the card payment was stopped; nothing is charged";
    case Verdict::reversed:
      return "the card payment has been given back";
    case Verdict::refused:
      return "the terminal did not begin; nothing is charged";
    case Verdict::not_found:
      return "the terminal has no such payment; nothing is charged";
    case Verdict::in_progress:
      return "the terminal is still at this payment; ask again";
    case Verdict::busy:
      return "the terminal is busy; nothing is charged; try again";
    case Verdict::wrong_amount:
      return "the terminal has charged another amount than was asked";
    case Verdict::wrong_currency:
      return "the terminal has charged in another currency";
    case Verdict::crossed:
      return "the terminal answered about another payment; what became of this one is not known";
    case Verdict::done:
      return "done";
    case Verdict::failed:
      return "it failed";
    case Verdict::unknown:
      return "it is not known whether the card was charged; re-sync with the terminal";
  }
  return "";
}

}  // namespace

std::string describe(const Outcome& outcome) {
  std::string sentence(what_became(outcome.verdict));
  if (outcome.reason != Reason::none) sentence += fmt::format(" ({})", describe(outcome.reason));
  return sentence;
}

}  // namespace tillrig::terminal
