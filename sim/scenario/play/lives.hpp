#pragma once

#include "sim/scenario/play/story.hpp"

#include <map>
#include <set>
#include <string>
#include <string_view>

namespace tillrig::scenario {

// The tills' apps: which the scenario has started, and whether one has ended by itself.
class Lives {
 public:
  Lives(world::Bed& bed, Story& story) : bed_(bed), story_(story) {}

  // Starts the till's app.
  base::Awaitable<base::Result<void>> start(std::string till);
  // Tills that were started at least once.
  [[nodiscard]] const std::set<std::string>& started() const { return started_; }

  // Whether a step can begin at this till: its app runs. If not, the run has failed.
  bool can_begin(const std::string& till, std::string_view step);
  // Fails when the till's app has ended without an act of the scenario; told once.
  void notice_death(const std::string& till);

  // How much was done to the world so far.
  [[nodiscard]] std::size_t acts_so_far() { return bed_.recording().tapes().acts.size(); }
  // Whether the scenario has stopped this till since so much was done.
  [[nodiscard]] bool stopped_since(const std::string& till, std::size_t acts);

 private:
  world::Bed& bed_;
  Story& story_;
  std::set<std::string> started_;
  std::map<std::string, std::size_t> told_;  // till -> its start (an act) that came to a known end
};

}  // namespace tillrig::scenario
