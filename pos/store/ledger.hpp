#pragma once

#include "pos/ports/disk.hpp"
#include "pos/store/ledger_index.hpp"
#include "pos/store/ledger_record.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <vector>

namespace tillrig::store {

using base::Result;

// What is to be written: a head and the event's compact form.
struct LedgerEntry {
  RecordHead head;
  ByteView body;
  bool owed = true;  // the cloud does not have it yet: its segment must stay
};

// The append-only, hash-chained sale ledger: files "ledger/000001.tlg" of 1 MiB, made full of zeros
// and synced before the first record, so that an append changes no size; used again for a new
// segment when all in them is settled (reference: storage 3.2, performance 1.1). A file that failed
// is dead: it is renamed to "ledger/dead-000001.tlg" at once, so that a later run knows it too, and
// removed when what it held is written again.
//
// The chain: each append (one write, one sync) carries the link of the append before it; its own
// link is BLAKE2b of that link and the hashes of its bodies.
class Ledger {
 public:
  struct Options {
    std::uint32_t segment_bytes = 1024 * 1024;
    // A settled segment is used again when the ones after it hold as much as `keep - 1` segments
    // half full, or when there are `most_files`: a till that is killed often has many with little.
    std::size_t keep = 4;
    std::size_t most_files = 32;
  };
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
  std::vector<RecordHead> take_heads() { return std::move(heads_); }

  // After a clean stop: go on in the newest segment, unless it is dead. Without it the next append
  // begins a new one, for what an unclean stop left in a file may be in the page cache only.
  void resume();

  // The two halves of an append, for who wants to be seen in between. A write that does not fit the
  // segment goes to a new one. After an error of either the segment is closed for ever and the
  // entries are not in the ledger; the next write begins a new segment. Errors: too_large (the
  // entries need more than one segment; nothing was written), io and friends.
  Result<void> write(std::span<const LedgerEntry> entries);
  Result<void> sync();
  Result<void> append(std::span<const LedgerEntry> entries);

  // A record from its file, checked against its CRC and its body's hash. Errors: not_found,
  // corrupt, io and friends.
  Result<LedgerRecord> read(std::uint32_t epoch, std::uint64_t seq);
  // Records of consecutive seqs, with as few reads as their places allow. Stops early at one that
  // cannot be read, and after `bytes` of bodies (but not before the first).
  std::vector<LedgerRecord> read_run(std::uint32_t epoch, std::uint64_t first, std::size_t count,
                                     std::size_t bytes);

  // The queue's side of retention. owed: records of a segment not settled yet. Before anything is
  // written: a segment that owes nothing may be used again.
  void owe(std::uint32_t epoch, std::uint64_t seq);
  void settle(std::uint32_t epoch, std::uint64_t seq);

  // Records in segments that failed, and forgetting those segments once they are written again. One
  // that could not even be read stays on the disk, for another try at the next opening.
  [[nodiscard]] std::vector<LedgerIndex::Key> stranded() const;
  Result<void> drop_dead();
  // What was just appended does not read back: its segment is closed for ever too.
  void distrust() { bury(); }

 private:
  struct Segment {
    std::uint64_t owed = 0;
    std::uint64_t used = 0;  // bytes
  };
  struct Written {
    std::uint32_t epoch = 0;
    std::uint64_t seq = 0;
    LedgerIndex::Slot slot;
    bool owed = true;
  };

  Ledger(ports::Disk& disk, std::string till, Options options);
  Result<void> scan();
  void hole(std::uint32_t number, std::string what);
  Result<Bytes> read_segment(std::uint32_t number);
  void scan_segment(std::uint32_t number, ByteView bytes, bool follows);
  void link(const Hash256& previous, const Hash256& hash);
  [[nodiscard]] Hash256 close_link();
  Result<void> begin_segment();
  Result<void> make_file(std::uint32_t number);
  [[nodiscard]] std::uint32_t recyclable() const;
  [[nodiscard]] std::string path(std::uint32_t number) const;
  Result<ports::File*> reader(std::uint32_t number);
  void bury();
  void rename_dead(std::uint32_t number);

  ports::Disk& disk_;
  std::string till_;
  Options options_;
  Found found_;
  std::vector<RecordHead> heads_;
  LedgerIndex index_;
  std::map<std::uint32_t, Segment> segments_;
  std::set<std::uint32_t> dead_;
  std::set<std::uint32_t> named_dead_;  // their files bear it in their names
  std::set<std::uint32_t> unread_;      // dead, and nobody knows what is in them

  std::uint32_t current_ = 0;  // 0: the next write begins a segment
  std::unique_ptr<ports::File> file_;
  std::uint64_t used_ = 0;    // bytes of the current segment
  std::uint32_t newest_ = 0;  // highest number ever seen
  bool gap_ = false;          // the next number is skipped, so that no chain is expected
  std::vector<Written> unsynced_;
  Bytes buffer_;
  Hash256 next_previous_;  // the link that what is being written carries
  Bytes unsynced_hashes_;

  Hash256 previous_;     // the link that the newest append carries
  Bytes newest_hashes_;  // of that append's bodies

  std::uint32_t reading_ = 0;
  std::unique_ptr<ports::File> reader_;
};

}  // namespace tillrig::store
