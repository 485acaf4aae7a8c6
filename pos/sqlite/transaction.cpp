#include "pos/sqlite/transaction.hpp"

#include "pos/base/assert.hpp"

namespace tillrig::sqlite {

Transaction::~Transaction() {
  // SQLite has rolled back by itself after some errors; then there is nothing left to do.
  if (open_ && connection_.in_transaction()) (void)connection_.run("ROLLBACK");
}

Result<void> Transaction::begin() {
  TILLRIG_ASSERT(!connection_.in_transaction(), "transactions do not nest");
  auto begun = connection_.run("BEGIN IMMEDIATE");
  open_ = begun.has_value();
  return begun;
}

Result<void> Transaction::commit() {
  TILLRIG_ASSERT(open_, "what is committed was begun");
  auto done = connection_.run("COMMIT");
  if (done) open_ = false;
  return done;
}

}  // namespace tillrig::sqlite
