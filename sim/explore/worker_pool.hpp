#pragma once

#include "pos/base/result.hpp"
#include "pos/base/time.hpp"
#include "sim/explore/interrupt.hpp"
#include "sim/explore/worker_process.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace tillrig::explore {

// Gives requests to worker processes and hands back their answers. Several crews can be at work at
// the same time, each with processes and an environment of its own; a process that dies takes only
// the request it was at with it.
class WorkerPool {
 public:
  struct Crew {
    unsigned workers = 1;
    std::vector<std::pair<std::string, std::string>> environment;
    // The next request, with a number for the answer; nothing for now: it is asked again after
    // every answer.
    std::function<std::optional<std::pair<std::size_t, std::string>>()> next;
  };
  struct Answer {
    std::size_t crew = 0;
    std::size_t number = 0;
    std::string line;  // empty when the process died
    std::string died;  // how, as a sentence
    base::Duration wall{0};
  };

  explicit WorkerPool(const Interrupt& interrupt) : interrupt_(interrupt) {}

  void add(Crew crew) { crews_.push_back(std::move(crew)); }
  // Until no crew has a request and every answer is in, or the interrupt. `tick` is called now and
  // then. Errors: io, when no process can be started; internal, when one ends badly after its work;
  // cancelled by the interrupt: every process is gone.
  base::Result<void> run(const std::function<void(const Answer&)>& on_answer,
                         const std::function<void()>& tick);

 private:
  struct Seat {
    std::size_t crew = 0;
    std::unique_ptr<WorkerProcess> process;
    std::optional<std::size_t> busy;  // number of the request it is at
    base::Instant since;
  };

  base::Result<bool> hand_out(Seat& seat);
  void hear(Seat& seat, const std::function<void(const Answer&)>& on_answer);
  void wait();
  base::Result<void> dismiss();

  const Interrupt& interrupt_;
  std::vector<Crew> crews_;
  std::vector<Seat> seats_;
  std::string wrong_;  // how a worker ended that had nothing to do
};

// The machine's steady clock.
base::Instant wall_now();

}  // namespace tillrig::explore
