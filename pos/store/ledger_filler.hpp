#pragma once

#include "pos/store/ledger.hpp"

#include <utility>
#include <vector>

namespace tillrig::store {

// Records into the ledger, some at a time; a second try in a new segment when one fails.
class LedgerFiller {
 public:
  explicit LedgerFiller(Ledger& ledger) : ledger_(ledger) {}
  Result<void> add(const RecordHead& head, base::Bytes body);
  Result<void> flush();
  [[nodiscard]] bool failed_once() const { return failed_once_; }

 private:
  Ledger& ledger_;
  std::vector<std::pair<RecordHead, base::Bytes>> waiting_;
  std::size_t bytes_ = 0;
  bool failed_once_ = false;
};

}  // namespace tillrig::store
