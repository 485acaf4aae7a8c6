#pragma once

#include "pos/store/copies.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace tillrig::store {

// Both copies side by side at opening, event by event: what each lacks of the other, and whether
// something acknowledged is in neither. Reads only records that are in doubt; writes nothing.
class Comparison {
 public:
  // The copies' book: null when there is none, or it is lost. The cursor is the book's; it learns
  // how far each epoch goes.
  Comparison(const std::string& till, const Copies& copies, QueueCursor& cursor)
      : till_(till),
        ledger_(*copies.ledger),
        book_(copies.book.get()),
        cleaned_(copies.cleaned),
        cursor_(cursor) {}

  // Both in the order of their keys, each key once.
  void run(const std::vector<Head>& heads, const std::vector<SaleBook::Row>& rows);

  // Filled by run().
  std::vector<Head> to_ledger;       // in the book only
  std::vector<Key> to_book;          // in the ledger only
  std::vector<Key> to_ledger_again;  // in the ledger only: perhaps only in the page cache
  std::vector<Key> cleaned;          // in the ledger only, and done with
  bool middle = false;               // something was missing that is not a tail
  std::string lost;                  // a sentence: something acknowledged is nowhere
  // The newest event, and the highest receipt number of its epoch.
  Key newest;
  std::uint64_t number = 0;

 private:
  struct Seen {
    std::uint64_t high = 0;
    std::uint64_t unsettled = 0;  // distinct events beyond the cursor
  };

  void seen(const Head& head);
  void both(const Head& head, const SaleBook::Row& row);
  void only_ledger(const Head& head, Key last_row);
  void only_book(const SaleBook::Row& row, const std::vector<Head>& heads);
  [[nodiscard]] bool cleaned_up(Key key) const;
  void find_gaps();
  void say_lost(std::string sentence);
  [[nodiscard]] std::string text(Key key) const;

  const std::string& till_;
  Ledger& ledger_;
  const SaleBook* book_;
  const std::map<std::uint32_t, std::uint64_t>& cleaned_;
  QueueCursor& cursor_;
  std::map<std::uint32_t, Seen> seen_;
};

}  // namespace tillrig::store
