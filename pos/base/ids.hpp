#pragma once

#include "pos/base/result.hpp"

#include <compare>
#include <cstdint>
#include <optional>
#include <string>

namespace tillrig::base {

// The name of one business event, for ever: which till, which incarnation of its store (epoch),
// which event of that incarnation. Unique by construction after any loss of data, because the epoch
// is new at every store creation and after a stop that may have lost something (design, rule 3).
// Time-ordered within a till; idempotency key of the upload; never expires.
struct EventId {
  std::string till;  // [a-z0-9-]{1,32}
  std::uint32_t epoch = 0;
  std::uint64_t seq = 0;  // from 1

  auto operator<=>(const EventId&) const = default;
  [[nodiscard]] std::string text() const;  // "till-1.3.42"
};

Result<EventId> parse_event_id(std::string_view text);  // errors: bad_input

// Whether a till may have this name: 1 to 32 of a-z, 0-9 and '-'.
bool is_till_name(std::string_view name);

// The number printed on a receipt: gap-free per (till, epoch) (INV-07).
struct ReceiptNumber {
  std::uint32_t epoch = 0;
  std::uint64_t number = 0;  // from 1

  auto operator<=>(const ReceiptNumber&) const = default;
  [[nodiscard]] std::string text() const;  // "3-0000042"
};

std::optional<ReceiptNumber> parse_receipt_number(std::string_view text);

}  // namespace tillrig::base
