#pragma once

#include "pos/oms/postings.hpp"
#include "pos/oms/sums.hpp"
#include "pos/sqlite/connection.hpp"

#include <memory>

namespace tillrig::oms {

// The cloud's postings as a table beside its others. The connection and the sums outlive them; how
// a transaction goes is told to both. Errors: the database's.
class SqlitePostings : public Postings {
 public:
  // What is known of the table by heart may have been taken back.
  virtual void forget() = 0;
};
Result<std::unique_ptr<SqlitePostings>> open_postings(sqlite::Connection& connection, Sums& sums);

}  // namespace tillrig::oms
