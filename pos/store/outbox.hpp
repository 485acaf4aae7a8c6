#pragma once

#include "pos/base/ids.hpp"
#include "pos/base/money.hpp"
#include "pos/base/time.hpp"
#include "pos/wire/api.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tillrig::store {

enum class SyncState { queued, acked, quarantined };
constexpr auto names_of(SyncState) {
  return base::named<SyncState>({
      {SyncState::queued, "queued"},
      {SyncState::acked, "acked"},
      {SyncState::quarantined, "quarantined"},
  });
}
using base::name;

// What is shown on screen about the queue; kept, never counted (INV-26).
struct Counters {
  std::uint64_t pending = 0;  // in the ledger, not yet proved to be in the cloud, not quarantined
  std::uint64_t quarantined = 0;  // refused by the cloud; waits for a person
  std::uint64_t uploaded = 0;     // proved: acknowledged as applied or duplicate with our hash
  base::Money pending_value;      // sum of the pending documents' totals
  base::WallTime oldest_pending;  // wall time of the oldest pending; 0 when none

  static void describe(auto& self, auto& fields) {
    fields("pending", self.pending)("quarantined", self.quarantined)("uploaded", self.uploaded)(
        "value", self.pending_value)("oldest_ms", self.oldest_pending);
  }
};

// One item's fate, as the up lane understood it from the cloud's answer.
struct Settled {
  base::EventId id;
  SyncState state = SyncState::acked;
  std::string why;  // for quarantined: the cloud's code
};

inline constexpr std::size_t kSettledAtOnce = 1000;

// The store as the up lane sees it, which is all that the lane needs of one.
class Outbox {
 public:
  virtual ~Outbox() = default;

  // Events in ledger order that are neither settled nor in `except`, of one epoch, at most `items`
  // and `bytes` (of their compact form; always at least one).
  virtual std::vector<wire::UpItem> peek(std::size_t items, std::size_t bytes,
                                         const std::vector<base::EventId>& except) = 0;
  // Keeps what the cloud proved. One transaction; at most kSettledAtOnce a call. Errors: bad_input.
  virtual base::Result<void> settle(std::span<const Settled> settled) = 0;
  // How many events are in it still, those in quarantine aside.
  [[nodiscard]] virtual std::uint64_t pending() const = 0;
  // What became of one event on its way to the cloud; queued for one that the store does not have.
  [[nodiscard]] virtual SyncState sync_state(const base::EventId& id) = 0;
};

}  // namespace tillrig::store
