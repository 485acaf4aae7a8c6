#pragma once

#include "pos/base/mutant.hpp"
#include "pos/oms/database.hpp"
#include "pos/wire/attempt.hpp"
#include "pos/wire/event.hpp"

#include <optional>
#include <string_view>

namespace tillrig::oms {

// The registry of payments by card: what their tills tell of each, and what the acquirer says. A
// table of the feed, so that tills learn of it. Not for two callers at once. Errors: the
// database's.
class Attempts {
 public:
  explicit Attempts(Database& database) : database_(database) {}

  // In the transaction that stores the event: what a till has told.
  Result<void> told(const wire::Event& event);
  // What the acquirer says; on stable storage when it returns a value. Errors also: conflict, it
  // has said otherwise before.
  Result<void> said(const wire::AttemptKnown& word);
  // Nothing: nobody has told of it.
  Result<std::optional<wire::AttemptKnown>> find(std::string_view id);
  // Only in the mutant drop_on_serialization_failure: whether this sale gets lost.
  [[nodiscard]] bool loses(const wire::Event& event, const base::Mutants& mutants);
  // Whether a card may still be charged for this order, or is and should not be.
  Result<bool> is_unresolved(std::string_view order);

 private:
  Result<void> put(const wire::AttemptKnown& known);

  Database& database_;
};

}  // namespace tillrig::oms
