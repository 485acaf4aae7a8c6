#pragma once

#include "pos/store/opening.hpp"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace tillrig::store {

using Key = QueueCursor::Key;

inline Key key_of(const RecordHead& head) {
  return {head.epoch, head.seq};
}
inline Key key_of(const SaleBook::RowProof& row) {
  return row.key;
}
inline Key key_of(Key key) {
  return key;
}

// One opening, step by step: both copies are read and compared (opening.cpp), then each is given
// what only the other has (mending.cpp).
class Opening {
 public:
  Opening(ports::Disk& disk, const Config& config) : disk_(disk), config_(config) {}
  Result<Copies> run();

 private:
  Result<void> open_ledger();
  Result<void> open_book();
  Result<void> read_book(std::uint32_t number);
  void salvage();
  void compare();
  void both(const RecordHead& head, const SaleBook::RowProof& row);
  void only_ledger(const RecordHead& head);
  void only_book(const SaleBook::RowProof& row);
  void seen(Key key, std::uint64_t number);
  void find_gaps();
  void judge();
  [[nodiscard]] bool owed(Key key) const;
  void mend();
  void fill_ledger();
  void fill_book();
  Result<void> make_book();
  Result<void> write_book();
  void recount();
  void lost(std::string sentence) {
    if (lost_.empty()) lost_ = std::move(sentence);
  }
  [[nodiscard]] std::string text(Key key) const {
    return base::EventId{config_.till, key.epoch, key.seq}.text();
  }

  ports::Disk& disk_;
  const Config& config_;
  Copies out_;
  bool clean_ = false;
  bool book_lost_ = false;  // there was one and it cannot be used
  bool made_book_ = false;
  std::set<std::string> salvaged_;  // other databases of which nothing is wanted any more
  std::vector<RecordHead> heads_;
  std::vector<SaleBook::RowProof> rows_;
  std::vector<Key> to_ledger_from_book_;
  std::vector<Key> to_ledger_again_;  // in the ledger only: perhaps only in the page cache
  std::vector<Key> to_book_;
  bool middle_ = false;  // something was missing that is not a tail
  struct Seen {
    std::uint64_t first = 0;
    std::uint64_t high = 0;
    std::uint64_t unsettled = 0;  // distinct events beyond the cursor
  };
  std::map<std::uint32_t, Seen> seen_;
  std::string lost_;  // a sentence: something acknowledged is nowhere
};

}  // namespace tillrig::store
