#pragma once

#include "pos/base/mutant.hpp"
#include "pos/ports/clock.hpp"
#include "pos/ports/disk.hpp"
#include "pos/ports/recorder.hpp"
#include "pos/wire/api.hpp"
#include "pos/wire/event.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace tillrig::store {

using base::Money;
using base::Result;

struct Config {
  std::string till = "till-1";
  std::string currency = "EUR";
  base::Mutants mutants;
};

// What opening found (reference: storage 3.4).
enum class Verdict {
  fresh,      // there was no store: one was made
  clean,      // closed properly last time
  recovered,  // stopped uncleanly; at most a torn, never acknowledged tail was dropped, or one copy
              // was caught up from the other. Silent, logged.
  degraded,   // one copy was lost and has been rebuilt from the other
  critical,   // something acknowledged cannot be found, or both copies are unusable: no sale is
              // taken
};
constexpr auto names_of(Verdict) {
  return base::named<Verdict>({
      {Verdict::fresh, "fresh"},
      {Verdict::clean, "clean"},
      {Verdict::recovered, "recovered"},
      {Verdict::degraded, "degraded"},
      {Verdict::critical, "critical"},
  });
}
using base::name;

// All but new_epoch_due stands as it was at opening; that one is lowered by open_epoch() and
// keep_epoch().
struct Opened {
  Verdict verdict = Verdict::fresh;
  std::string what;            // one sentence for a person
  bool new_epoch_due = false;  // created, or stopped uncleanly: the next document needs a new epoch
                               // unless the cloud proves that nothing was lost
  bool copy_lost = false;      // one copy could not be read whole: it may have had a sale that the
                               // other lacks, so no old number may be given again
  std::uint32_t epoch = 0;     // newest in the store; 0 before the first
  std::uint64_t high_number = 0;  // highest receipt number of that epoch
};

// Whether the next sale may be taken. degraded: one copy is dead, one sale, the one in hand,
// finishes on the other, and the next waits for rebuild().
enum class Health { sound, degraded, critical };
constexpr auto names_of(Health) {
  return base::named<Health>({
      {Health::sound, "sound"},
      {Health::degraded, "degraded"},
      {Health::critical, "critical"},
  });
}

// What is shown on screen about the queue; kept, never counted (INV-26).
struct Counters {
  std::uint64_t pending = 0;  // in the ledger, not yet proved to be in the cloud, not quarantined
  std::uint64_t quarantined = 0;  // refused by the cloud; waits for a person
  std::uint64_t uploaded = 0;     // proved: acknowledged as applied or duplicate with our hash
  Money pending_value;            // sum of the pending documents' totals
  base::WallTime oldest_pending;  // wall time of the oldest pending; 0 when none

  static void describe(auto& self, auto& fields) {
    fields("pending", self.pending)("quarantined", self.quarantined)("uploaded", self.uploaded)(
        "value", self.pending_value)("oldest_ms", self.oldest_pending);
  }
};

enum class SyncState { queued, acked, quarantined };
constexpr auto names_of(SyncState) {
  return base::named<SyncState>({
      {SyncState::queued, "queued"},
      {SyncState::acked, "acked"},
      {SyncState::quarantined, "quarantined"},
  });
}

// A row of Register Sales.
struct SaleRow {
  base::EventId id;
  wire::EventKind kind = wire::EventKind::sale;
  base::ReceiptNumber number;
  Money total;
  base::WallTime wall;
  SyncState sync = SyncState::queued;
  std::string why;  // for quarantined: the cloud's code

  static void describe(auto& self, auto& fields) {
    fields("sale", self.id)("kind", self.kind)("epoch", self.number.epoch)(
        "number", self.number.number)("total", self.total)("wall_ms", self.wall)("sync", self.sync)(
        "why", self.why);
  }
};

// One item's fate, as the up lane understood it from the cloud's answer.
struct Settled {
  base::EventId id;
  SyncState state = SyncState::acked;
  std::string why;
};

// The till's durable store: two copies of every event, an append-only hash-chained ledger (which is
// the queue) and an SQLite database in WAL, FULL, EXCLUSIVE. One writer. Calls do their I/O at once
// through the Disk port; the caller sleeps off disk.take_debt(). See design.md rule 3 and
// storage 3.2-3.4.
class Store {
 public:
  // Opens or makes the store. An Error only when nothing at all can be opened; damage is a verdict.
  static Result<std::unique_ptr<Store>> open(ports::Disk& disk, ports::Clock& clock,
                                             ports::Recorder& recorder, Config config);
  virtual ~Store() = default;

  [[nodiscard]] virtual const Opened& opened() const = 0;
  [[nodiscard]] virtual Health health() const = 0;

  // The series as it stands now: the newest epoch (0 before the first) and its highest receipt
  // number.
  [[nodiscard]] virtual std::uint32_t epoch() const = 0;
  [[nodiscard]] virtual std::uint64_t high_number() const = 0;

  // Starts the next epoch (newest + 1, or `at_least` if higher) and announces it with an event.
  virtual Result<void> open_epoch(std::string_view reason, std::uint32_t at_least = 0) = 0;
  // The cloud proved that the newest epoch lost nothing: it goes on.
  virtual void keep_epoch() = 0;

  // Commits a completed document: takes the next number of the series, appends and syncs the ledger
  // record, commits the SQLite transaction, reads both back and compares hashes (CE-08). When it
  // returns a value the sale may be acknowledged: it is on at least one copy whose every sync so
  // far was good. Errors: not_allowed (health; epoch due), in_doubt (both copies failed: it may be
  // found when the till is started again).
  virtual Result<wire::Event> commit(wire::EventKind kind, wire::Document document) = 0;

  // Brings a dead copy back: a new ledger segment, or a new database, filled from the living copy.
  virtual Result<void> rebuild() = 0;

  // The queue: events in ledger order that are neither settled nor in `except`, of one epoch, at
  // most `items` and `bytes` (of their compact form; always at least one).
  virtual std::vector<wire::UpItem> peek(std::size_t items, std::size_t bytes,
                                         const std::vector<base::EventId>& except) = 0;
  // Keeps what the cloud proved. One transaction; at most 1,000 a call.
  virtual Result<void> settle(std::span<const Settled> settled) = 0;
  [[nodiscard]] virtual Counters counters() const = 0;

  // What became of one event on its way to the cloud; queued for one that the store does not have.
  [[nodiscard]] virtual SyncState sync_state(const base::EventId& id) = 0;

  // Register Sales, newest first.
  virtual std::vector<SaleRow> sales(std::size_t most) = 0;
  // A committed event, read from the ledger. Errors: not_found, corrupt.
  virtual Result<wire::Event> find(const base::EventId& id) = 0;
  // Sum of what was already refunded of a sale, as a positive amount.
  virtual Money refunded(const base::EventId& sale) = 0;
  // The refunds of a sale, oldest first. Errors: not_allowed (the database, which knows them all,
  // is dead), corrupt and the disk's.
  virtual Result<std::vector<wire::Event>> refunds_of(const base::EventId& sale) = 0;

  // Marks the store as cleanly closed. Nothing may be called after it.
  virtual Result<void> close() = 0;
};

}  // namespace tillrig::store
