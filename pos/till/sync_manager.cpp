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

// What cannot be taken back is typed first.
Result<void> confirmed(std::string_view typed, std::string_view control) {
  if (typed == control) return {};
  return base::fail(base::Code::bad_input, "'confirm' is \"{}\": type \"{}\" to begin it",
                    typed.substr(0, 64), control);
}

}  // namespace

SyncManager::SyncManager(const Parts& parts, const std::function<void()>& counters)
    : parts_(parts),
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
  const sync::Resync::Progress& resync = resync_.progress();
  if (resync.stage != sync::Resync::Stage::idle) state.resync = resync;
}

base::Awaitable<Result<sync::Resync::Progress>> SyncManager::run(ForceResync force) {
  if (auto sure = confirmed(force.confirm, sync::Resync::kControl); !sure) {
    co_return base::Failure(told(force.kName, sure).error());
  }
  auto running = resync_.run();
  auto ended = co_await std::move(running);
  static_cast<void>(told(force.kName, ended ? Result<void>() : base::Failure(ended.error())));
  co_return ended;
}

base::Awaitable<Result<sync::CleanUp::Outcome>> SyncManager::run(CleanUpOld old) {
  if (auto sure = confirmed(old.confirm, sync::CleanUp::kControl); !sure) {
    co_return base::Failure(told(old.kName, sure).error());
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
  if (auto sure = confirmed(full.confirm, kControl); !sure) {
    co_return base::Failure(told(full.kName, sure).error());
  }
  parts_.day.remember();
  auto running = clean_up_.run_all(parts_.store.counters());
  auto ended = co_await std::move(running);
  if (ended) parts_.service.read_anew();
  static_cast<void>(told(full.kName, ended ? Result<void>() : base::Failure(ended.error())));
  co_return ended;
}

}  // namespace tillrig::till
