#pragma once

#include "pos/base/hash.hpp"
#include "pos/base/ids.hpp"
#include "pos/base/money.hpp"
#include "pos/base/result.hpp"
#include "pos/base/time.hpp"
#include "pos/oms/days.hpp"
#include "pos/oms/homes.hpp"
#include "pos/oms/postings.hpp"
#include "pos/wire/api.hpp"
#include "pos/wire/event.hpp"
#include "pos/wire/feed.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace tillrig::oms {

using base::Bytes;
using base::ByteView;
using base::Result;

// Who the cloud is: new whenever its database is created, so that tills notice a cloud that was
// restored or lost.
struct Identity {
  std::string server_epoch;
  Bytes secret;  // what tokens are made with; never leaves the cloud
};

// What the cloud holds under an event's id.
struct Held {
  base::Hash256 hash;
  std::uint64_t v = 0;
  wire::EventKind kind = wire::EventKind::sale;
  std::string flag = {};  // why a person should look at it
};

// An event on its way in, with its canonical bytes.
struct NewEvent {
  const wire::Event& event;
  const base::Hash256& hash;
  ByteView body;
  std::uint64_t generation = 0;  // of the till's login that sent it
  base::WallTime received;
};

// An item that the cloud would not take, kept so that a person sees it (INV-24).
struct Refusal {
  std::string till;
  std::uint32_t epoch = 0;
  std::uint64_t seq = 0;
  std::string id;         // as it was sent
  std::string aggregate;  // empty when it could not be read
  std::string code;
  base::WallTime received;
};

// One event as auditors see it: its place and hash, and what the projections made of it.
struct AuditRow {
  std::uint64_t v = 0;
  base::EventId id;
  wire::EventKind kind = wire::EventKind::sale;
  std::uint64_t generation = 0;
  base::Hash256 hash;  // taken anew over what is held, not what was noted of it
  std::uint64_t number = 0;
  base::Money total;
  base::Money tax;
  base::Money lines;     // sum of the lines' totals
  base::Money payments;  // sum of the payments that count
  std::string of;
  std::string flag;  // why a person should look at it; empty: there is nothing
  Bytes body;        // as it is stored, where it was asked for
};

struct StoredBody {
  std::uint64_t v = 0;
  Bytes body;
};

// How far the tables' changes have been numbered.
struct FeedHead {
  std::uint64_t v = 0;        // the newest
  std::uint64_t horizon = 0;  // who has read less far than this has to start again
  std::uint64_t ids = 0;      // in all tables
};

// What stands behind the cloud (reference: domain 3.3): events are the only thing uploads write,
// projections (orders, days) follow from them. One user at a time. Errors: io, no_space,
// corrupt, dead_file; conflict where said. After an error inside a Transaction, let it end.
class Database {
 public:
  virtual ~Database() = default;

  [[nodiscard]] virtual const Identity& identity() const = 0;

  // Whether it is still to be trusted. Errors: dead_file, saying which sync or checkpoint failed;
  // then nothing it holds is to be read or written until it is opened anew.
  [[nodiscard]] virtual Result<void> usable() const = 0;

  // A transaction is on stable storage when commit() returns a value.
  virtual Result<void> begin() = 0;
  virtual Result<void> commit() = 0;
  virtual void rollback() = 0;
  // Around one item of a batch, not nested: keep() makes it part of the transaction, undo() takes
  // back what was done since savepoint().
  virtual Result<void> savepoint() = 0;
  virtual Result<void> keep() = 0;
  virtual Result<void> undo() = 0;

  virtual Result<std::optional<Held>> find(const base::EventId& id) = 0;
  // All of these places, by seq.
  virtual Result<std::map<std::uint64_t, Held>> held(std::string_view till, std::uint32_t epoch,
                                                     std::uint64_t first, std::uint64_t last) = 0;
  // Its version: larger than any before. Errors: conflict when this event cannot be stored.
  virtual Result<std::uint64_t> insert(const NewEvent& event) = 0;
  // Canonical bytes in order of v.
  virtual Result<std::vector<StoredBody>> bodies(std::uint64_t after_v, std::size_t most) = 0;

