#include "pos/base/json_fields.hpp"
#include "pos/wire/hold.hpp"
#include "pos/wire/purse.hpp"

namespace tillrig::wire {

Bytes write_json(const Hold& hold) {
  return base::write_message(hold);
}

Bytes write_json(const Held& held) {
  return base::write_message(held);
}

Result<Hold> read_hold(ByteView body) {
  auto hold = base::read_message<Hold>(body, "hold");
  if (!hold) return hold;
  if (!is_customer_id(hold->id) || !is_customer_id(hold->key)) {
    return base::fail(base::Code::bad_input,
                      "'id' is \"{}\" and 'key' \"{}\"; expected 1 to {} of A-Z, a-z, 0-9, - and _",
                      hold->id.substr(0, 64), hold->key.substr(0, 64), kCustomerId);
  }
  const bool known = hold->ledger == kPointsLedger || hold->ledger == kNewCard ||
                     purse_of(hold->ledger) != nullptr;
  if (!known) {
    return base::fail(base::Code::bad_input, "'ledger' is \"{}\"; expected {}, {} or a purse",
                      hold->ledger, kPointsLedger, kNewCard);
  }
  return hold;
}

Result<Held> read_held(ByteView body) {
  return base::read_message<Held>(body, "answer about a hold");
}

}  // namespace tillrig::wire
