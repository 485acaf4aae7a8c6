#include "sim/app/commands.hpp"
#include "sim/app/exit_codes.hpp"
#include "sim/app/mutant_names.hpp"
#include "sim/app/progress.hpp"
#include "sim/app/say.hpp"
#include "sim/app/selection.hpp"
#include "sim/app/worker_pool.hpp"
#include "sim/report/run_json.hpp"
#include "sim/report/text.hpp"

#include <algorithm>
#include <deque>
#include <map>
#include <thread>

namespace tillrig::app {
namespace {

// One mutant in one scenario that says it kills it.
struct Trial {
  const base::Mutant* mutant = nullptr;
  std::string scenario;
  bool killed = false;              // by the invariant of the mutant's row
  std::string by;                   // the run that did
  std::vector<std::string> others;  // what else failed
  std::string broke;                // the rig
};

// One run of a trial.
struct Task {
  std::size_t trial = 0;
  Run run;
};

// Plays each mutant in its scenarios, run after run until one kills it as its row says.
class Score {
 public:
  Score(const Selection& selection, const std::vector<const base::Mutant*>& mutants) {
    for (const base::Mutant* mutant : mutants) {
      for (std::size_t i = 0; i < selection.scenarios.size(); ++i) {
        const std::vector<std::string>& kills = selection.scenarios[i].kills;
        if (std::find(kills.begin(), kills.end(), mutant->name) == kills.end()) continue;
        add_trial(*mutant, i, selection);
      }
    }
  }

  base::Result<void> play(unsigned jobs);
  [[nodiscard]] const std::vector<Trial>& trials() const { return trials_; }

 private:
  void add_trial(const base::Mutant& mutant, std::size_t scenario, const Selection& selection) {
    Trial trial;
    trial.mutant = &mutant;
    trial.scenario = selection.scenarios[scenario].report.name;
    for (const Run& run : selection.runs) {
      if (run.scenario == scenario) add_task(trials_.size(), run);
    }
    trials_.push_back(std::move(trial));
  }
  void add_task(std::size_t trial, const Run& run) {
    tasks_.push_back({trial, run});
    waiting_.push_back(tasks_.size() - 1);
  }
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
  auto result = report::read_run(answer.line);
  if (!answer.died.empty() || !result) {
    trial.broke = answer.died.empty() ? result.error().what : answer.died;
    return;
  }
  for (const report::Failing& failing : result->failures) {
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

base::Result<void> Score::play(unsigned jobs) {
  const Interrupt interrupt;
  WorkerPool pool(interrupt);
  WorkerPool::Crew crew;
  crew.workers = jobs;
  crew.next = [this] { return next(); };
  pool.add(std::move(crew));
  Progress progress(tasks_.size());
  return pool.run([this](const WorkerPool::Answer& answer) { take(answer); },
                  [&] {
                    progress.expect(total());
                    progress.at(done_, 0, "mutants");
                  });
}

std::string verdict(const Trial& trial) {
  if (!trial.broke.empty()) return "the rig broke: " + trial.broke;
  if (trial.killed) return "killed";
  if (trial.others.empty()) return "SURVIVED: nothing failed";
  return fmt::format("SURVIVED: failed, but not by {}", trial.mutant->invariant);
}

int print(const std::vector<Trial>& trials, const std::vector<const base::Mutant*>& mutants) {
  std::vector<std::vector<std::string>> rows;
  std::map<std::string_view, bool> killed;
  bool all_held = true;
  bool broke = false;
  for (const Trial& trial : trials) {
    std::string also;
    for (const std::string& other : trial.others) also += (also.empty() ? "" : " ") + other;
    rows.push_back({std::string(trial.mutant->name), trial.scenario,
                    std::string(trial.mutant->invariant), verdict(trial), also});
    killed[trial.mutant->name] = killed[trial.mutant->name] || trial.killed;
    all_held = all_held && trial.killed;
    broke = broke || !trial.broke.empty();
  }
  std::size_t dead = 0;
  for (const base::Mutant* mutant : mutants) {
    if (killed[mutant->name]) ++dead;
    if (killed.contains(mutant->name) &&
        std::any_of(trials.begin(), trials.end(),
                    [&](const Trial& t) { return t.mutant == mutant; })) {
      continue;
    }
    rows.push_back({std::string(mutant->name), "(none)", std::string(mutant->invariant),
                    "SURVIVED: no scenario kills it", ""});
    all_held = false;
  }
  say(report::table({{"mutant", false},
                     {"scenario", false},
                     {"invariant", false},
                     {"verdict", false},
                     {"failed too", false}},
                    rows));
  say(fmt::format("\n{} of {} mutants killed by the invariant they break\n", dead, mutants.size()));
  if (all_held) return kHeld;
  return broke ? kBroke : kFailed;
}

}  // namespace

int score_mutants(const MutantsOptions& options) {
  const auto refuse = [](const std::string& what) {
    complain("tillrig mutants: " + what + "\n");
    return kBadInput;
  };
  if (auto known = read_mutants(options.names); !known) return refuse(known.error().what);
  std::vector<const base::Mutant*> mutants = base::all_mutants();
  std::erase_if(mutants, [&](const base::Mutant* mutant) {
    return !options.names.empty() && std::find(options.names.begin(), options.names.end(),
                                               mutant->name) == options.names.end();
  });
  RunOptions all;
  all.paths = options.paths;
  const auto selection = select(all);
  if (!selection) return refuse(selection.error().what);
  if (!selection->problems.empty()) {
    for (const std::string& problem : selection->problems) complain(problem + "\n");
    return kBadInput;
  }
  Score score(*selection, mutants);
  const unsigned jobs =
      options.jobs != 0 ? options.jobs : std::max(1U, std::thread::hardware_concurrency());
  if (auto played = score.play(jobs); !played) {
    if (played.error().code == base::Code::cancelled) {
      say("interrupted: no score\n");
      return kInterrupted;
    }
    complain("tillrig mutants: the rig itself broke: " + played.error().what + "\n");
    return kBroke;
  }
  return print(score.trials(), mutants);
}

}  // namespace tillrig::app
