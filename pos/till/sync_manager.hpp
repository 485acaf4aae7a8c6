#pragma once

#include "pos/till/parts.hpp"
#include "pos/till/sync_commands.hpp"

namespace tillrig::till {

using base::Result;

// What stands on its right, from the top, word for word the article's.
std::vector<std::string> sync_manager_controls();

// The Sync Manager behind the small up-and-down arrows (article S4). It asks nothing of the cloud
// itself and waits for nothing, so that it can be used while every lane hangs.
class SyncManager {
 public:
  explicit SyncManager(const Parts& parts) : parts_(parts) {}

  [[nodiscard]] SyncManagerShown shown() const;

  // Each says to the cashier why it was not done. Errors: bad_input, not_allowed, the store's.
  Result<void> carry_out(const SetLocalMode& set);
  Result<void> carry_out(const TriggerUp& trigger);
  Result<void> carry_out(const TriggerDown& trigger);
  Result<void> carry_out(const RestoreService& restore);

 private:
  Result<void> told(std::string_view control, Result<void> done);

  const Parts& parts_;
};

}  // namespace tillrig::till
