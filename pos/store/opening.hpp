#pragma once

#include "pos/store/copies.hpp"
#include "pos/store/verdict.hpp"

#include <cstdint>
#include <set>
#include <string>
#include <vector>

namespace tillrig::store {

// One opening: the ladder of reference storage 3.4. Scans the ledger with its chain, opens the
// newest complete database, compares event by event, and has each given what only the other has.
// When the verdict is critical nothing is changed.
class Opening {
 public:
  struct Options {
    std::string till;
    Segments::Options segments = {};
    bool busy_is_lost = false;  // the mutant no_folder_lock: a database in use counts as lost
  };

  Opening(ports::Disk& disk, Options options) : disk_(disk), options_(std::move(options)) {}

  // Errors: neither folder can be used; busy (another process has the database).
  Result<void> run();

  // What came of it; to be taken by whoever goes on.
  Copies copies;
  QueueCursor cursor;
  Verdict verdict = Verdict::fresh;
  std::string what;        // one sentence for a person
  bool copy_lost = false;  // one of them could not be read whole
  Key newest;              // event, and the highest receipt number of its epoch
  std::uint64_t number = 0;

 private:
  Result<void> open_ledger();
  Result<void> open_book();
  Result<void> read_book(std::uint32_t number);
  void salvage();
  Result<std::size_t> take_what_is_nowhere_else(std::set<std::string>& read);
  void recount();
  void judge(const class Comparison& comparison);
  void mend(const Comparison& comparison);
  void make_book_anew(class Mending& mending);

  ports::Disk& disk_;
  Options options_;
  bool clean_ = false;
  bool book_lost_ = false;          // there was one and it cannot be used
  bool doubted_ = false;            // it can be read, but need not be on the disk
  std::set<std::string> salvaged_;  // other databases of which nothing is wanted any more
  std::vector<Head> heads_;
  std::vector<SaleBook::Row> rows_;
};

}  // namespace tillrig::store
