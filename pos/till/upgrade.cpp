#include "pos/till/upgrade.hpp"

#include "pos/till/leaving.hpp"

namespace tillrig::till {
namespace {

const base::Mutant kWipeQueue{"wipe_queue_on_migrate", "INV-01", "realm-js#6603, Eventra#2744",
                              "another version of the program begins with an empty queue"};
const base::Mutant kCorruptIsEmpty{"corrupt_reads_empty", "INV-01", "inkwell#92",
                                   "a queue of which one copy is damaged is read as an empty one"};

constexpr std::string_view kVersionNote = "version";

}  // namespace

void notice_upgrade(const Parts& parts) {
  store::Store& store = parts.store;
  if (store.opened().copy_lost && kCorruptIsEmpty.on(parts.config.mutants)) {
    Leaving(parts).forget_queue();
  }
  const std::string before = store.noted(kVersionNote).value_or("");
  const std::string& now = parts.config.version;
  if (before == now || !store.keep_note(kVersionNote, now) || before.empty()) return;
  parts.ports.recorder.note({.mark = "till.upgraded"},
                            {{"from", std::string_view(before)}, {"to", std::string_view(now)}});
  if (kWipeQueue.on(parts.config.mutants)) Leaving(parts).forget_queue();
}

}  // namespace tillrig::till
