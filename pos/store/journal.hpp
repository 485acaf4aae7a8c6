#pragma once

#include "pos/base/mutant.hpp"
#include "pos/ports/disk.hpp"
#include "pos/ports/recorder.hpp"
#include "pos/store/archive.hpp"
#include "pos/store/copies.hpp"
#include "pos/store/draft.hpp"
#include "pos/store/verdict.hpp"

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace tillrig::store {

// Both copies of every event as one thing: written, read back, read from, and brought back when one
// dies. Knows which of them lives; decides nothing about numbers or the queue (design, rule 3).
class Journal {
 public:
  // `why`: a sentence when opening found the copies critical; else empty.
  Journal(ports::Disk& disk, ports::Recorder& recorder, std::string till, Copies copies,
          std::string why, base::Mutants mutants);

  [[nodiscard]] Health health() const;
  // Whether the next event may be written: not when both copies are dead, nor when one is and an
  // event was finished on the other since. Errors: not_allowed.
  [[nodiscard]] Result<void> ready() const;
  // Tells what opening left behind, and why. Whoever opens with one copy dead has no event in hand
  // that might be finished on the other.
  void announce(std::string_view what);

  // Appends and syncs the ledger record, commits the database's transaction, reads both back and
  // compares (CE-08; reference: storage 3.3, steps 2 to 5). `counters` are the queue's with these
  // events in it. A value: on at least one copy whose every sync so far was good. Errors: in_doubt
  // (both copies failed: they may be found when the till is started again).
  Result<void> write(std::span<const Draft> drafts, const Counters& counters);

  // Brings a dead copy back: new segments, or a new database, filled from the living copy. Errors:
  // not_allowed (both are dead), the disk's.
  Result<void> rebuild(QueueCursor& cursor);

  // Keeps what the cloud proved. An acknowledgement that is not kept costs a second upload, which
  // the cloud takes as a duplicate: so a dead database is no reason to fail.
  void settle(const QueueCursor& cursor, const QueueCursor::Changes& changes);
  // Keeps that what the cloud had proved is not so any more. Errors: not_allowed (the database is
  // dead), the disk's.
  Result<void> take_back(const QueueCursor& cursor, const QueueCursor::Changes& changes);
  // Deletes events from the database alone. Errors: likewise.
  Result<Cleaned> clean(const std::vector<Key>& keys);
  // Whether the database may have let go of it.
  [[nodiscard]] bool cleaned_up(Key key) const;
  // As SaleBook::page. Errors: likewise.
  Result<std::vector<SaleBook::Hashed>> page(Key after, std::size_t most);
  // As SaleBook::last_of. Errors: likewise.
  Result<Key> last_of(wire::EventKind kind);
  // As SaleBook::all_of. Errors: likewise.
  Result<std::vector<Key>> all_of(wire::EventKind kind, Key from);

  // Does something with the database that has nothing to do with events: reads, or writes in a
  // transaction. That it could not be read costs no more than what was to be read.
  // Errors: not_allowed (it is dead), the disk's. A full disk is an error and no more where the
  // work itself met it: what was begun is taken back.
  using Work = std::function<Result<void>(sqlite::Connection&)>;
  Result<void> read_book(const Work& work);
  Result<void> write_book(const Work& work);

  // Moves the database's log into its file when it is due; for after an event was acknowledged.
  void checkpoint();

  // From whichever copy has it. Errors: not_found, corrupt, the disk's.
  Result<Entry> read(Key key);
  // As Ledger::read_run, only whole and sound ones.
  std::vector<Entry> read_run(Key first, std::size_t count, std::size_t bytes);
  // Of an event that was written and may still be owed to the cloud.
  [[nodiscard]] Money total_of(Key key);
  [[nodiscard]] base::WallTime wall_of(Key key);

  // Events with a receipt number, newest first, from an epoch on; without the database those that
  // the ledger keeps.
  std::vector<Head> newest(std::size_t most, std::uint32_t from = 0);
  // Oldest first. Errors: not_allowed (the database, which knows them all, is dead), the disk's.
  Result<std::vector<Key>> refunds_of(const std::string& sale);

  // An acknowledged event can be read from neither copy.
  void lose_both(std::string_view why);
  // Marks the copies as cleanly closed, if both live; nothing is written after it.
  void close();

 private:
  bool to_ledger(std::span<const Draft> drafts);
  bool to_book(std::span<const Draft> drafts, const Counters& counters);
  Result<void> write_rows(std::span<const Draft> drafts, const Counters& counters);
  bool reads_back_from_ledger(std::span<const Draft> drafts);
  bool reads_back_from_book(std::span<const Draft> drafts);
  void lose_ledger(const base::Error& error);
  void lose_book(const base::Error& error);
  void note_health(std::string_view copy, std::string_view why);

  ports::Disk& disk_;
  ports::Recorder& recorder_;
  std::string till_;
  Copies copies_;
  std::string why_;  // not empty: critical, for this reason
  base::Mutants mutants_;
  bool finished_in_hand_ = false;  // since a copy died, an event was finished on the other
};

}  // namespace tillrig::store
