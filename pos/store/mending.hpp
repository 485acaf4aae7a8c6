#pragma once

#include "pos/store/copies.hpp"

#include <set>
#include <string>
#include <vector>

namespace tillrig::store {

// Gives each copy what only the other has. After an Error the copy in question stays hurt, or dead.
class Mending {
 public:
  // The cursor tells what the cloud still has to hear of.
  Mending(ports::Disk& disk, const std::string& till, Copies& copies, QueueCursor& cursor)
      : disk_(disk), till_(till), copies_(copies), cursor_(cursor) {}

  // Where the ledger's records are read from to be written again.
  enum class Source {
    both,  // at opening: the ledger first
    book,  // a file that failed a sync in this run proves nothing by being readable
  };
  // Writes these events to a new segment, with all that is stranded in dead ones or known to be
  // missing: all from the oldest of them on, so that what the ledger lets go later is a prefix of
  // each epoch, and a gap always means a loss. Then the dead segments go.
  Result<void> fill_ledger(std::vector<Key> keys, Source source);

  // Puts these events of the ledger into the book, with all of the cursor, in one transaction. A
  // dead book is made anew; into that one goes too what the ledger has let go and another database
  // still has; of their epochs the cursor learns that they are settled.
  Result<void> fill_book(const std::vector<Key>& keys);

 private:
  [[nodiscard]] std::vector<Key> from_oldest(std::vector<Key> keys) const;
  Result<void> write_again(const std::vector<Key>& keys, Source source);
  Result<Entry> read(Key key, Source source);
  Result<std::unique_ptr<SaleBook>> make_book();
  Result<void> copy_to(SaleBook& book, const std::vector<Key>& keys);
  Result<void> copy_let_go(SaleBook& book);

  ports::Disk& disk_;
  const std::string& till_;
  Copies& copies_;
  QueueCursor& cursor_;
};

// Whether the ledger has let the event go since it was settled: it is older than what the ledger
// keeps of its epoch.
bool let_go(const LedgerIndex& ledger, Key key);

}  // namespace tillrig::store
