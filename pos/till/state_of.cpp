#include "pos/till/state_of.hpp"

#include "pos/till/cart_shown.hpp"

#include <utility>

namespace tillrig::till {
namespace {

const base::Mutant kLocalTimeUp{
    "local_time_counts_up", "INV-18", "a fault planted by a reviewer",
    "the screen shows how long local mode has been on for what is left"};

}  // namespace

State state_of(const Parts& parts, const Opening& opening, const Patron& patron, const Cart& cart,
               SyncManager& manager) {
  State state;
  state.stage = opening.stage();
  state.link = parts.service.link();
  state.cause = parts.service.cause();
  state.prompts = parts.prompts.all();
  CartShown shown = shown_of(cart, parts.config.currency);
  state.cart = std::move(shown.lines);
  state.total = shown.total;
  state.tax = shown.tax;
  state.due = shown.due;
  state.change = shown.change;
  state.customer = patron.shown();
  state.reward = shown.reward;
  state.counters = parts.store.counters();
  state.health = parts.store.health();
  state.epoch = parts.store.epoch();
  const auto ms = [](base::Duration time) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(time).count();
  };
  state.arrows = parts.service.freshness().ladder();
  state.in_step_ms = ms(parts.service.freshness().age());
  const sync::LocalMode& local = parts.service.local_mode();
  if (local.on()) state.local_ms = local.ends_by_itself() ? ms(local.left()) : -1;
  if (local.ends_by_itself() && kLocalTimeUp.on(parts.config.mutants)) {
    state.local_ms = ms(local.age());
  }
  if (manager.rehearsal().any()) state.rehearsal = manager.rehearsal().shown();
  const sync::Resync::Progress& resync = manager.resync().progress();
  if (resync.stage != sync::Resync::Stage::idle) state.resync = resync;
  return state;
}

}  // namespace tillrig::till
