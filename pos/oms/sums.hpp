#pragma once

#include "pos/sqlite/connection.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace tillrig::oms {

using base::Result;

// What the postings of each key come to. A table has it as far as one of the postings; of those
// after it, memory keeps what they add, until there are many: so a posting costs neither a look at
// the sum that it changes nor a page of an index. Nothing of it is told that the postings do not
// say: at a start the newest of them are read again. Errors: the database's.
class Sums {
 public:
  // Makes the table where it is missing; the connection outlives it.
  static Result<std::unique_ptr<Sums>> open(sqlite::Connection& connection);

  // Up to which posting the table has it: who opens it adds those after that, and calls settled().
  Result<std::uint64_t> through();
  // One more posting, which stands in row `row`; in a transaction. No sum leaves 64 bits.
  void add(std::string_view ledger, std::string_view key, std::int64_t amount, std::uint64_t row);
  // Nothing when the key has no posting.
  Result<std::optional<std::int64_t>> of(std::string_view ledger, std::string_view key);

  // How the transaction goes: what is to be written with it; it is on stable storage; it is not.
  Result<void> settle();
  void settled();
  // Takes back what was added after the first `kept` postings of the transaction.
  void undo(std::size_t kept);
  [[nodiscard]] std::size_t added() const { return added_.size(); }

 private:
  struct Sum {
    std::int64_t amount = 0;
    std::uint64_t postings = 0;
  };
  struct Added {
    Sum* to;
    std::int64_t before;
    std::uint64_t row;
  };
  explicit Sums(sqlite::Connection& connection) : connection_(connection) {}
  Result<void> prepare();
  Result<std::optional<std::int64_t>> in_table(std::string_view ledger, std::string_view key);

  sqlite::Connection& connection_;
  sqlite::Statement find_, put_, through_, set_through_;
  std::unordered_map<std::string, Sum> tail_;  // by ledger, a zero byte and the key
  std::vector<Added> added_;                   // by the transaction
  std::string name_;
  std::size_t postings_ = 0;  // in the tail
  bool written_ = false;      // the tail is in the table, once this transaction stands
};

}  // namespace tillrig::oms
