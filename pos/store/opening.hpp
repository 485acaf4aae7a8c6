#pragma once

#include "pos/store/ledger.hpp"
#include "pos/store/sale_book.hpp"
#include "pos/store/series.hpp"

#include <memory>
#include <string>

namespace tillrig::store {

// Both copies side by side, compared and brought to the same content.
struct Copies {
  std::unique_ptr<Ledger> ledger;
  std::unique_ptr<SaleBook> book;  // null: it is dead
  bool ledger_hurt = false;        // an append failed while catching up
  bool copy_lost = false;          // one of them could not be read whole
  std::uint32_t book_number = 0;   // of the file
  QueueCursor cursor;
  std::uint32_t epoch = 0;  // newest, with its highest seq and receipt number
  std::uint64_t seq = 0;
  std::uint64_t number = 0;
  Verdict verdict = Verdict::fresh;
  std::string what;
};

// The ladder of reference storage 3.4, as far as both copies go: scan the ledger with its chain,
// open the newest complete database, compare event by event, give each what only the other has.
// When the verdict is critical nothing is changed. Errors: neither folder can be used.
Result<Copies> open_copies(ports::Disk& disk, const Config& config);

}  // namespace tillrig::store
