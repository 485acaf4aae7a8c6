#pragma once

#include "devices/terminal/host.hpp"
#include "pos/base/time.hpp"

#include <span>
#include <string_view>

namespace tillrig::terminal {

// What an acquirer does with an authorisation, chosen by its amount: works with any till, because
// nothing but the price has to be set.
struct AmountRule {
  unsigned cents = 0;     // the last two digits of the amount in minor units
  std::string_view name;  // "no_funds"
  std::string_view doc;
  Verdict verdict = Verdict::approved;
  Reason reason = Reason::none;
  unsigned percent = 100;  // of the amount that it approves
  bool books = true;       // the card is charged, if the verdict charges
  bool answers = true;
  base::Duration late{};        // its answer comes so much later than usual
  std::string_view currency{};  // that it charges in; empty: as asked
};

// The rules of the preset "cents", by their cents: those of ISO 8583's answers where it has one.
std::span<const AmountRule> amount_rules();
// The rule for this amount under a preset: "none" (every amount is approved) or "cents". nullptr:
// none, it is approved.
const AmountRule* rule_for(std::string_view preset, base::Money amount);
bool is_preset(std::string_view preset);

// What that acquirer says of an authorisation. `code` is given to what it approves.
HostAnswer answer_of(const AmountRule* rule, const HostRequest& request, std::string code);

}  // namespace tillrig::terminal
