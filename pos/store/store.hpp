#pragma once

#include "pos/base/hlc.hpp"
#include "pos/base/mutant.hpp"
#include "pos/ports/clock.hpp"
#include "pos/ports/disk.hpp"
#include "pos/ports/recorder.hpp"
#include "pos/store/archive.hpp"
#include "pos/store/home.hpp"
#include "pos/store/notebook.hpp"
#include "pos/store/outbox.hpp"
#include "pos/store/queue.hpp"
#include "pos/store/records.hpp"
#include "pos/store/series.hpp"
#include "pos/store/shelf.hpp"
#include "pos/store/verdict.hpp"
#include "pos/wire/event.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tillrig::store {

class Opening;

struct Config {
  std::string till = "till-1";
  std::string currency = "EUR";
  base::Mutants mutants;
  Segments::Options segments = {};
};

// All but new_epoch_due stands as it was at opening; that one is lowered by open_epoch() and
// keep_epoch().
struct Opened {
  Verdict verdict = Verdict::fresh;
  std::string what;            // one sentence for a person
  bool new_epoch_due = false;  // created, or stopped uncleanly: the next document needs a new epoch
                               // unless the cloud proves that nothing was lost
  bool copy_lost = false;      // one copy could not be read whole: it may have had a sale that the
                               // other lacks, so no old number may be given again
  Moved moved = Moved::no;     // likewise: others may have gone on from where it was, unseen
  std::uint32_t epoch = 0;     // newest in the store; 0 before the first
  std::uint64_t high_number = 0;  // highest receipt number of that epoch
};

// A row of Register Sales.
struct SaleRow {
  base::EventId id;
  wire::EventKind kind = wire::EventKind::sale;
  base::ReceiptNumber number;
  Money total;
  base::WallTime wall;
  SyncState sync = SyncState::queued;
  std::string why;  // for quarantined: the cloud's code
  std::string at;   // for who looks at it: "local", "lan", "oms"

  static void describe(auto& self, auto& fields) {
    fields("sale", self.id)("kind", self.kind)("epoch", self.number.epoch)(
        "number", self.number.number)("total", self.total)("wall_ms", self.wall)("sync", self.sync)(
        "why", self.why)
        .maybe("at", self.at);
  }
};

// The till's durable store: numbers and epochs over a journal of two copies, an append-only
// hash-chained ledger (which is the queue) and an SQLite database. One process at a time: it holds
// the folder's lock for as long as it lives. One writer. Calls do their I/O at once through the
// Disk port; the caller sleeps off what a simulated disk took for it. See design.md rule 3 and
// storage 3.2-3.4.
class Store final : public Outbox, public Archive, public Shelf, public Notebook {
 public:
  // Opens or makes the store. Damage is a verdict; an Error only when nothing at all can be opened,
  // and busy when another process has this folder.
  static Result<std::unique_ptr<Store>> open(ports::Disk& disk, ports::Clock& clock,
                                             ports::Recorder& recorder, Config config);

  [[nodiscard]] const Opened& opened() const { return opened_; }
  [[nodiscard]] Health health() const { return journal_.health(); }

  // The series as it stands now: the newest epoch (0 before the first) and its highest receipt
  // number.
  [[nodiscard]] std::uint32_t epoch() const { return series_.epoch(); }
  [[nodiscard]] std::uint64_t high_number() const { return series_.high_number(); }

  // The id that the next event gets, unless an epoch is begun before it.
  [[nodiscard]] base::EventId next_id() const { return series_.id(); }

  // Starts the next epoch (newest + 1, or `at_least` if higher) and announces it with an event.
  // Errors: as commit(); too_large (beyond wire::kMostEpoch).
  Result<void> open_epoch(std::string_view reason, std::uint32_t at_least = 0);
  // Where its files live now.
  [[nodiscard]] const Home& home() const { return home_; }
  // The series is settled for where it lives now: the next opening here is none of another place.
  // One that cannot be noted is settled again then.
  void settle_home();
  // The cloud proved that the newest epoch lost nothing: it goes on.
  void keep_epoch() { opened_.new_epoch_due = false; }

  // Commits a completed document: takes the next number of the series, appends and syncs the ledger
  // record, commits the SQLite transaction, reads both back and compares hashes (CE-08). When it
  // returns a value the sale may be acknowledged: it is on at least one copy whose every sync so
  // far was good. Errors: not_allowed (health; epoch due), in_doubt (both copies failed: it may be
  // found when the till is started again). `tail` is what the event says beside its document.
  Result<wire::Event> commit(wire::EventKind kind, wire::Document document, wire::Tail tail = {});

  // Commits an event that is no document, as commit(): it takes no receipt number.
  Result<wire::Event> record(wire::EventKind kind, wire::Body body);

  // Brings a dead copy back: a new ledger segment, or a new database, filled from the living copy.
  Result<void> rebuild() {
    readings_.clear();  // a new database has none of the cloud's tables
    return queue_.rebuild();
  }

