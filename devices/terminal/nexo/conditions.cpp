#include "devices/terminal/nexo/conditions.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <utility>

namespace tillrig::terminal::nexo {
namespace {

struct ConditionRow {
  std::string_view condition;
  std::string_view message;  // in AdditionalResponse; the first row of a condition is the usual one
  Verdict verdict;
  Reason reason;
};

constexpr std::array kConditions = {
    ConditionRow{"Aborted", "ABORTED", Verdict::aborted, Reason::cancelled},
    ConditionRow{"Aborted", "CONNECTION_LOST", Verdict::aborted, Reason::line_lost},
    ConditionRow{"Cancel", "CANCELLED_BY_CUSTOMER", Verdict::aborted, Reason::stopped},
    ConditionRow{"Cancel", "TIME_OUT", Verdict::aborted, Reason::time_out},
    ConditionRow{"Cancel", "REVERSED_BY_TERMINAL", Verdict::reversed, Reason::by_itself},
    ConditionRow{"Cancel", "REVERSED", Verdict::reversed, Reason::none},
    ConditionRow{"NotAllowed", "NOT_ALLOWED", Verdict::refused, Reason::not_supported},
    ConditionRow{"NotAllowed", "ALREADY_REVERSED", Verdict::reversed, Reason::already_reversed},
    ConditionRow{"NotAllowed", "CURRENCY_NOT_SUPPORTED", Verdict::refused, Reason::wrong_currency},
    ConditionRow{"NotAllowed", "INVALID_AMOUNT", Verdict::refused, Reason::wrong_amount},
    ConditionRow{"NotAllowed", "SETTLEMENT_REQUIRED", Verdict::refused, Reason::end_of_day_open},
    ConditionRow{"NotFound", "NOT_FOUND", Verdict::refused, Reason::not_reversible},
    ConditionRow{"Busy", "BUSY", Verdict::busy, Reason::none},
    ConditionRow{"InProgress", "IN_PROGRESS", Verdict::in_progress, Reason::none},
    ConditionRow{"InsertedCard", "CARD_INSERTED", Verdict::busy, Reason::none},
    ConditionRow{"Refusal", "DECLINED", Verdict::declined, Reason::card_refused},
    ConditionRow{"Refusal", "NOT_ENOUGH_BALANCE", Verdict::declined, Reason::no_funds},
    ConditionRow{"Refusal", "ISSUER_UNAVAILABLE", Verdict::declined, Reason::issuer_down},
    ConditionRow{"Refusal", "OFFLINE_DECLINED", Verdict::declined, Reason::offline_limit},
    ConditionRow{"InvalidCard", "INVALID_CARD", Verdict::declined, Reason::unreadable_card},
    ConditionRow{"InvalidCard", "CARD_EXPIRED", Verdict::declined, Reason::expired_card},
    ConditionRow{"InvalidCard", "BLOCK_CARD", Verdict::declined, Reason::blocked_card},
    ConditionRow{"WrongPin", "INVALID_PIN", Verdict::declined, Reason::wrong_pin},
    ConditionRow{"PaymentRestriction", "RESTRICTED", Verdict::declined, Reason::card_refused},
    ConditionRow{"UnreachableHost", "NO_HOST", Verdict::declined, Reason::no_host},
    ConditionRow{"LoggedOut", "LOGGED_OUT", Verdict::refused, Reason::not_registered},
    ConditionRow{"UnavailableDevice", "DEVICE_UNAVAILABLE", Verdict::refused,
                 Reason::not_supported},
    ConditionRow{"UnavailableDevice", "UPDATE_REQUIRED", Verdict::refused, Reason::update_required},
    ConditionRow{"UnavailableDevice", "BATTERY_LOW", Verdict::refused, Reason::battery_low},
    ConditionRow{"UnavailableService", "SERVICE_UNAVAILABLE", Verdict::refused,
                 Reason::not_supported},
    ConditionRow{"DeviceOut", "DEVICE_OUT", Verdict::refused, Reason::not_supported},
    ConditionRow{"MessageFormat", "MESSAGE_FORMAT", Verdict::refused, Reason::not_supported},
};

constexpr std::string_view kWordMessage = "message";
constexpr std::string_view kWordWhy = "refusalReason";

std::string additional_of(std::string_view message, std::string_view why) {
  std::string text = fmt::format("{}={}", kWordMessage, encoded(message));
  if (!why.empty()) text += fmt::format("&{}={}", kWordWhy, encoded(why));
  return text;
}

}  // namespace

std::string encoded(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                       c == '-' || c == '_' || c == '.';
    if (plain) {
      out += c;
    } else {
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return out;
}

std::string value_in(std::string_view additional, std::string_view key) {
  while (!additional.empty()) {
    const std::size_t end = std::min(additional.find('&'), additional.size());
    const std::string_view pair = additional.substr(0, end);
    additional.remove_prefix(std::min(end + 1, additional.size()));
    const std::size_t equals = pair.find('=');
    if (equals == pair.npos || pair.substr(0, equals) != key) continue;
    std::string out;
    const std::string_view value = pair.substr(equals + 1);
    for (std::size_t i = 0; i < value.size(); ++i) {
      unsigned code = 0;
      const char* const from = value.data() + i + 1;
      const bool hex = value[i] == '%' && i + 2 < value.size() &&
                       std::from_chars(from, from + 2, code, 16).ptr == from + 2;
      out += hex ? static_cast<char>(code) : value[i] == '+' ? ' ' : value[i];
      if (hex) i += 2;
    }
    return out;
  }
  return {};
}

Outcome outcome_of(const Response& failure) {
  const std::string message = value_in(failure.additional, kWordMessage);
  const ConditionRow* usual = nullptr;
  for (const ConditionRow& row : kConditions) {
    if (row.condition != failure.condition) continue;
    if (row.message == message) return {row.verdict, row.reason, std::nullopt};
    if (usual == nullptr) usual = &row;
  }
  if (usual == nullptr) return {Verdict::declined, Reason::card_refused, std::nullopt};
  return {usual->verdict, usual->reason, std::nullopt};
}

Response failure_of(const Outcome& outcome) {
  const ConditionRow* found = nullptr;
  for (const ConditionRow& row : kConditions) {
    if (row.verdict != outcome.verdict) continue;
    if (row.reason == outcome.reason) {
      found = &row;
      break;
    }
    if (found == nullptr) found = &row;
  }
  const std::string_view why = describe(outcome.reason);
  if (found == nullptr) return failure_of("Refusal", why);
  return {Word::failure, std::string(found->condition), additional_of(found->message, why)};
}

Response failure_of(std::string_view condition, std::string_view why) {
  for (const ConditionRow& row : kConditions) {
    if (row.condition != condition) continue;
    return {Word::failure, std::string(condition), additional_of(row.message, why)};
  }
  return {Word::failure, std::string(condition), additional_of({}, why)};
}

}  // namespace tillrig::terminal::nexo
