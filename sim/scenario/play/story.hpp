#pragma once

#include "sim/scenario/play/armoury.hpp"
#include "sim/scenario/play/outcome.hpp"
#include "sim/world/bed.hpp"

#include <string>

namespace tillrig::scenario {

// Where in the story the player is, and what has not gone as it must.
class Story {
 public:
  Story(world::Bed& bed, const Armoury& armoury, Outcome& outcome)
      : bed_(bed), armoury_(armoury), outcome_(outcome) {}

  // It begins, on that line of the file; 0: it stands in none.
  void at_phase(const std::string& name, int line = 0);
  void at_line(int line);
  [[nodiscard]] int line() const { return line_; }
  [[nodiscard]] base::Instant now() const { return bed_.recording().now(); }

  // What the failure does not say itself (phase, line, time, faults) is that of now.
  void fail(Failure failure);
  void fail(Failure::Kind kind, std::string what);

 private:
  world::Bed& bed_;
  const Armoury& armoury_;
  Outcome& outcome_;
  std::string phase_;
  int line_ = 0;
};

}  // namespace tillrig::scenario
