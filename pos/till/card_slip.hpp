#pragma once

#include "devices/terminal/payment.hpp"
#include "pos/base/mutant.hpp"

#include <optional>
#include <string>

namespace tillrig::till {

// What a terminal said of a payment, as it is kept with the attempt: what it takes to send the
// money back later. Of the card's number no more than the last four digits, whatever it said.
std::string write_slip(const terminal::CardSlip& slip, const base::Mutants& mutants = {});
// Nothing: it is none.
std::optional<terminal::CardSlip> read_slip(const std::string& text);

}  // namespace tillrig::till
