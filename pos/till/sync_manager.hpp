#pragma once

#include "pos/sync/clean_up.hpp"
#include "pos/sync/resync.hpp"
#include "pos/till/command.hpp"
#include "pos/till/parts.hpp"
#include "pos/till/rehearsal.hpp"
#include "pos/till/sync_commands.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace tillrig::till {

using base::Result;

// What stands on its right, from the top, word for word the article's.
std::vector<std::string> sync_manager_controls();

// The Sync Manager behind the small up-and-down arrows (article S4). It asks nothing of the cloud
// itself and waits for nothing, so that it can be used while every lane hangs.
class SyncManager {
 public:
  // `counters`: told when what waits to be sent is other than before.
  SyncManager(const Parts& parts, const std::function<void()>& counters);

  [[nodiscard]] SyncManagerShown shown() const;

  // Each says to the cashier why it was not done. Errors: bad_input, not_allowed, the store's.
  Result<void> carry_out(const SetLocalMode& set);
  Result<void> carry_out(const TriggerUp& trigger);
  Result<void> carry_out(const TriggerDown& trigger);
  Result<void> carry_out(const RestoreService& restore);
  Result<void> carry_out(const PauseLong& pause);
  Result<void> carry_out(const UnlockManager& unlock);
  Result<void> carry_out(const Rehearse& rehearse);
  Rehearsal& rehearsal() { return rehearsal_; }
  [[nodiscard]] const Rehearsal& rehearsal() const { return rehearsal_; }
  // Returns when it is through, or what stopped it. Errors: also needs_connection.
  base::Awaitable<Result<sync::Resync::Progress>> run(ForceResync force);
  base::Awaitable<Result<sync::CleanUp::Outcome>> run(CleanUpOld old);
  base::Awaitable<Result<sync::CleanUp::Outcome>> run(FullResync full);
  // What the state of a till says of its store and of synchronising.
  void tell(State& state) const;
  // The till is being closed.
  void stop() {
    resync_.stop();
    clean_up_.stop();
  }

 private:
  // Lists that it was used, and tells the cashier why it was not done.
  Result<void> told(std::string_view control, Result<void> done);
  // The same of a control that is pressed and done.
  Result<void> pressed(std::string_view control, const std::function<Result<void>()>& act);
  // Before a long one that cannot be taken back: the door, and what is typed.
  Result<void> sure(std::string_view control, std::string_view typed, std::string_view name);

  const Parts& parts_;
  ManagerDoor door_;
  Rehearsal rehearsal_;
  sync::Resync resync_;
  sync::CleanUp clean_up_;
};

}  // namespace tillrig::till
