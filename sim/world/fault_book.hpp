#pragma once

#include "sim/words/fault.hpp"
#include "sim/world/recording.hpp"

#include <map>
#include <string>
#include <vector>

namespace tillrig::world {

// The faults of one run: whom each of them hit and whether it was healed. Beginning and end go on
// the tapes.
class FaultBook {
 public:
  explicit FaultBook(Recording& recording) : recording_(recording) {}

  // Starts a fault at its targets; `till` is whom the scenario named, "*" for all.
  words::FaultId begin(const words::Fault& fault, const words::Args& args, const std::string& till,
                       std::vector<words::Target*> targets);
  // Errors: not_found when it is not active.
  base::Result<void> heal(words::FaultId id);
  // How often it did something.
  [[nodiscard]] std::uint64_t hits(words::FaultId id) const;

 private:
  struct Entry {
    const words::Fault* row = nullptr;
    std::string till;
    std::vector<words::Target*> targets;
    bool healed = false;
    std::uint64_t begun = 0;  // the event
    int line = 0;
    bool fired = false;
    std::map<const words::Target*, std::uint64_t> hits;  // the event of the last one
  };

  // Gives the event of a hit. What a fault does over and over to somebody who does nothing but try
  // again is one event.

  std::uint64_t fired(words::FaultId id, const words::Target& target);

  Recording& recording_;
  std::map<words::FaultId, Entry> faults_;
  words::FaultId last_ = 0;
};

}  // namespace tillrig::world
