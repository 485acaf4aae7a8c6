#pragma once

#include "devices/terminal/nexo/message.hpp"
#include "devices/terminal/payment.hpp"

#include <string_view>

namespace tillrig::terminal::nexo {

// ErrorConditions that our ends decide on.
inline constexpr std::string_view kInProgress = "InProgress";
inline constexpr std::string_view kNotFound = "NotFound";
inline constexpr std::string_view kBusy = "Busy";
inline constexpr std::string_view kNotAllowed = "NotAllowed";
inline constexpr std::string_view kUnavailableService = "UnavailableService";

// What a failure means: declined, aborted, refused, reversed or busy, and why. A condition that the
// table lacks is declined with card_refused.
Outcome outcome_of(const Response& failure);
// The failure that says it: ErrorCondition, and in AdditionalResponse the words that tell apart
// what the conditions do not ("message=NOT_ENOUGH_BALANCE&refusalReason=...").
Response failure_of(const Outcome& outcome);
// A failure in words of one's own.
Response failure_of(std::string_view condition, std::string_view why);

// The value of a name in AdditionalResponse, decoded; empty: it is not there.
std::string value_in(std::string_view additional, std::string_view key);
// A text as AdditionalResponse has its values.
std::string encoded(std::string_view text);

}  // namespace tillrig::terminal::nexo