  // The canonical bytes of an event; nothing when it is not there.
  virtual Result<std::optional<Bytes>> body(const base::EventId& id) = 0;
  // Those of the refunds of a sale, oldest first.
  virtual Result<std::vector<Bytes>> refunds_of(std::string_view sale) = 0;
  // The document of this till and epoch that has this receipt number; nothing when none has.
  virtual Result<std::optional<base::EventId>> numbered(std::string_view till, std::uint32_t epoch,
                                                        std::uint64_t number) = 0;
  // A person should look at this event, and why.
  virtual Result<void> flag(std::uint64_t v, std::string_view why) = 0;
  // No event of this epoch needs looking at for this reason any more.
  virtual Result<void> unflag(std::string_view till, std::uint32_t epoch, std::string_view why) = 0;

  // Writes an event's rows in orders and days. Errors: conflict when they cannot be
  // stored.
  virtual Result<void> project(const wire::Event& event, std::uint64_t v) = 0;
  virtual Result<void> clear_projections() = 0;

  // The newest generation of a till; 0 when it never logged in.
  virtual Result<std::uint64_t> generation(std::string_view till) = 0;
  virtual Result<void> set_generation(std::string_view till, std::uint64_t generation) = 0;

  using State = wire::LoggedIn::High;
  // The newest epochs of a till, the oldest of them first.
  virtual Result<std::vector<State>> states(std::string_view till, std::size_t most) = 0;
  // Zeroes when nothing is known of the epoch.
  virtual Result<State> state(std::string_view till, std::uint32_t epoch) = 0;
  virtual Result<void> set_state(std::string_view till, const State& state) = 0;
  // The last of the seqs that follow `seq` without a gap; `seq` itself when the next is missing.
  virtual Result<std::uint64_t> run_end(std::string_view till, std::uint32_t epoch,
                                        std::uint64_t seq) = 0;

  virtual Result<void> keep_refusal(const Refusal& refusal) = 0;
  virtual Result<void> drop_refusal(const base::EventId& id) = 0;
  // The seqs of these places under which something was refused.
  virtual Result<std::set<std::uint64_t>> refused(std::string_view till, std::uint32_t epoch,
                                                  std::uint64_t first, std::uint64_t last) = 0;
  // Whether the sale of this aggregate was refused and does not stand: one that stands is not
  // blocked by what else came under its id, nor by a refund that was refused.
  virtual Result<bool> blocked(std::string_view aggregate, const base::EventId& id) = 0;
  // In order of till, epoch and seq, from the first one after `after` on.
  virtual Result<std::vector<Refusal>> refusals(const base::EventId& after, std::size_t most) = 0;

  virtual Result<FeedHead> feed_head() = 0;
  virtual Result<void> set_feed_head(const FeedHead& head) = 0;
  // The newest row of one id; nothing when it never had one.
  virtual Result<std::optional<wire::FeedRow>> feed_row(std::string_view collection,
                                                        std::string_view id) = 0;
  // Takes the place of the row that the id had.
  virtual Result<void> put_feed_row(std::string_view collection, const wire::FeedRow& row) = 0;
  // In the order of v, from the first one after `after_v` on.
  virtual Result<std::vector<wire::FeedRow>> feed(std::string_view collection,
                                                  std::uint64_t after_v, std::size_t most) = 0;

  // What counts: made in the transactions of this database.
  [[nodiscard]] virtual Postings& postings() = 0;
  // What is made of the events by business day: filled and cleared with the other projections.
  [[nodiscard]] virtual Days& days() = 0;
  [[nodiscard]] virtual Homes& homes() = 0;
  // Whether a login of the till stands: the newest one, or one of two tills with its name.
  Result<bool> stands(std::string_view till, std::uint64_t login) {
    const auto newest = generation(till);
    if (!newest) return base::Failure(newest.error());
    return *newest == login ? Result<bool>(true) : homes().stands(till, login);
  }

  virtual Result<std::vector<AuditRow>> audit(std::uint64_t after_v, std::size_t most,
                                              bool bodies) = 0;
};

// A transaction that is rolled back at the end of its scope unless it was committed.
class Transaction {
 public:
  explicit Transaction(Database& database) : database_(database) {}
  ~Transaction() {
    if (open_) database_.rollback();
  }
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;

  Result<void> begin() {
    auto begun = database_.begin();
    open_ = begun.has_value();
    return begun;
  }
  Result<void> commit() {
    auto done = database_.commit();
    if (done) open_ = false;
    return done;
  }

 private:
  Database& database_;
  bool open_ = false;
};

}  // namespace tillrig::oms
