#pragma once

#include "pos/base/mutant.hpp"
#include "pos/ports/ports.hpp"
#include "pos/store/archive.hpp"
#include "pos/sync/desk.hpp"
#include "pos/sync/gate.hpp"

#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

namespace tillrig::sync {

// "Clean up old transactions already on server" of the Sync Manager: deletes from the till what is
// older than so many days and what the cloud confirms, by id and hash, in this very run; what the
// till was told yesterday proves nothing. Never what waits, what is in quarantine, or what is of
// the last day. What turns out to be missing or different there is treated as by a forced resync.
// Some hundred events at a time, each time in one transaction: after a kill it can be begun again.
class CleanUp {
 public:
  static constexpr std::string_view kControl = "Clean up old transactions already on server";
  static constexpr std::size_t kAtOnce = 500;
  static constexpr std::int64_t kDays = 30;
  static constexpr std::int64_t kMostDays = 3650;

  struct Outcome {
    std::uint64_t removed = 0;
    std::uint64_t unconfirmed = 0;  // old enough, and the cloud does not have it as it is
    std::uint64_t bytes = 0;        // that the disk has free again

    static void describe(auto& self, auto& fields) {
      fields("removed", self.removed)("unconfirmed", self.unconfirmed)("bytes", self.bytes);
    }
  };
  struct Listener {
    // Whether the cloud can be asked now. Errors say why not.
    std::function<base::Result<void>()> may_ask;
    // Something is owed again, or in quarantine.
    std::function<void()> found;
  };

  CleanUp(const ports::Ports& ports, Desk& desk, store::Archive& archive, base::Mutants mutants,
          Listener listener)
      : ports_(ports),
        desk_(desk),
        archive_(archive),
        mutants_(std::move(mutants)),
        listener_(std::move(listener)),
        gate_(ports) {}

  // Errors: bad_input (less than a day), not_allowed (it runs already, or the store cannot),
  // needs_connection (no answer: begin again); what was removed until then is.
  base::Awaitable<base::Result<Outcome>> run(std::int64_t days);
  // As run(), whatever its age: for a till whose data are all read anew. Errors: also not_allowed,
  // something waits to be sent or is in quarantine; then nothing is done.
  base::Awaitable<base::Result<Outcome>> run_all(store::Counters now);
  // The archive is not asked any more.
  void stop() {
    stopped_ = true;
    gate_.open();
  }
  // It waits before its next page, or goes on.
  void pause(bool on) { on ? gate_.shut() : gate_.open(); }

 private:
  base::Awaitable<base::Result<Outcome>> run_before(base::WallTime before);
  base::Awaitable<base::Result<void>> walk(base::WallTime before);
  base::Awaitable<base::Result<void>> clean(std::vector<store::Filed> old);
  base::Result<void> keep(const std::vector<store::Filed>& old, const wire::ManifestAnswer& answer);

  const ports::Ports& ports_;
  Desk& desk_;
  store::Archive& archive_;
  base::Mutants mutants_;
  Listener listener_;
  Gate gate_;
  Outcome outcome_;
  bool running_ = false;
  bool stopped_ = false;
};

}  // namespace tillrig::sync
