#include "sim/world/machine_clock.hpp"

#include "pos/base/assert.hpp"

#include <utility>
#include <vector>

namespace tillrig::world {

MachineClock::MachineClock(std::string till, const ports::Clock& right)
    : till_(std::move(till)), right_(right), booted_(right.now()) {}

void MachineClock::started_anew() {
  ++boots_;
  booted_ = now();
}

void MachineClock::start(words::FaultId id, std::unique_ptr<WrongTime> wrong) {
  const bool fresh = wrong_.emplace(id, std::move(wrong)).second;
  TILLRIG_ASSERT(fresh, "each fault of a run has a number of its own");
}

void MachineClock::heal(words::FaultId id) {
  wrong_.erase(id);
}

base::WallTime MachineClock::wall() {
  base::WallTime time = right_.wall();
  std::vector<words::FaultId> seen;  // told of at the end: who hears of it may heal one
  for (const auto& [id, wrong] : wrong_) {
    const base::WallTime shown = wrong->shown(time, now());
    if (shown.ms != time.ms && hits(id) == 0) seen.push_back(id);
    time = shown;
  }
  for (const words::FaultId id : seen) fired(id);
  return time;
}

}  // namespace tillrig::world
