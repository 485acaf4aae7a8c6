#pragma once

#include "pos/base/mutant.hpp"
#include "pos/ports/clock.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace tillrig::sync {

// A moment that one process notes and a later one measures from. Within one start of the machine
// its age is exact, whatever happens to the wall clock. Across starts the wall clock is all there
// is: the age is what it says, and at least what the machine has run since.
struct Moment {
  ports::Uptime uptime;
  base::WallTime wall;

  static Moment now(const ports::Clock& clock) { return {clock.uptime(), clock.wall()}; }
  // Never below zero.
  [[nodiscard]] base::Duration age(const ports::Clock& clock, const base::Mutants& mutants) const;

  // The same moment as this start of the machine counts it: from now on it is exact again.
  [[nodiscard]] Moment as_of(const ports::Clock& clock, const base::Mutants& mutants) const;

  // As a note: "boot ran_ns wall_ms".
  [[nodiscard]] std::string text() const;
  static std::optional<Moment> read(std::string_view text);
};

}  // namespace tillrig::sync
