#include "sim/explore/mutant_score.hpp"

#include "sim/explore/run_json.hpp"

#include <algorithm>

namespace tillrig::explore {

Score::Score(const Selection& selection, const std::vector<const base::Mutant*>& mutants) {
  for (const base::Mutant* mutant : mutants) {
    for (std::size_t i = 0; i < selection.scenarios.size(); ++i) {
      const std::vector<std::string>& kills = selection.scenarios[i].kills;
      if (std::find(kills.begin(), kills.end(), mutant->name) == kills.end()) continue;
      add_trial(*mutant, i, selection);
    }
  }
}

void Score::add_trial(const base::Mutant& mutant, std::size_t scenario,
                      const Selection& selection) {
  Trial trial;
  trial.mutant = &mutant;
  trial.scenario = selection.scenarios[scenario].report.name;
  for (const Run& run : selection.runs) {
    if (run.scenario == scenario) add_task(trials_.size(), run);
  }
  trials_.push_back(std::move(trial));
}

void Score::add_task(std::size_t trial, const Run& run) {
  tasks_.push_back({trial, run});
  waiting_.push_back(tasks_.size() - 1);
}

std::optional<std::pair<std::size_t, std::string>> Score::next() {
  while (!waiting_.empty()) {
    const std::size_t number = waiting_.front();
    waiting_.pop_front();
    const Trial& trial = trials_[tasks_[number].trial];
    if (trial.killed) continue;
    Request request = tasks_[number].run.request;
    request.mutants = {std::string(trial.mutant->name)};
    ++handed_out_;
    return std::pair(number, write_request(request));
  }
  return std::nullopt;
}

std::size_t Score::total() const {
  const auto waiting = std::count_if(waiting_.begin(), waiting_.end(), [this](std::size_t number) {
    return !trials_[tasks_[number].trial].killed;
  });
  return handed_out_ + static_cast<std::size_t>(waiting);
}

void Score::take(const WorkerPool::Answer& answer) {
  ++done_;
  const Task& task = tasks_[answer.number];
  Trial& trial = trials_[task.trial];
  auto result = read_run(answer.line);
  if (!answer.died.empty() || !result) {
    trial.broke = answer.died.empty() ? result.error().what : answer.died;
    return;
  }
  for (const Failing& failing : result->failures) {
    const std::string& by = failing.invariant.empty() ? failing.kind : failing.invariant;
    if (by == trial.mutant->invariant) {
      if (!trial.killed)
        trial.by = fmt::format("{} seed {}", task.run.name.variant, task.run.name.seed);
      trial.killed = true;
    } else if (std::find(trial.others.begin(), trial.others.end(), by) == trial.others.end()) {
      trial.others.push_back(by);
    }
  }
  if (task.run.sweep.empty()) return;
  for (std::uint64_t n = 1; n <= result->port_calls; ++n) {
    add_task(task.trial, sweep_run(task.run, n));
  }
}

base::Result<void> Score::play(
    unsigned jobs, const std::function<void(std::size_t done, std::size_t total)>& tick) {
  const Interrupt interrupt;
  WorkerPool pool(interrupt);
  WorkerPool::Crew crew;
  crew.workers = jobs;
  crew.next = [this] { return next(); };
  pool.add(std::move(crew));
  return pool.run([this](const WorkerPool::Answer& answer) { take(answer); },
                  [&] { tick(done_, total()); });
}

}  // namespace tillrig::explore
