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

// A long one's questions: whether it may ask, and what it tells.
template <class Listener>
Listener listener_of(const Parts& parts, const std::function<void()>& counters) {
  Listener listener;
  listener.may_ask = [&parts]() -> Result<void> {
    if (parts.service.online()) return {};
    const sync::Cause cause = parts.service.cause();
    return base::fail(base::Code::needs_connection, "{}",
                      cause == sync::Cause::none ? "the till is not connected" : sentence(cause));
  };
  listener.found = [&parts, counters] {
    parts.service.kick();
    counters();
  };
  return listener;
}

const base::Mutant kLocalTimeUp{
    "local_time_counts_up", "INV-18", "a fault planted by a reviewer",
    "the screen shows how long local mode has been on for what is left"};

const base::Mutant kAnythingConfirms{"anything_confirms", "INV-30", "a fault planted by a reviewer",
                                     "whatever is typed confirms what cannot be taken back"};

const base::Mutant kNotReadAnew{"tables_not_read_anew", "INV-21", "a fault planted by a reviewer",
                                "a full data resync does not read the cloud's tables anew"};

const base::Mutant kControlMissing{"control_left_out", "INV-52", "domain 1.4, SM-10",
                                   "the Sync Manager has no Restore sync service"};

}  // namespace

SyncManager::SyncManager(const Parts& parts, const std::function<void()>& counters)
    : parts_(parts),
      door_(parts.ports.clock, parts.store, parts.config.manager_pin, parts.config.mutants),
      rehearsal_(parts),
      resync_(parts.ports, parts.service.desk(), parts.store, parts.config.mutants,
              listener_of<sync::Resync::Listener>(parts, counters)),
      clean_up_(parts.ports, parts.service.desk(), parts.store, parts.config.mutants,
                listener_of<sync::CleanUp::Listener>(parts, counters)) {}

std::vector<std::string> sync_manager_controls() {
  return {std::begin(kControls), std::end(kControls)};
}

SyncManagerShown SyncManager::shown() const {
  SyncManagerShown shown;
  shown.counters = parts_.store.counters();
  shown.under_way = parts_.service.under_way();
  shown.tables = parts_.service.tables();
  shown.controls = sync_manager_controls();
  if (kControlMissing.on(parts_.config.mutants)) {
    std::erase(shown.controls, "Restore sync service");
  }
  shown.locked = door_.locked();
  shown.used = door_.uses();
  shown.advice = parts_.service.line_record().advice();
  return shown;
}

Result<void> SyncManager::told(std::string_view control, Result<void> done) {
  parts_.ports.recorder.note({.mark = "manager.used"},
                             {{"control", control}, {"done", std::int64_t{done.has_value()}}});
  door_.used(control, done);
  if (!done) parts_.refuse(done.error());
  return done;
}

Result<void> SyncManager::pressed(std::string_view control,
                                  const std::function<Result<void>()>& act) {
  if (auto may = door_.may_use(); !may) return told(control, may);
  return told(control, act());
}

Result<void> SyncManager::carry_out(const SetLocalMode& set) {
  return pressed(set.kName, [&]() -> Result<void> {
    const auto hours = sync::read_hours(set.hours);
    if (!hours) return base::Failure(hours.error());
    return parts_.service.set_local_mode(set.on, *hours);
  });
}

Result<void> SyncManager::carry_out(const TriggerUp& trigger) {
  return pressed(trigger.kName, [&] { return parts_.service.trigger_up(); });
}

Result<void> SyncManager::carry_out(const TriggerDown& trigger) {
  return pressed(trigger.kName, [&] { return parts_.service.trigger_down(); });
}

Result<void> SyncManager::carry_out(const RestoreService& restore) {
  return pressed(restore.kName, [&] { return parts_.service.restore(); });
}

Result<void> SyncManager::carry_out(const PauseLong& pause) {
  return pressed(pause.kName, [&]() -> Result<void> {
    resync_.pause(pause.on);
    clean_up_.pause(pause.on);
    return {};
  });
}

Result<void> SyncManager::carry_out(const UnlockManager& unlock) {
  return told(unlock.kName, door_.unlock(unlock.pin));
}

Result<void> SyncManager::carry_out(const Rehearse& rehearse) {
  return pressed(rehearse.kName,
                 [&] { return rehearse.on ? rehearsal_.begin() : rehearsal_.end(); });
}

// What cannot be taken back is typed first.
Result<void> SyncManager::sure(std::string_view control, std::string_view typed,
                               std::string_view name) {
  if (auto may = door_.may_use(); !may) return told(control, may);
  if (typed == name || kAnythingConfirms.on(parts_.config.mutants)) return {};
  return told(control,
              base::fail(base::Code::bad_input, "'confirm' is \"{}\": type \"{}\" to begin it",
                         typed.substr(0, 64), name));
}

void SyncManager::tell(State& state) const {
  const auto ms = [](base::Duration time) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(time).count();
  };
  state.link = parts_.service.link();
  state.cause = parts_.service.cause();
  state.counters = parts_.store.counters();
  state.health = parts_.store.health();
  state.epoch = parts_.store.epoch();
  state.day = parts_.day.in_hand();
  state.arrows = parts_.service.freshness().ladder();
  state.in_step_ms = ms(parts_.service.freshness().age());
  const sync::LocalMode& local = parts_.service.local_mode();
  if (local.on()) state.local_ms = local.ends_by_itself() ? ms(local.left()) : -1;
  if (local.ends_by_itself() && kLocalTimeUp.on(parts_.config.mutants)) {
    state.local_ms = ms(local.age());
  }
  if (rehearsal_.any()) state.rehearsal = rehearsal_.shown();
  const sync::Resync::Progress resync = resync_.progress();
  if (resync.stage != sync::Resync::Stage::idle) state.resync = resync;
}

base::Awaitable<Result<sync::Resync::Progress>> SyncManager::run(ForceResync force) {
  if (auto may = sure(force.kName, force.confirm, sync::Resync::kControl); !may) {
    co_return base::Failure(may.error());
  }
  auto running = resync_.run();
  auto ended = co_await std::move(running);
  static_cast<void>(told(force.kName, ended ? Result<void>() : base::Failure(ended.error())));
  co_return ended;
}

base::Awaitable<Result<sync::CleanUp::Outcome>> SyncManager::run(CleanUpOld old) {
  if (auto may = sure(old.kName, old.confirm, sync::CleanUp::kControl); !may) {
    co_return base::Failure(may.error());
  }
  parts_.day.remember();
  auto running = clean_up_.run(old.days);
  auto ended = co_await std::move(running);
  static_cast<void>(told(old.kName, ended ? Result<void>() : base::Failure(ended.error())));
  co_return ended;
}

// What the cloud has is dropped and told again by it; what only this till has is not touched.
base::Awaitable<Result<sync::CleanUp::Outcome>> SyncManager::run(FullResync full) {
  constexpr std::string_view kControl = "Full data resync";
  if (auto may = sure(full.kName, full.confirm, kControl); !may) {
    co_return base::Failure(may.error());
  }
  parts_.day.remember();
  auto running = clean_up_.run_all(parts_.store.counters());
  auto ended = co_await std::move(running);
  if (ended && !kNotReadAnew.on(parts_.config.mutants)) parts_.service.read_anew();
  static_cast<void>(told(full.kName, ended ? Result<void>() : base::Failure(ended.error())));
  co_return ended;
}

}  // namespace tillrig::till
