#pragma once

#include "pos/base/mutant.hpp"
#include "pos/oms/database.hpp"
#include "pos/oms/purses.hpp"
#include "pos/wire/hold.hpp"
#include "pos/wire/stock.hpp"

#include <string_view>

namespace tillrig::oms {

// What counts beside the events: postings, made in the transaction that stores their event (the
// points that its tail says its member earned, gave back or redeemed), and holds, which keep some
// of it for a till. Not for two callers at once. Errors: the database's.
class Ledgers {
 public:
  Ledgers(Database& database, const base::Mutants& mutants)
      : database_(database), mutants_(mutants), purses_(database, mutants) {}

  // Of an event that is being stored: points, and the goods that left or came back; the hold that
  // it names is captured by it.
  Result<void> book(const wire::Event& event, base::WallTime received);
  // Of one that is there already: nothing, but for a mutant.
  Result<void> book_again(const wire::Event& event);
  // In a mutant: its goods leave once more for each login that sent it.
  Result<void> book_replayed(wire::Event event, std::uint64_t generation);
  // Why a person should look at what an event is going to capture; empty: it holds.
  Result<std::string_view> why_flag(const wire::Event& event, base::WallTime now);

  // Goods that have come, once for each id; on stable storage when it returns a value.
  Result<void> deliver(const wire::Delivery& delivery);

  // A hold for a till, on stable storage when it returns a value. Errors also: conflict (the id is
  // another's, or over), not_allowed (there is not so much).
  Result<wire::Held> hold(std::string_view till, const wire::Hold& asked, base::WallTime now);
  // Ends a hold of this till, known or not; one that was captured stays so. Errors also: conflict.
  Result<wire::Held> release(std::string_view till, std::string_view id);
  // Keeps what it holds for an event of its till; again when it was over and there is still so
  // much. Errors also: conflict (it is another till's, or was ended), not_allowed.
  Result<wire::Held> keep(std::string_view till, std::string_view id, const wire::KeepFor& place,
                          base::WallTime now);
  // What is in a purse; nothing: there is no such card.
  Result<std::optional<wire::InPurse>> in_purse(const wire::PurseKey& of, base::WallTime now);
  // How much a customer may owe, on stable storage when it returns a value.
  Result<void> set_limit(const wire::AccountLimit& limit);
  // Whether it still keeps anything.
  [[nodiscard]] bool counts(const HoldRow& hold, base::WallTime now) const;

 private:
  Result<void> book_goods(const wire::Event& event);
  Result<wire::Held> give(const HoldRow& hold);
  Result<std::int64_t> available(std::string_view ledger, std::string_view key, base::WallTime now);

  Database& database_;
  const base::Mutants& mutants_;
  Purses purses_;
};

}  // namespace tillrig::oms
