#pragma once

#include "devices/terminal/payment.hpp"
#include "devices/terminal/zvt/message.hpp"

#include <optional>

namespace tillrig::terminal::zvt {

// What the end of a command says of it, together with the 04 0F that came before, if one did.
Outcome outcome_of_payment(const Charge& charge, const std::optional<Body>& status,
                           const Message& end, bool abort_accepted);
Outcome outcome_of_question(const Charge& charge, const std::optional<Body>& status,
                            const Message& end);
Outcome outcome_of_reversal(const std::optional<Body>& status, const Message& end);
// The code that it carries; good where it carries none.
std::uint8_t code_in(const Message& message);

}  // namespace tillrig::terminal::zvt
