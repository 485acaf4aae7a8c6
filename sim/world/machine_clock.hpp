#pragma once

#include "pos/base/hash.hpp"
#include "pos/ports/clock.hpp"
#include "sim/words/fault.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <string>

namespace tillrig::world {

// One way in which a till's wall clock is wrong.
class WrongTime {
 public:
  virtual ~WrongTime() = default;
  // The time that would be shown but for this fault, and the one that is shown; `now` runs right.
  [[nodiscard]] virtual base::WallTime shown(base::WallTime right, base::Instant now) const = 0;
};

// The clock in a till's machine, for all programs that run there one after the other or at once.
// What is monotonic is right; the wall clock may be wrong, by each fault in turn in the order of
// their ids.
class MachineClock final : public words::Target {
 public:
  // `right` is the time in the world; it outlives this.
  MachineClock(std::string till, const ports::Clock& right);

  [[nodiscard]] std::string_view whose() const override { return till_; }
  // What programs see.
  [[nodiscard]] ports::Clock& face() { return face_; }
  [[nodiscard]] base::Instant now() const { return right_.now(); }
  // The machine lost its power: from here on it is another start of it.
  void started_anew();

  void start(words::FaultId id, std::unique_ptr<WrongTime> wrong);
  void heal(words::FaultId id);  // the clock is put right

 private:
  class Face final : public ports::Clock {
   public:
    explicit Face(MachineClock& machine) : machine_(machine) {}
    [[nodiscard]] base::Instant now() const override { return machine_.now(); }
    [[nodiscard]] base::WallTime wall() const override { return machine_.wall(); }
    [[nodiscard]] ports::Uptime uptime() const override { return machine_.uptime(); }

   private:
    MachineClock& machine_;
  };

  // A fault has fired when somebody first looks at a time that it makes wrong.
  base::WallTime wall();
  [[nodiscard]] ports::Uptime uptime() const {
    return {base::fnv1a(till_) + boots_, now() - booted_};
  }

  std::string till_;
  const ports::Clock& right_;
  Face face_{*this};
  std::uint64_t boots_ = 1;
  base::Instant booted_;
  std::map<words::FaultId, std::unique_ptr<WrongTime>> wrong_;
};

}  // namespace tillrig::world
