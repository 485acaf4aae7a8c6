#pragma once

#include "pos/store/entry.hpp"
#include "pos/store/outbox.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace tillrig::store {

// How far the queue has come, epoch by epoch: everything up to `through` is settled, and so are the
// exceptions beyond it (acknowledged out of order), but for those that the cloud has lost since:
// they are owed again. What the cloud refused is kept by name for a person, whether passed or not.
// Counters are kept with it (INV-26). No I/O; what a call changed is handed out for the database to
// keep in the same transaction.
class QueueCursor {
 public:
  struct Epoch {
    std::uint64_t through = 0;
    std::uint64_t high = 0;  // newest event
    std::set<std::uint64_t> acked;
    std::map<std::uint64_t, std::string> quarantined;
    std::set<std::uint64_t> again;  // settled once, and owed again
  };
  // What settling changed. Numbers of an epoch appear once.
  struct Changes {
    std::set<std::uint32_t> epochs;          // whose `through` moved
    std::set<Key> acked;                     // new exceptions
    std::set<Key> passed;                    // exceptions of before that `through` has passed
    std::map<Key, std::string> quarantined;  // new ones, and why
    std::set<Key> released;                  // quarantined or owed again before, now acknowledged
    std::set<Key> again;                     // owed again from now on
    std::vector<Key> done;                   // newly acknowledged, however
    [[nodiscard]] bool empty() const {
      return done.empty() && quarantined.empty() && again.empty();
    }
  };
  struct Fate {
    Key key;
    SyncState state = SyncState::acked;
    std::string_view why;
    Money total;
  };

  // A committed event joins the queue.
  void add(Key key, Money total);
  // Fates of pending or quarantined events; anything else (settled before, unknown) is passed over.
  Changes settle(const std::vector<Fate>& fates);
  // Takes back that events were acknowledged: `queued`, owed again; `quarantined`, for a person.
  // Anything else (pending, quarantined, unknown) is passed over. In the latter case it is not
  // counted as uploaded any more.
  Changes take_back(const std::vector<Fate>& fates);

  // queued for one that is not there at all.
  [[nodiscard]] SyncState state(Key key) const;
  [[nodiscard]] std::string_view why(Key key) const;  // of a quarantined one
  // Whether it still waits for the cloud. False for unknown ones.
  [[nodiscard]] bool pending(Key key) const;
  // Settled for good: neither the queue nor the order of keys and numbers needs it any more.
  [[nodiscard]] bool may_go(Key key) const;
  // The oldest pending event at or after `from`.
  [[nodiscard]] std::optional<Key> first_pending(Key from) const;
  [[nodiscard]] const std::map<std::uint32_t, Epoch>& epochs() const { return epochs_; }

  [[nodiscard]] const Counters& counters() const { return counters_; }
  void set_oldest(base::WallTime wall) { counters_.oldest_pending = wall; }
  // From the store at opening.
  void restore(std::uint32_t epoch, Epoch state) { epochs_[epoch] = std::move(state); }
  void restore(const Counters& counters) { counters_ = counters; }

 private:
  void no_longer_pending(const Fate& fate);
  void put_aside(Epoch& epoch, const Fate& fate, Changes& changes);
  void ack(Epoch& epoch, const Fate& fate, Changes& changes);

  std::map<std::uint32_t, Epoch> epochs_;
  Counters counters_;
};

}  // namespace tillrig::store
