#include "pos/till/card_words.hpp"

#include "pos/till/card_slip.hpp"

#include <algorithm>
#include <utility>

namespace tillrig::till {

using pay::Button;
using pay::Told;

namespace {

// What a terminal's answer comes to.
Told::What meaning_of(const terminal::Answered& answered) {
  using terminal::Verdict;
  const bool paying = answered.question == terminal::Question::pay;
  switch (answered.outcome.verdict) {
    case Verdict::approved:
    case Verdict::approved_in_part:
    case Verdict::wrong_amount:
    case Verdict::wrong_currency:
    case Verdict::crossed:
      return Told::What::approved;
    case Verdict::declined:
      return Told::What::declined;
    case Verdict::aborted:
      return Told::What::aborted;
    case Verdict::reversed:
      return Told::What::reversed;
    case Verdict::not_found:
      return paying ? Told::What::declined : Told::What::not_found;
    case Verdict::in_progress:
      return Told::What::in_progress;
    case Verdict::refused:
    case Verdict::busy:
      if (answered.outcome.reason == terminal::Reason::already_reversed) {
        return Told::What::reversed;
      }
      return paying ? Told::What::declined : Told::What::no_answer;
    case Verdict::done:
    case Verdict::failed:
    case Verdict::unknown:
      break;
  }
  return Told::What::no_answer;
}

}  // namespace

const PromptKind* prompt_of(Button button) {
  switch (button) {
    case Button::cancel:
      return &kCardPayment;
    case Button::resync:
      return &kCardUnknown;
    case Button::resync_again:
      return &kCardStillUnknown;
    case Button::close:
      return &kCardUnresolved;
    case Button::none:
      break;
  }
  return nullptr;
}

pay::Event press_of(Button button, std::string id) {
  if (button == Button::cancel) return pay::PressCancel{std::move(id)};
  if (button == Button::close) return pay::PressClose{std::move(id)};
  return pay::PressResync{std::move(id)};
}

std::string prompt_text(const pay::Attempt& paying, Button button) {
  const auto currency =
      base::find_currency(paying.currency).value_or(base::Currency{paying.currency, 2});
  const std::string amount = base::format_money(paying.amount, currency);
  std::string text =
      button == Button::cancel
          ? fmt::format(
                "{} is being paid at the card terminal. The payment can be cancelled for "
                "30 seconds.",
                amount)
          : fmt::format(
                "Whether the card paid {} is not known: {}. Take no other money for this "
                "order.",
                amount, paying.why);
  if (wire::has_to_go_back(paying.state)) text = paying.why;
  return text;
}

Told told_by_terminal(const terminal::Answered& answered, const pay::Attempt* attempt,
                      const base::Mutants& mutants) {
  Told told;
  told.asked = answered.reference;
  told.reference = answered.reference;
  told.what = meaning_of(answered);
  const auto& slip = answered.outcome.slip;
  if (attempt != nullptr) {
    told.amount = slip ? slip->amount : attempt->amount;
    told.currency = slip && !slip->currency.empty() ? slip->currency : attempt->currency;
  }
  if (slip) told.slip = write_slip(*slip, mutants);
  if (answered.outcome.reason != terminal::Reason::none) {
    told.why = terminal::describe(answered.outcome.reason);
  }
  if (answered.outcome.verdict == terminal::Verdict::crossed) {
    told.reference = slip ? fmt::format("receipt {} of {}", slip->receipt_number, slip->terminal_id)
                          : "of another till";
  }
  return told;
}

std::optional<Told> told_by_cloud(const wire::AttemptKnown& known) {
  Told told;
  told.channel = wire::Channel::oms;
  told.reference = known.id;
  told.amount = known.amount;
  told.currency = known.currency;
  switch (known.outcome) {
    case wire::AttemptOutcome::approved:
      told.what = Told::What::approved;
      break;
    case wire::AttemptOutcome::declined:
      told.what = Told::What::declined;
      break;
    case wire::AttemptOutcome::reversed:
      told.what = Told::What::reversed;
      break;
    case wire::AttemptOutcome::unknown:
      return std::nullopt;  // no news
  }
  return told;
}

std::string till_of_attempt(std::string_view id) {
  if (!is_card_order(id)) return {};
  const auto last = id.rfind('-');
  return std::string(id.substr(0, id.rfind('-', last - 1)));
}

// "till-1-3-42": a till, an epoch and a number.
bool is_card_order(std::string_view text) {
  const auto last = text.rfind('-');
  if (last == std::string_view::npos || last + 1 == text.size() || last == 0) return false;
  const auto before = text.rfind('-', last - 1);
  const std::string_view numbers =
      before == std::string_view::npos ? std::string_view() : text.substr(before + 1);
  return before != 0 && !numbers.empty() &&
         std::all_of(numbers.begin(), numbers.end(),
                     [](char c) { return (c >= '0' && c <= '9') || c == '-'; }) &&
         base::is_till_name(text.substr(0, before));
}

}  // namespace tillrig::till
