#pragma once

#include "devices/terminal/payment.hpp"
#include "devices/terminal/zvt/body.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace tillrig::terminal::zvt {

// The last payment a terminal remembers, by what tells it from all others: how far it had come when
// a payment was begun.
struct Bookmark {
  std::string terminal_id;
  std::uint32_t receipt = 0;  // 0: it remembered none
  std::uint32_t trace = 0;
  std::string time;

  bool operator==(const Bookmark&) const = default;
};

// As Charge::since keeps it.
std::string text_of(const Bookmark& bookmark);
std::optional<Bookmark> read_bookmark(std::string_view text);

// The field 3C of a payment that the terminal approved alone.
inline constexpr std::string_view kStoredText = "OFFLINE";

// The fields of a 04 0F as a slip, and the other way round.
CardSlip slip_of(const Body& body);
Body body_of(const CardSlip& slip);

// What the terminal's last payment says of a charge that was made at charge.since. The terminal
// takes one command after the other, so a charge that is not the last one, and not an earlier one,
// has not come to it and cannot come any more: not_found.
Outcome compare(const Charge& charge, const Body& last);
// What an approved payment says of the charge that it answers: approved, in part, wrong_amount,
// wrong_currency.
Outcome match(const Charge& charge, const Body& approved);

}  // namespace tillrig::terminal::zvt
