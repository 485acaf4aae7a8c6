#pragma once

#include "pos/ports/disk.hpp"
#include "pos/store/ledger_index.hpp"
#include "pos/store/ledger_record.hpp"
#include "pos/store/segments.hpp"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace tillrig::store {

// What is to be written: a head and the event's compact form.
struct LedgerEntry {
  Head head;
  ByteView body;
  bool owed = true;  // the cloud does not have it yet: its segment must stay
};

// The append-only, hash-chained sale ledger over a row of segments: who stands where, and how it is
// written and read.
//
// The chain: each append (one write, one sync) carries the link of the append before it; its own
// link is BLAKE2b of that link and the hashes of its bodies.
class Ledger {
 public:
  using Options = Segments::Options;
  // What the scan at opening saw.
  struct Found {
    std::size_t files = 0;
    bool torn_tail = false;  // a record began after the last whole one: never acknowledged
    // Sentences: something is missing before a later record. A segment with a hole counts as dead:
    // its records are stranded.
    std::vector<std::string> holes;
  };

  // Reads all segments. Errors: those of the folder; a segment that cannot be read is a hole.
  static Result<std::unique_ptr<Ledger>> open(ports::Disk& disk, std::string till, Options options);
  static Result<std::unique_ptr<Ledger>> open(ports::Disk& disk, std::string till) {
    return open(disk, std::move(till), Options());
  }

  [[nodiscard]] const Found& found() const { return found_; }
  [[nodiscard]] const LedgerIndex& index() const { return index_; }
  // Heads of all records that the scan saw, in the order of the files; only once.
  std::vector<Head> take_heads() { return std::move(heads_); }

  // After a clean stop: go on in the newest segment, unless it is dead. Without it the next append
  // begins a new one, for what an unclean stop left in a file may be in the page cache only.
  void resume();
  // The next append begins a new segment.
  void turn_page() { segments_.close(); }

  // The two halves of an append, for who wants to be seen in between. A write that does not fit the
  // segment goes to a new one. After an error of either the segment is closed for ever and the
  // entries are not in the ledger; the next write begins a new segment. Errors: too_large (the
  // entries need more than one segment; nothing was written), io and friends.
  Result<void> write(std::span<const LedgerEntry> entries);
  Result<void> sync();
  Result<void> append(std::span<const LedgerEntry> entries);

  // A record from its file, checked against its CRC and its body's hash. Errors: not_found,
  // corrupt, io and friends.
  Result<Entry> read(Key key);
  // Records of consecutive seqs, with as few reads as their places allow. Stops early at one that
  // cannot be read, and after `bytes` of bodies (but not before the first). Their hashes are not
  // looked at.
  std::vector<Entry> read_run(Key first, std::size_t count, std::size_t bytes);

  // The queue's side of retention. Before anything is written, owe() each event that the cloud does
  // not have; settle() it once it does. A segment that owes nothing may be used again.
  void owe(Key key);
  void settle(Key key);

  // Lets go of an event that was settled, before its segment is used again.
  void forget(Key key) { index_.forget(key); }

  // Bytes that are worth an append of their own when many are written: a quarter of a segment.
  [[nodiscard]] std::size_t much() const { return segments_.size() / 4; }

  // Records in segments that failed, and forgetting those segments once they are written again.
  [[nodiscard]] std::vector<Key> stranded() const;
  Result<void> drop_dead();
  // What was just appended does not read back: its segment is closed for ever too.
  void distrust() { bury(); }

 private:
  // Where the chain stands: the newest append carries `previous`, and its bodies have these hashes.
  struct Chain {
    Hash256 previous;
    Bytes hashes;

    [[nodiscard]] Hash256 link() const;
    void scanned(const Hash256& carried, const Hash256& hash);
  };
  struct Written {
    Key key;
    LedgerIndex::Slot slot;
    bool owed = true;
  };

  Ledger(ports::Disk& disk, std::string till, Options options);
  Result<void> scan();
  Result<void> scan(std::uint32_t number, bool follows);
  void scan(std::uint32_t number, ByteView bytes, bool follows);
  void hole(std::uint32_t number, std::string what, bool unread = false);
  Result<void> begin_segment();
  void bury();

  std::string till_;
  Segments segments_;
  LedgerIndex index_;
  Found found_;
  std::vector<Head> heads_;

  Chain chain_;
  // Between a write and its sync.
  Chain next_chain_;
  Bytes buffer_;
  std::vector<Written> unsynced_;
};

}  // namespace tillrig::store
