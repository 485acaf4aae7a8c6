#pragma once

#include "pos/base/mutant.hpp"
#include "pos/oms/database.hpp"
#include "pos/wire/balance.hpp"
#include "pos/wire/purse.hpp"

#include <cstdint>
#include <string_view>

namespace tillrig::oms {

// The purses among the cloud's ledgers (wire/purse.hpp): what sales put into them and take out, and
// what is kept for a sale that is being finished. Inside the caller's transaction; errors are the
// database's.
class Purses {
 public:
  Purses(Database& database, const base::Mutants& mutants)
      : database_(database), mutants_(mutants) {}

  // Why an event's moves cannot be those of its lines and payments; empty: they are.
  static std::string_view find_fault(const wire::Event& event);

  // So much of a key could be held if nothing of it was.
  Result<std::int64_t> limit_of(std::string_view ledger, std::string_view key);
  // Whether anything ever moved there: of a gift card, whether it was sold.
  Result<bool> known(const wire::PurseKey& of);

  // Why a person should look at an event that is going to be booked; empty: nobody has to.
  // `counts` says whether a hold still keeps anything.
  template <class Counts>
  Result<std::string_view> why_flag(const wire::Event& event, Counts counts);
  // The moves of an event that is being stored; holds that it names are captured, those that were
  // kept for an event in its place, or of an epoch before it, are free.
  Result<void> book(const wire::Event& event, base::WallTime received);
  // A hold that counts is kept for an event of its till.
  Result<void> keep(HoldRow& hold, const wire::KeepFor& place);

 private:
  Result<void> settle_kept(const wire::Event& event);
  // Tells the tills what is there now.
  Result<void> tell(const wire::PurseKey& of, const base::EventId& event, base::WallTime received);

  Database& database_;
  const base::Mutants& mutants_;
};

template <class Counts>
Result<std::string_view> Purses::why_flag(const wire::Event& event, Counts counts) {
  const auto moves = wire::moves_of(event);
  if (!moves) return "";  // it was refused
  for (const wire::Move& move : *moves) {
    const bool card = move.of.ledger == wire::kGift.ledger && move.amount > 0;
    if (card) {
      const auto sold = known(move.of);
      if (!sold) return base::Failure(sold.error());
      if (*sold) return "card_twice";
    }
    if (!card && move.amount > 0) continue;  // money that comes in needs no hold
    if (move.hold.empty() && move.of.ledger != wire::kGift.ledger) {
      const auto left = limit_of(move.of.ledger, move.of.key);
      if (!left) return base::Failure(left.error());
      if (*left + move.amount < 0) return "overdrawn";
      continue;
    }
    const auto hold = database_.postings().hold(move.hold);
    if (!hold) return base::Failure(hold.error());
    const std::string_view ledger = card ? wire::kNewCard : std::string_view(move.of.ledger);
    const std::int64_t amount = card ? move.amount : -move.amount;
    const bool its = *hold && (*hold)->till == event.id.till && (*hold)->ledger == ledger &&
                     (*hold)->key == move.of.key && (*hold)->amount == amount;
    if (!its || !counts(**hold)) return "no_hold";
  }
  return "";
}

}  // namespace tillrig::oms
