#pragma once

#include "devices/terminal/zvt/tlv.hpp"
#include "pos/base/bytes.hpp"
#include "pos/base/result.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace tillrig::terminal::zvt {

// A receipt number as TLV 1F1F tells it: nothing when the teller does not know (length 0, never the
// value 0).
struct ReceiptSync {
  std::optional<std::uint32_t> number;

  bool operator==(const ReceiptSync&) const = default;
};

// The fields ("bitmaps") of a message, those that it has; the same for both directions. Which of
// them a message takes is in messages.hpp.
struct Body {
  using Number = std::optional<std::uint64_t>;
  using Text = std::optional<std::string>;

  Number time_out;                          // 01
  Number most_statuses;                     // 02
  Number service;                           // 03
  Number amount;                            // 04, in minor units
  Number trace;                             // 0B
  Number time;                              // 0C, HHMMSS as a decimal number
  Number date;                              // 0D, MMDD
  Number expiry;                            // 0E, YYMM
  Number sequence;                          // 17, of the card
  Number kind;                              // 19: of payment, or the status byte
  Number result;                            // 27
  Number original_trace;                    // 37
  Number currency;                          // 49, ISO 4217 numeric
  Number receipt;                           // 87
  Number turnover;                          // 88
  Number card_type;                         // 8A
  Text pan;                                 // 22, '*' where masked
  Text terminal_id;                         // 29, eight digits
  Text shop;                                // 2A, VU number
  Text authorisation;                       // 3B, AID
  Text text;                                // 3C
  Text password;                            // 3D, six digits
  Text totals;                              // 60
  Text card_name;                           // 8B
  std::optional<ReceiptSync> receipt_sync;  // TLV 1F1F
  Number message_id;                        // TLV 1F73
  std::vector<Tlv> objects;                 // of the TLV container, what is not above

  bool operator==(const Body&) const = default;
};

base::Bytes encode(const Body& body);
// Fields that are known by their length alone are passed over; one that is not known at all ends
// the reading, because nobody knows where it ends. Errors: protocol, naming the field.
base::Result<Body> read_body(base::ByteView bytes);

}  // namespace tillrig::terminal::zvt
