#pragma once

#include "devices/terminal/driver.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace tillrig::terminal::zvt {

// Result codes (field 27, 06 1E, 84 xx) that our ends send or decide on.
inline constexpr std::uint8_t kGood = 0x00;
inline constexpr std::uint8_t kAborted = 0x6c;
inline constexpr std::uint8_t kAlreadyReversed = 0xb4;
inline constexpr std::uint8_t kNotPossible = 0x83;
inline constexpr std::uint8_t kEndOfDayOpen = 0xf0;

// What a result code of a failed payment means: declined, aborted, refused, reversed or busy, and
// why. A code that the table lacks is declined with card_refused.
Outcome outcome_of(std::uint8_t code);
// The code for an outcome that charged nothing.
std::uint8_t code_of(const Outcome& outcome);
// "the PIN was wrong". Empty: none of ours.
std::string_view meaning_of(std::uint8_t code);

// 04 FF.
struct Intermediate {
  std::uint8_t code = 0;
  Step step = Step::other;
  std::string_view sentence;  // "the terminal waits for the card"
};
// Any code has a sentence.
Intermediate intermediate_of(std::uint8_t code);
std::uint8_t code_of(Step step);

// The state of a terminal in the completion of a status enquiry.
inline constexpr std::uint8_t kStateReady = 0x00;
inline constexpr std::uint8_t kStateBusy = 0x9c;
inline constexpr std::uint8_t kStateCardIn = 0xdc;
inline constexpr std::uint8_t kStateOutOfOrder = 0xdf;
inline constexpr std::uint8_t kStateMaintenance = 0xe0;
inline constexpr std::uint8_t kStateBatteryLow = 0xbf;

// ISO 4217: EUR is 978. Nothing for what a till of ours cannot be set to.
std::optional<std::uint32_t> currency_number(std::string_view code);
// Empty: unknown.
std::string_view currency_code(std::uint64_t number);

}  // namespace tillrig::terminal::zvt
