#pragma once

#include "pos/base/mutant.hpp"
#include "pos/oms/database.hpp"

namespace tillrig::oms {

// What the cloud books of an event beside the event itself, in the same transaction: the points
// that its tail says its member earned or gave back.
class Ledgers {
 public:
  Ledgers(Database& database, const base::Mutants& mutants)
      : database_(database), mutants_(mutants) {}

  // Of an event that is being stored. Errors: the database's.
  Result<void> book(const wire::Event& event);
  // Of one that is there already: nothing, but for a mutant.
  Result<void> book_again(const wire::Event& event);

 private:
  Database& database_;
  const base::Mutants& mutants_;
};

}  // namespace tillrig::oms