  std::vector<wire::UpItem> peek(std::size_t items, std::size_t bytes,
                                 const std::vector<base::EventId>& except) override;
  Result<void> settle(std::span<const Settled> settled) override;
  [[nodiscard]] std::uint64_t pending() const override { return counters().pending; }
  [[nodiscard]] SyncState sync_state(const base::EventId& id) override;
  [[nodiscard]] Counters counters() const { return queue_.counters(); }

  Result<std::vector<Filed>> filed(const base::EventId& after, std::size_t most) override;
  [[nodiscard]] std::uint64_t made_up_to(const base::EventId& id) const override {
    return queue_.made_up_to(key_of(id));
  }
  [[nodiscard]] std::uint64_t made() const override {
    return queue_.made_up_to({series_.epoch(), UINT64_MAX});
  }
  Result<void> take_back(std::span<const Found> found) override;
  Result<Cleaned> clean(std::span<const base::EventId> ids) override;
  // Whether it, or what came after it and of it, may have been cleaned up.
  [[nodiscard]] bool cleaned_up(const base::EventId& id) const {
    return id.till == config_.till && journal_.cleaned_up(key_of(id));
  }

  std::optional<Reading> reading(std::string_view table) override;
  Result<bool> keep(std::string_view table, const Reading& asked,
                    const wire::FeedPage& page) override;
  // What is kept of one of the cloud's tables. Errors: not_allowed (the database is dead), the
  // disk's.
  Result<std::vector<Record>> records(std::string_view table);
  Result<wire::TableSum> sum(std::string_view table) override;

  std::optional<std::string> noted(std::string_view name) override;
  Result<void> keep_note(std::string_view name, std::string_view text) override;

  // Register Sales, newest first; `from` an epoch on.
  std::vector<SaleRow> sales(std::size_t most, std::uint32_t from = 0);
  // A committed event, read from the ledger. Errors: not_found, corrupt.
  Result<wire::Event> find(const base::EventId& id);
  // The refunds of a sale, oldest first. Errors: not_allowed (the database, which knows them all,
  // is dead), corrupt and the disk's.
  Result<std::vector<wire::Event>> refunds_of(const base::EventId& sale);

  // The newest event of one of the kinds that are of a business day; nothing when there is none.
  // Errors: not_allowed (the database is dead), the disk's.
  Result<std::optional<base::EventId>> last_of(wire::EventKind kind);
  // All events of one of these kinds from a key on, oldest first, as far as the till still has
  // them. Errors: likewise; corrupt.
  Result<std::vector<wire::Event>> all_of(wire::EventKind kind, Key from = {});

  // What was made after an event (of epoch 0: all), oldest first, as far as the till still has it.
  // Errors: likewise; corrupt.
  Result<std::vector<wire::Event>> made_after(const base::EventId& id);
  // The event that was made last.
  [[nodiscard]] base::EventId newest() const { return series_.id(0); }
  // From this one on nothing is cleaned up, for a payment by card is open; nothing: all may be.
  void keep_attempts(std::optional<Key> from) { attempts_from_ = from; }
  // What closed the last business day is not cleaned up, and while one is `open`, which is counted
  // from the store when it is closed, nothing that came after it either.
  void keep_day(Key closed, bool open) {
    day_closed_ = closed;
    day_open_ = open;
  }

  // Marks the store as cleanly closed. Nothing may be called after it.
  Result<void> close();

 private:
  [[nodiscard]] bool may_go(Key key) const;  // by a clean-up
  Store(ports::Disk& disk, ports::Clock& clock, ports::Recorder& recorder, Config config,
        std::unique_ptr<ports::Lock> lock, Opening& opening);

  void notice_move(ports::Disk& disk);
  Draft stamped(wire::Event event);
  std::uint64_t number_for(const wire::Document& document);
  [[nodiscard]] bool of_day(Key key) const {
    return key == day_closed_ || (day_open_ && key > day_closed_) ||
           (attempts_from_ && key >= *attempts_from_);
  }
  Result<void> persist(const Draft& draft);
  void flush_held(bool at_once);

  ports::Clock& clock_;
  ports::Recorder& recorder_;
  Config config_;
  std::unique_ptr<ports::Lock> lock_;  // before the copies, so that it goes last
  Journal journal_;
  Queue queue_;
  Series series_;
  base::HybridClock hlc_;
  Opened opened_;
  Home home_;
  bool home_noted_ = false;
  Key day_closed_;
  bool day_open_ = false;
  std::optional<Key> attempts_from_;
  std::map<std::string, Reading, std::less<>> readings_;  // as kept, so that asking costs nothing

  std::vector<Draft> held_;  // mutant debounced_persist: told as committed, not yet written
  base::Instant held_since_;
  bool own_hidden_ = false;  // mutant pull_overwrites_pending
};

}  // namespace tillrig::store
