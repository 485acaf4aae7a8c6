#pragma once

#include "sim/scenario/read/plan.hpp"
#include "sim/world/bed.hpp"

#include <deque>
#include <string>
#include <vector>

namespace tillrig::scenario {

class Story;

// The faults of a run: begun by lines of the file, healed by others or by their time.
class Armoury {
 public:
  explicit Armoury(world::Bed& bed) : bed_(bed) {}

  // Errors: not_found, when the bed has nothing that it could be done to.
  base::Result<words::FaultId> begin(const Action& action);
  // Heals those of this row at a till, at all with "*". Errors: not_found, when none is active.
  base::Result<void> heal(const words::Fault& fault, const std::string& till);
  // Heals this one, unless that was done already.
  base::Result<void> heal(words::FaultId id);
  // Goes on after one that fails; the first error is told.
  base::Result<void> heal_all();

  // Those that are active now: "wan.down at till-1".
  [[nodiscard]] std::vector<std::string> active() const;
  // Fails for each that never did anything.
  void check_all_fired(Story& story) const;

 private:
  struct Armed {
    words::FaultId id = 0;
    const words::Fault* row = nullptr;
    std::string till;
    bool optional = false;
    bool healed = false;
    int line = 0;
  };
  base::Result<void> heal(Armed& armed);

  world::Bed& bed_;
  std::deque<Armed> armed_;  // a heal may begin another: references stay good
};

}  // namespace tillrig::scenario
