#include "devices/terminal/zvt/bookmark.hpp"

#include "devices/terminal/zvt/codes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace tillrig::terminal::zvt {
namespace {

constexpr std::string_view kBookmarkKind = "zvt";
constexpr std::uint32_t kReceipts = 10'000;
constexpr std::uint32_t kTraces = 1'000'000;

std::string_view next_part(std::string_view& text) {
  const std::size_t end = std::min(text.find(' '), text.size());
  const std::string_view part = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return part;
}

bool read_number(std::string_view text, std::uint32_t& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size();
}

// Numbers go round: 0001 follows 9999.
std::uint32_t after(std::uint32_t receipt) {
  return receipt + 1 == kReceipts ? 1 : receipt + 1;
}

bool is_later(std::uint32_t trace, std::uint32_t than) {
  const std::uint32_t ahead = (trace + kTraces - than) % kTraces;
  return ahead != 0 && ahead < kTraces / 2;
}

std::string time_text(const Body& body) {
  if (!body.time || !body.date) return {};
  const std::uint64_t t = *body.time;
  return fmt::format("{:02}-{:02}T{:02}:{:02}:{:02}", *body.date / 100, *body.date % 100, t / 10000,
                     t / 100 % 100, t % 100);
}

std::uint32_t small(const Body::Number& number) {
  return static_cast<std::uint32_t>(number.value_or(0));
}

// The digits of "03-02" or "10:15:00" as one number.
std::optional<std::uint64_t> digits_of(std::string_view text) {
  std::uint64_t number = 0;
  bool any = false;
  for (const char c : text) {
    if (c < '0' || c > '9') continue;
    number = number * 10 + static_cast<unsigned>(c - '0');
    any = true;
  }
  if (!any) return std::nullopt;
  return number;
}

}  // namespace

std::string text_of(const Bookmark& bookmark) {
  return fmt::format("{} {} {} {} {}", kBookmarkKind, bookmark.terminal_id, bookmark.receipt,
                     bookmark.trace, bookmark.time);
}

std::optional<Bookmark> read_bookmark(std::string_view text) {
  Bookmark bookmark;
  if (next_part(text) != kBookmarkKind) return std::nullopt;
  bookmark.terminal_id = std::string(next_part(text));
  if (!read_number(next_part(text), bookmark.receipt)) return std::nullopt;
  if (!read_number(next_part(text), bookmark.trace)) return std::nullopt;
  bookmark.time = std::string(text);
  return bookmark;
}

CardSlip slip_of(const Body& body) {
  CardSlip slip;
  slip.terminal_id = body.terminal_id.value_or("");
  slip.receipt_number = small(body.receipt);
  slip.trace = small(body.trace);
  slip.sequence = small(body.sequence);
  slip.masked_pan = body.pan.value_or("");
  slip.card_name = body.card_name.value_or("");
  slip.authorisation_code = body.authorisation.value_or("");
  slip.time = time_text(body);
  slip.amount = base::Money{static_cast<std::int64_t>(body.amount.value_or(0))};
  if (body.currency) slip.currency = std::string(currency_code(*body.currency));
  slip.stored_offline = body.text == kStoredText;
  return slip;
}

Body body_of(const CardSlip& slip) {
  Body body;
  body.amount = static_cast<std::uint64_t>(slip.amount.minor);
  body.currency = currency_number(slip.currency);
  if (slip.trace != 0) body.trace = slip.trace;
  // "2026-03-02T10:15:00" without its year, which the protocol does not have.
  const std::size_t split = slip.time.find('T');
  if (split != std::string::npos && split >= 5) {
    body.date = digits_of(std::string_view(slip.time).substr(split - 5, 5));
    body.time = digits_of(std::string_view(slip.time).substr(split));
  }
  if (slip.receipt_number != 0) body.receipt = slip.receipt_number;
  if (slip.sequence != 0) body.sequence = slip.sequence;
  if (!slip.masked_pan.empty()) body.pan = slip.masked_pan;
  if (!slip.card_name.empty()) body.card_name = slip.card_name;
  if (!slip.authorisation_code.empty()) body.authorisation = slip.authorisation_code;
  if (slip.stored_offline) body.text = std::string(kStoredText);
  body.terminal_id = slip.terminal_id;
  return body;
}

Outcome match(const Charge& charge, const Body& approved) {
  Outcome outcome{Verdict::approved, Reason::none, slip_of(approved)};
  if (approved.currency && *approved.currency != currency_number(charge.currency)) {
    outcome.verdict = Verdict::wrong_currency;
    outcome.reason = Reason::wrong_currency;
    return outcome;
  }
  outcome.slip->currency = charge.currency;
  const auto amount = static_cast<std::int64_t>(approved.amount.value_or(0));
  if (!approved.amount) {
    outcome.verdict = Verdict::unknown;
    outcome.reason = Reason::rubbish;
  } else if (amount > charge.amount.minor || amount <= 0) {
    outcome.verdict = Verdict::wrong_amount;
    outcome.reason = Reason::wrong_amount;
  } else if (amount < charge.amount.minor) {
    outcome.verdict = Verdict::approved_in_part;
  }
  return outcome;
}

Outcome compare(const Charge& charge, const Body& last) {
  const auto in_doubt = [&](Reason reason) {
    return Outcome{Verdict::unknown, reason, slip_of(last)};
  };
  const std::optional<Bookmark> since = read_bookmark(charge.since);
  if (!since) return in_doubt(Reason::no_bookmark);
  if (last.terminal_id && *last.terminal_id != since->terminal_id) {
    return in_doubt(Reason::other_terminal);
  }
  const std::uint32_t receipt = small(last.receipt);
  const std::uint32_t trace = small(last.trace);
  if (receipt == since->receipt && trace == since->trace) {
    return {Verdict::not_found, Reason::none, std::nullopt};
  }
  // A terminal that takes back an unheard payment uses its receipt number again; the trace goes on.
  const bool next = receipt == after(since->receipt) || (receipt == since->receipt && trace != 0);
  const bool later = trace == 0 || since->trace == 0 || is_later(trace, since->trace);
  if (receipt == 0 || !next || !later) return in_doubt(Reason::not_the_last);
  const auto result = static_cast<std::uint8_t>(last.result.value_or(kGood));
  if (result == kGood) return match(charge, last);
  Outcome outcome = outcome_of(result);
  if (result == kAlreadyReversed) outcome.reason = Reason::by_itself;
  outcome.slip = slip_of(last);
  return outcome;
}

}  // namespace tillrig::terminal::zvt
