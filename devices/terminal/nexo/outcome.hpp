#pragma once

#include "devices/terminal/nexo/message.hpp"
#include "devices/terminal/payment.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace tillrig::terminal::nexo {

// The ServiceID of a till's payment: made of what it calls itself and the payment, so that it is
// the same whenever it is asked about. Ten characters, as long as the protocol allows.
std::string service_id_of(std::string_view sale_id, std::string_view reference);

// Where a terminal stood before a payment: which one it is, and the day in its memory.
struct Stand {
  std::string poi_id;
  std::string reconciliation;  // empty: it does not say

  bool operator==(const Stand&) const = default;
};
// As Charge::since keeps it.
std::string text_of(const Stand& stand);
Stand read_stand(std::string_view text);

// The terminal's name of a payment, "0001.000001": receipt number and trace. Those of other makes
// are told apart by it alone.
std::string transaction_id_of(const CardSlip& slip);
void put_numbers(std::string_view transaction_id, CardSlip& slip);

CardSlip slip_of(const Paid& paid);
Paid paid_of(const Charge& charge, const CardSlip& slip);

// What an answer to a payment says of a charge: approved, in part, wrong_amount, wrong_currency,
// crossed; or why not.
Outcome outcome_of_payment(const Charge& charge, const Message& answer);
// What an answer about a transaction says of the charge, which was sent with this ServiceID. `now`
// is where the terminal stands that gave it.
Outcome outcome_of_status(const Charge& charge, std::string_view service_id, const Message& answer,
                          const Stand& now);
Outcome outcome_of_reversal(const CardSlip& slip, const Message& answer);

}  // namespace tillrig::terminal::nexo
