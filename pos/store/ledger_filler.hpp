#pragma once

#include "pos/store/ledger.hpp"
#include "pos/store/queue_cursor.hpp"

#include <utility>
#include <vector>

namespace tillrig::store {

// What is to be written when some records must be written again: all from the oldest of them on, so
// that what the ledger lets go later is a prefix of each epoch, and a gap always means a loss.
std::vector<QueueCursor::Key> from_oldest(const Ledger& ledger, std::vector<QueueCursor::Key> keys);

// Records into the ledger, some at a time; a second try in a new segment when one fails.
class LedgerFiller {
 public:
  explicit LedgerFiller(Ledger& ledger) : ledger_(ledger) {}
  // owed: the cloud does not have it yet.
  Result<void> add(const RecordHead& head, base::Bytes body, bool owed);
  Result<void> flush();
  [[nodiscard]] bool failed_once() const { return failed_once_; }

 private:
  struct Waiting {
    RecordHead head;
    base::Bytes body;
    bool owed = true;
  };

  Ledger& ledger_;
  std::vector<Waiting> waiting_;
  std::size_t bytes_ = 0;
  bool failed_once_ = false;
};

}  // namespace tillrig::store
