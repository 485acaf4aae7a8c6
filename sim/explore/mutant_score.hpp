#pragma once

#include "pos/base/mutant.hpp"
#include "sim/explore/selection.hpp"
#include "sim/explore/worker_pool.hpp"

#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace tillrig::explore {

// One mutant in one scenario that says it kills it.
struct Trial {
  const base::Mutant* mutant = nullptr;
  std::string scenario;
  bool killed = false;              // by the invariant of the mutant's row
  std::string by;                   // the run that did
  std::vector<std::string> others;  // what else failed
  std::string broke;                // the rig
};

// Plays each mutant in its scenarios, run after run until one kills it as its row says.
class Score {
 public:
  Score(const Selection& selection, const std::vector<const base::Mutant*>& mutants);

  // Until every trial is decided; `tick` is told now and then how many runs are over, of how many.
  // Errors: as WorkerPool::run.
  base::Result<void> play(unsigned jobs,
                          const std::function<void(std::size_t done, std::size_t total)>& tick);
  [[nodiscard]] const std::vector<Trial>& trials() const { return trials_; }

 private:
  // One run of a trial.
  struct Task {
    std::size_t trial = 0;
    Run run;
  };

  void add_trial(const base::Mutant& mutant, std::size_t scenario, const Selection& selection);
  void add_task(std::size_t trial, const Run& run);
  std::optional<std::pair<std::size_t, std::string>> next();
  void take(const WorkerPool::Answer& answer);
  // Runs that are over, under way, or will still be played as things stand: a mutant that is killed
  // needs no more of them, and a sweep brings some.
  [[nodiscard]] std::size_t total() const;

  std::vector<Trial> trials_;
  std::deque<Task> tasks_;
  std::deque<std::size_t> waiting_;
  std::size_t handed_out_ = 0;
  std::size_t done_ = 0;
};

}  // namespace tillrig::explore
