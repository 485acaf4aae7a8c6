#pragma once

#include "pos/base/time.hpp"

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace tillrig::world {

// What has happened so far in a run, as far as it takes to say afterwards what led to something:
// for each event its cause, and what came before it of the same sale and at the same till.
class Past {
 public:
  // Events are numbered from 1; 0 is none.
  using Number = std::uint32_t;

  struct Event {
    base::Instant at;
    Number cause = 0;
    Number struck = 0;  // of a fault that fired: what was being done when it did
    std::uint32_t sale = 0;
    std::uint32_t whose = 0;
    std::uint32_t line = 0;    // of the scenario that was being played
    bool disturbance = false;  // a fault's event, a kill, a power cut
  };

  // The next event. Both causes must be of earlier ones.
  void add(const Event& event);
  [[nodiscard]] Number events() const { return static_cast<Number>(past_.size() - 1); }

  // What a verdict at the end of a run is about; 0: not known.
  struct Subject {
    std::uint32_t sale = 0;
    std::uint32_t whose = 0;
    base::Instant at;
    std::uint32_t line = 0;  // of the scenario
  };
  // The events that led up to it, oldest first: back from the last event of the sale that a fault
  // had a hand in, or from its last one and from the disturbance nearest to it. Without a sale:
  // from the last event there before its time, and from the step of its line.
  [[nodiscard]] std::vector<std::uint64_t> chain(const Subject& subject) const;

 private:
  struct Kept : Event {
    Number before_of_sale = 0;
    Number before_there = 0;
  };

  // All that led to the event, itself included, added to `into`; whether a disturbance is among it.
  bool walk(Number from, std::set<Number>& into) const;
  [[nodiscard]] Number last_there(std::uint32_t whose, base::Instant at) const;
  [[nodiscard]] Number nearest_disturbance(std::uint32_t whose, base::Instant at) const;

  std::vector<Kept> past_ = std::vector<Kept>(1);
  std::vector<Number> disturbances_;
  std::vector<Number> last_of_sale_;  // by the sale's id
  std::vector<Number> last_by_whose_;
  std::vector<Number> first_of_line_;  // which is its step
};

}  // namespace tillrig::world
