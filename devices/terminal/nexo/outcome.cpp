#include "devices/terminal/nexo/outcome.hpp"

#include "devices/terminal/nexo/conditions.hpp"
#include "pos/base/hash.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

namespace tillrig::terminal::nexo {
namespace {

constexpr std::size_t kServiceId = 10;
constexpr char kBetween = ';';

bool all_digits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == text.npos;
}

std::uint32_t digits_in(std::string_view text) {
  std::uint32_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

}  // namespace

std::string service_id_of(std::string_view sale_id, std::string_view reference) {
  constexpr std::string_view kLetters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  const base::Hash256 hash = base::blake2b(std::string(sale_id) + '\n', reference);
  std::string id;
  for (std::size_t i = 0; i < kServiceId; ++i) id += kLetters[hash.bytes.at(i) % kLetters.size()];
  return id;
}

std::string text_of(const Stand& stand) {
  return stand.poi_id + kBetween + stand.reconciliation;
}

Stand read_stand(std::string_view text) {
  const std::size_t at = text.rfind(kBetween);
  if (at == text.npos) return {std::string(text), {}};
  return {std::string(text.substr(0, at)), std::string(text.substr(at + 1))};
}

std::string transaction_id_of(const CardSlip& slip) {
  if (!slip.transaction_id.empty()) return slip.transaction_id;
  return fmt::format("{:04}.{:06}", slip.receipt_number, slip.trace);
}

void put_numbers(std::string_view transaction_id, CardSlip& slip) {
  constexpr std::size_t kReceipt = 4;
  constexpr std::size_t kTrace = 6;
  const std::size_t point = transaction_id.find('.');
  if (point != kReceipt || transaction_id.size() != kReceipt + 1 + kTrace) return;
  if (!all_digits(transaction_id.substr(0, kReceipt))) return;
  if (!all_digits(transaction_id.substr(point + 1))) return;
  slip.receipt_number = digits_in(transaction_id.substr(0, kReceipt));
  slip.trace = digits_in(transaction_id.substr(point + 1));
}

CardSlip slip_of(const Paid& paid) {
  CardSlip slip;
  slip.terminal_id = paid.acquirer_poi;
  put_numbers(paid.poi.id, slip);
  slip.transaction_id = paid.poi.id;
  slip.masked_pan = paid.pan;
  slip.card_name = paid.brand;
  slip.authorisation_code = paid.authorisation;
  slip.time = paid.poi.time;
  slip.amount = paid.amount;
  slip.currency = paid.currency;
  slip.stored_offline = !paid.online;
  return slip;
}

Paid paid_of(const Charge& charge, const CardSlip& slip) {
  Paid paid;
  paid.sale = {charge.reference, slip.time};
  paid.poi = {transaction_id_of(slip), slip.time};
  paid.currency = slip.currency;
  paid.amount = slip.amount;
  paid.pan = slip.masked_pan;
  paid.brand = slip.card_name;
  paid.authorisation = slip.authorisation_code;
  paid.acquirer_poi = slip.terminal_id;
  paid.online = !slip.stored_offline;
  return paid;
}

Outcome outcome_of_payment(const Charge& charge, const Message& answer) {
  if (!answer.response) return {Verdict::unknown, Reason::rubbish, std::nullopt};
  std::optional<CardSlip> slip;
  if (answer.paid) slip = slip_of(*answer.paid);
  const bool crossed = answer.paid && answer.paid->sale.id != charge.reference;
  if (answer.response->result == Word::failure) {
    if (crossed) return {Verdict::unknown, Reason::rubbish, std::nullopt};
    Outcome outcome = outcome_of(*answer.response);
    outcome.slip = std::move(slip);
    return outcome;
  }
  if (!slip) return {Verdict::unknown, Reason::rubbish, std::nullopt};
  if (crossed) return {Verdict::crossed, Reason::none, std::move(slip)};
  Verdict verdict = Verdict::approved;
  Reason reason = Reason::none;
  if (slip->currency != charge.currency) {
    verdict = Verdict::wrong_currency;
    reason = Reason::wrong_currency;
  } else if (slip->amount > charge.amount || slip->amount.minor <= 0) {
    verdict = Verdict::wrong_amount;
    reason = Reason::wrong_amount;
  } else if (slip->amount < charge.amount) {
    verdict = Verdict::approved_in_part;
  }
  return {verdict, reason, std::move(slip)};
}

Outcome outcome_of_status(const Charge& charge, std::string_view service_id, const Message& answer,
                          const Stand& now) {
  if (!answer.response) return {Verdict::unknown, Reason::rubbish, std::nullopt};
  const Stand then = read_stand(charge.since);
  if (!then.poi_id.empty() && !now.poi_id.empty() && then.poi_id != now.poi_id) {
    return {Verdict::unknown, Reason::other_terminal, std::nullopt};
  }
  if (answer.response->result == Word::failure) {
    const std::string& condition = answer.response->condition;
    if (condition == kInProgress || condition == kBusy) {
      return {Verdict::in_progress, Reason::none, std::nullopt};
    }
    if (condition == kNotFound) {
      // A terminal that has closed its day since may have had it all the same.
      const std::string& day =
          answer.reconciliation.empty() ? now.reconciliation : answer.reconciliation;
      if (then.reconciliation != day && !day.empty()) {
        return {Verdict::unknown, charge.since.empty() ? Reason::no_bookmark : Reason::forgotten,
                std::nullopt};
      }
      return {Verdict::not_found, Reason::none, std::nullopt};
    }
    return {Verdict::unknown, outcome_of(*answer.response).reason, std::nullopt};
  }
  if (answer.repeated.empty()) return {Verdict::unknown, Reason::rubbish, std::nullopt};
  const Message& repeated = answer.repeated.front();
  if (repeated.header.category != kPayment || repeated.header.service_id != service_id) {
    std::optional<CardSlip> slip;
    if (repeated.paid) slip = slip_of(*repeated.paid);
    const bool charges = slip && repeated.response && repeated.response->result != Word::failure;
    return {charges ? Verdict::crossed : Verdict::unknown, charges ? Reason::none : Reason::rubbish,
            charges ? std::move(slip) : std::nullopt};
  }
  Outcome outcome = outcome_of_payment(charge, repeated);
  // That it had been busy then is that it did not begin.
  if (outcome.verdict == Verdict::in_progress) outcome.verdict = Verdict::unknown;
  return outcome;
}

Outcome outcome_of_reversal(const CardSlip& slip, const Message& answer) {
  if (!answer.response) return {Verdict::unknown, Reason::rubbish, std::nullopt};
  if (answer.response->result != Word::failure) return {Verdict::reversed, Reason::none, slip};
  Outcome outcome = outcome_of(*answer.response);
  outcome.slip = slip;
  return outcome;
}

}  // namespace tillrig::terminal::nexo
