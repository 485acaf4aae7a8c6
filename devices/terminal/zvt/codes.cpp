#include "devices/terminal/zvt/codes.hpp"

#include <algorithm>

namespace tillrig::terminal::zvt {
namespace {

struct ResultCode {
  std::uint8_t code;
  Verdict verdict;
  Reason reason;
  std::string_view meaning;
};

// Up to 0x63 they are the authorisation system's decimal answers: 0x37 is its 55. The first of a
// reason is the one that is sent for it.
constexpr ResultCode kResultCodes[] = {
    {0x05, Verdict::declined, Reason::card_refused, "the card was refused"},
    {0x33, Verdict::declined, Reason::no_funds, "the account does not have the money"},
    {0x36, Verdict::declined, Reason::expired_card, "the card has expired"},
    {0x37, Verdict::declined, Reason::wrong_pin, "the PIN was wrong"},
    {0x3e, Verdict::declined, Reason::blocked_card, "the card is blocked"},
    {0x4b, Verdict::declined, Reason::blocked_card, "the PIN was wrong too often"},
    {0x5b, Verdict::declined, Reason::issuer_down, "the card's bank cannot be reached"},
    {0x64, Verdict::declined, Reason::unreadable_card, "the card cannot be read"},
    {0x65, Verdict::declined, Reason::unreadable_card, "the card's data are missing"},
    {0x67, Verdict::refused, Reason::not_supported, "this is not possible with this card"},
    {0x68, Verdict::refused, Reason::not_supported, "this is not possible with credit cards"},
    {0x6b, Verdict::refused, Reason::not_registered, "the terminal is not registered"},
    {0x6c, Verdict::aborted, Reason::stopped, "stopped by key, by the till or by time-out"},
    {0x6c, Verdict::aborted, Reason::time_out, "stopped by time-out"},
    {0x6c, Verdict::aborted, Reason::cancelled, "stopped by the till"},
    {0x6c, Verdict::aborted, Reason::line_lost, "stopped because the till had gone"},
    {0x6e, Verdict::declined, Reason::blocked_card, "the card is on the list of blocked cards"},
    {0x6f, Verdict::refused, Reason::wrong_currency, "the terminal does not have this currency"},
    {0x71, Verdict::declined, Reason::no_funds, "there is not enough money on the card"},
    {0x73, Verdict::declined, Reason::unreadable_card, "the card's data are wrong"},
    {0x78, Verdict::declined, Reason::expired_card, "the card has expired"},
    {0x7a, Verdict::declined, Reason::card_refused, "the card is unknown"},
    {0x9b, Verdict::declined, Reason::no_host, "the terminal cannot reach its host"},
    {0x7d, Verdict::declined, Reason::no_host, "the connection to the host failed"},
    {0xa1, Verdict::declined, Reason::no_host, "the host does not answer"},
    {0xa3, Verdict::declined, Reason::no_host, "there is no connection to the host"},
    {0x83, Verdict::refused, Reason::not_supported, "the terminal does not have this function"},
    {0x9a, Verdict::refused, Reason::rubbish, "the terminal could not read the request"},
    {0x9c, Verdict::busy, Reason::none, "please wait"},
    {0xb4, Verdict::reversed, Reason::already_reversed, "it has been reversed already"},
    {0xb4, Verdict::reversed, Reason::by_itself, "it has been reversed already"},
    {0xb5, Verdict::refused, Reason::not_reversible, "it cannot be reversed"},
    {0xbf, Verdict::refused, Reason::battery_low, "the terminal's battery is low"},
    {0xc3, Verdict::refused, Reason::wrong_amount, "the amount is too high"},
    {0xc8, Verdict::refused, Reason::wrong_amount, "the amount is too low"},
    {0xe0, Verdict::refused, Reason::update_required, "the terminal is being maintained"},
    {0xf0, Verdict::refused, Reason::end_of_day_open,
     "the end of the last day failed; it has to be repeated first"},
    {0xf1, Verdict::declined, Reason::offline_limit, "it cannot be approved without the host"}};

constexpr Intermediate kIntermediates[] = {
    {0x0a, Step::waiting_for_card, "the terminal waits for the card"},
    {0x01, Step::reading_pin, "the customer enters the PIN"},
    {0x15, Step::wrong_pin, "the PIN was wrong; the terminal asks for it again"},
    {0x04, Step::authorising, "the terminal asks its host"},
    {0x05, Step::reversing, "the terminal gives the payment back by itself"},
    {0x0b, Step::remove_card, "the card has to be taken out"},
    {0x0e, Step::please_wait, "the terminal asks to wait"},
    {0x17, Step::please_wait, "the terminal asks to wait"},
    {0x00, Step::other, "the terminal shows the amount"},
    {0x02, Step::reading_pin, "the customer works at the terminal"},
    {0x03, Step::other, "the payment is not possible with this card"},
    {0x06, Step::other, "the terminal posts its payments"},
    {0x07, Step::other, "the card is not accepted"},
    {0x08, Step::other, "the card is unknown"},
    {0x09, Step::other, "the card has expired"},
    {0x0c, Step::other, "the card cannot be read"},
    {0x0d, Step::other, "the terminal stops the payment"}};

struct CurrencyNumber {
  std::string_view code;
  std::uint32_t number;
};

constexpr CurrencyNumber kCurrencyNumbers[] = {
    {"AED", 784}, {"AUD", 36},  {"BHD", 48},  {"BRL", 986}, {"CAD", 124}, {"CHF", 756},
    {"CLP", 152}, {"CNY", 156}, {"CZK", 203}, {"DKK", 208}, {"EUR", 978}, {"GBP", 826},
    {"HKD", 344}, {"HUF", 348}, {"IDR", 360}, {"ILS", 376}, {"INR", 356}, {"IQD", 368},
    {"ISK", 352}, {"JOD", 400}, {"JPY", 392}, {"KRW", 410}, {"KWD", 414}, {"LYD", 434},
    {"MXN", 484}, {"NOK", 578}, {"NZD", 554}, {"OMR", 512}, {"PLN", 985}, {"RON", 946},
    {"SAR", 682}, {"SEK", 752}, {"SGD", 702}, {"THB", 764}, {"TND", 788}, {"TRY", 949},
    {"USD", 840}, {"VND", 704}, {"ZAR", 710}};

}  // namespace

Outcome outcome_of(std::uint8_t code) {
  for (const ResultCode& row : kResultCodes) {
    if (row.code == code) return {row.verdict, row.reason, std::nullopt};
  }
  return {Verdict::declined, Reason::card_refused, std::nullopt};
}

std::uint8_t code_of(const Outcome& outcome) {
  for (const ResultCode& row : kResultCodes) {
    if (row.reason == outcome.reason && row.reason != Reason::none) return row.code;
  }
  if (outcome.verdict == Verdict::busy) return 0x9c;
  return outcome.verdict == Verdict::aborted ? kAborted : std::uint8_t{0x05};
}

std::string_view meaning_of(std::uint8_t code) {
  for (const ResultCode& row : kResultCodes) {
    if (row.code == code) return row.meaning;
  }
  return {};
}

Intermediate intermediate_of(std::uint8_t code) {
  for (const Intermediate& row : kIntermediates) {
    if (row.code == code) return row;
  }
  return {code, Step::other, "the terminal is at work"};
}

std::uint8_t code_of(Step step) {
  for (const Intermediate& row : kIntermediates) {
    if (row.step == step) return row.code;
  }
  return 0x0e;
}

std::optional<std::uint32_t> currency_number(std::string_view code) {
  for (const CurrencyNumber& row : kCurrencyNumbers) {
    if (row.code == code) return row.number;
  }
  return std::nullopt;
}

std::string_view currency_code(std::uint64_t number) {
  for (const CurrencyNumber& row : kCurrencyNumbers) {
    if (row.number == number) return row.code;
  }
  return {};
}

}  // namespace tillrig::terminal::zvt
