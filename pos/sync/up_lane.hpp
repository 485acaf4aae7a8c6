#pragma once

#include "pos/base/mutant.hpp"
#include "pos/ports/entropy.hpp"
#include "pos/store/outbox.hpp"
#include "pos/sync/backoff.hpp"
#include "pos/sync/cloud_client.hpp"
#include "pos/wire/api.hpp"

#include <algorithm>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace tillrig::sync {

// A batch to send: at most kBatchItems and kBatchBytes, of one epoch, in order.
struct Outgoing {
  std::uint64_t batch = 0;
  std::uint64_t failures = 0;  // that were known when it was sent
  std::uint32_t epoch = 0;
  std::vector<wire::UpItem> items;
  std::string list;  // the items as they stand in the body
};

// The up lane's rules, without I/O: what to send next, when, and what an outcome means for each
// item.
// - Items leave the queue only when the cloud proved that it has them: `applied` or `duplicate`
// with our
//   own payload hash. Anything else keeps them.
// - A transport failure is nobody's fault: it never counts against an item.
// - 400 and 413 split the batch in two, which finds the poison in log2 n steps.
// - A rejected or conflicting item goes to quarantine; what depends on it waits there with it; all
// else
//   flows (INV-24).
class UpLane {
 public:
  UpLane(store::Outbox& store, ports::Entropy& entropy, base::Mutants mutants);

  // The next batch, if the window and the back-off allow one now and there is something to send.
  std::optional<Outgoing> next(Instant now);
  // When next() may have something again without a new sale or outcome; never() if it will not.
  [[nodiscard]] Instant resume_at(Instant now) const;
  // Takes in what came of a batch. Errors are the store's.
  base::Result<void> finish(const Outgoing& sent, const Outcome& outcome, Instant now);

  // A new login: batches count from 1 again. What is in flight stays so until its outcome is in.
  void restart();
  // The line is back after an outage: forget how long it failed and start after this wait, but not
  // before the cloud wanted to be asked again.
  void line_is_back(Instant now, Duration wait);
  // Somebody wants it sent now: our own back-off is over, what the cloud asked for is not.
  void now(Instant now);
  [[nodiscard]] std::size_t under_way() const { return in_flight_.size(); }
  [[nodiscard]] bool idle() const { return in_flight_.empty() && splits_.empty(); }

 private:
  base::Result<void> answered(const Outgoing& sent, const wire::UpAnswer& answer, Instant now);
  std::optional<store::Settled> judge(const wire::UpItem& item, const wire::UpResult& result);
  void recovered();  // the next failure is a first one
  void split(const Outgoing& sent);
  base::Result<void> transport_failed(const Outgoing& sent, const Outcome& outcome, Instant now);
  base::Result<void> settle_all(const Outgoing& sent, store::SyncState state);
  base::Result<void> settle(const std::vector<store::Settled>& settled);
  void release(const Outgoing& sent);
  std::vector<wire::UpItem> ready(Instant now);
  void check() const;
  [[nodiscard]] Instant free_at() const { return std::max(not_before_, asked_until_); }

  store::Outbox& store_;
  base::Mutants mutants_;
  Backoff backoff_;
  std::uint64_t batches_ = 0;
  std::size_t window_ = wire::kWindow;
  std::uint64_t failures_ = 0;  // that counted
  Instant not_before_{0};       // by our own back-off
  Instant asked_until_{0};      // by the cloud: no sign of life lifts it
  std::set<base::EventId> in_flight_;
  std::size_t batches_in_flight_ = 0;
  std::deque<std::vector<wire::UpItem>> splits_;
  std::map<base::EventId, Instant> deferred_until_;
  std::map<base::EventId, int> transport_tries_;  // kept by a mutant only
};

}  // namespace tillrig::sync
