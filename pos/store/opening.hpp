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

// "db/till-000001.db"
std::string book_path(std::uint32_t number);

// Removes the files of all books but one, as far as the disk lets it.
void remove_other_books(ports::Disk& disk, std::uint32_t keep);

// Puts a ledger's record into the book. Errors: corrupt (the body does not decode), the book's.
Result<void> insert_record(SaleBook& book, const RecordHead& head, ByteView body);

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
