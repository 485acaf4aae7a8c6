#pragma once

#include "sim/explore/interrupt.hpp"
#include "sim/explore/scratch_folder.hpp"
#include "sim/explore/selection.hpp"
#include "sim/explore/suite_report.hpp"
#include "sim/explore/timeline_names.hpp"
#include "sim/explore/worker_pool.hpp"

#include <array>
#include <deque>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace tillrig::explore {

// Whoever follows a suite while it is played.
class Audience {
 public:
  virtual ~Audience() = default;
  // A run is over, as often as it is played.
  virtual void over(const RunReport& run, const SuiteReport& suite) = 0;
  // How far it is; now and then. `latest` is the run handed out last, null before the first.
  virtual void at(std::size_t done, std::size_t failed, std::size_t total,
                  const RunName* latest) = 0;
};

// Plays a selection: every run twice, the second time in other processes with another number of
// jobs, another time zone and locale; tells its audience what becomes of each and fills the report.
class SuitePlayer {
 public:
  struct Settings {
    unsigned jobs = 0;       // 0: one a core
    bool fail_fast = false;  // nothing more is begun after the first run that failed
    bool once = false;       // a single playing of each run, compared with nothing
    std::string bed = "virtual";
    std::vector<std::string> mutants;
    std::string timelines;  // folder for those of the first playings; empty: none
  };

  // The audience outlives the player.
  SuitePlayer(Settings settings, Selection selection, Audience& audience);

  // Errors: cancelled by Ctrl-C (the report has what was finished), not_allowed (no
  // scratch folder for the live bed), io, internal. After any
  // nothing of the runs is left: no process, no scratch folder, no half-written timeline.
  base::Result<void> play();
  [[nodiscard]] SuiteReport& report() { return suite_; }
  [[nodiscard]] const Selection& selection() const { return selection_; }

 private:
  static constexpr std::size_t kMostCrews = 2;

  // One run on its way: what each crew's playing gave.
  struct Playing {
    Run run;
    bool probe = false;  // of a sweep: it is itself played, and brings more
    std::array<std::optional<RunResult>, kMostCrews> results;
    base::Duration wall{0};
    std::size_t row = 0;  // in its scenario's report
    TimelineNames::Name timeline;
  };

  void add(const Run& run, unsigned timeline_number = 1);
  void take_answer(const WorkerPool::Answer& answer);
  void keep_timeline(std::size_t number, RunResult& result);
  void expand(const Playing& probe, std::uint64_t calls);
  void finish(std::size_t number);
  std::optional<std::pair<std::size_t, std::string>> next(std::size_t crew);
  void tell_progress();
  [[nodiscard]] std::string run_folder(std::size_t number) const;

  Settings settings_;
  TimelineNames timeline_names_;
  Selection selection_;
  SuiteReport suite_;
  std::size_t crews_ = kMostCrews;
  unsigned jobs_;
  std::deque<Playing> playings_;  // grows while it is played: references stay good
  std::array<std::size_t, kMostCrews> handed_out_{};
  std::set<std::size_t> in_flight_;  // with a timeline being written
  std::size_t finished_first_ = 0;   // by the first crew
  std::size_t finished_ = 0;
  std::size_t failed_ = 0;
  std::size_t latest_ = 0;  // the one handed out last
  ScratchFolder scratch_;
  Audience& audience_;
  // From before the first process until the reports are written: after the playing a signal is only
  // noted, so that none of them is cut in the middle.
  Interrupt interrupt_;
};

}  // namespace tillrig::explore
