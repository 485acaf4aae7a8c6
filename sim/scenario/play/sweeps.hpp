#pragma once

#include "sim/scenario/play/story.hpp"
#include "sim/scenario/read/plan.hpp"

#include <cstdint>
#include <map>
#include <string>

namespace tillrig::scenario {

// Kills before a port call: each is meant for the next `complete` at its till.
class Sweeps {
 public:
  Sweeps(world::Bed& bed, const Plan& plan, Outcome& outcome, Story& story)
      : bed_(bed), plan_(plan), outcome_(outcome), story_(story) {}

  // The next complete at this till dies before its n-th port call; 0 lets it live and counts them.
  // Errors: not_allowed, on beds that cannot see the calls.
  base::Result<void> next(const std::string& till, std::uint64_t n);
  // Told before each complete: the swept one begins, or is over when the next begins.
  void before_complete(const std::string& till);
  // At the end of the phases: a kill that never came is a failure.
  void end_all();

 private:
  struct Sweep {
    std::uint64_t call = 0;  // to die before it; 0: only counted
    int line = 0;
    bool began = false;
  };
  void end(const std::string& till, const Sweep& sweep);

  world::Bed& bed_;
  const Plan& plan_;
  Outcome& outcome_;
  Story& story_;
  std::map<std::string, Sweep> sweeps_;  // by till
};

}  // namespace tillrig::scenario
