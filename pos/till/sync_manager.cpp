#include "pos/till/sync_manager.hpp"

#include <utility>

namespace tillrig::till {
namespace {

constexpr std::string_view kControls[] = {
    "Set local mode",
    "Hours",
    "Trigger sync up",
    "Trigger sync down",
    "Full data resync",
    "Restore sync service",
    "Force full resync on all local transactions",
    "Clean up old transactions already on server",
};

}  // namespace

std::vector<std::string> sync_manager_controls() {
  return {std::begin(kControls), std::end(kControls)};
}

SyncManagerShown SyncManager::shown() const {
  SyncManagerShown shown;
  shown.counters = parts_.store.counters();
  shown.under_way = parts_.service.under_way();
  shown.tables = parts_.service.tables();
  shown.controls = sync_manager_controls();
  return shown;
}

Result<void> SyncManager::told(std::string_view control, Result<void> done) {
  parts_.ports.recorder.note({.mark = "manager.used"},
                             {{"control", control}, {"done", std::int64_t{done.has_value()}}});
  if (!done) parts_.refuse(done.error());
  return done;
}

Result<void> SyncManager::carry_out(const SetLocalMode& set) {
  const auto hours = sync::read_hours(set.hours);
  if (!hours) return told(set.kName, base::Failure(hours.error()));
  return told(set.kName, parts_.service.set_local_mode(set.on, *hours));
}

Result<void> SyncManager::carry_out(const TriggerUp& trigger) {
  return told(trigger.kName, parts_.service.trigger_up());
}

Result<void> SyncManager::carry_out(const TriggerDown& trigger) {
  return told(trigger.kName, parts_.service.trigger_down());
}

Result<void> SyncManager::carry_out(const RestoreService& restore) {
  return told(restore.kName, parts_.service.restore());
}

}  // namespace tillrig::till
