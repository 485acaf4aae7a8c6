#pragma once

#include "pos/till/checkout.hpp"
#include "pos/till/command.hpp"
#include "pos/till/day_commands.hpp"
#include "pos/till/parts.hpp"

#include <string>
#include <string_view>

namespace tillrig::till {

// Opens and closes the business day, and moves cash for no sale: each an event of the ledger like a
// sale, committed before the drawer opens and anybody is told. A close stands on the till's own
// store; whether what it counts has been sent does not matter.
class DayDesk {
 public:
  DayDesk(const Parts& parts, Checkout& checkout, Opening& opening)
      : parts_(parts), checkout_(checkout), opening_(opening) {}

  // Errors: bad_input (an amount, a reason), not_allowed (the day is open already, or none is), and
  // the store's.
  base::Awaitable<Result<Answer>> carry_out(OpenDay open);
  base::Awaitable<Result<Answer>> carry_out(CloseDay close);
  base::Awaitable<Result<Answer>> carry_out(PayIn in);
  base::Awaitable<Result<Answer>> carry_out(PayOut out);
  // The till may be closed for good now; see Leaving.
  base::Awaitable<Result<Answer>> carry_out(SignOut out);

 private:
  Result<wire::DayClosed> sums() const;
  base::Awaitable<Result<Answer>> move(Money amount, bool out, std::string reason);
  base::Awaitable<Result<Answer>> refuse(base::Error error) const;
  // Commits it, and tells when it stands.
  base::Awaitable<Result<Answer>> book(wire::EventKind kind, wire::Body body, Booked shown);

  const Parts& parts_;
  Checkout& checkout_;
  Opening& opening_;
};

}  // namespace tillrig::till
