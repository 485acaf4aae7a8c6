#pragma once

#include "pos/sqlite/connection.hpp"

namespace tillrig::sqlite {

// A transaction that is rolled back at the end of its scope unless it was committed:
//   Transaction transaction(connection);
//   if (auto begun = transaction.begin(); !begun) return begun;
//   ... any return takes back what was done since ...
//   return transaction.commit();
// On stable storage when commit() returns a value.
class Transaction {
 public:
  explicit Transaction(Connection& connection) : connection_(connection) {}
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;

  // For writing at once, so that nothing fails later for want of a lock. Errors: as failure().
  Result<void> begin();
  Result<void> commit();

 private:
  Connection& connection_;
  bool open_ = false;
};

}  // namespace tillrig::sqlite
