#pragma once

#include "sim/app/interrupt.hpp"
#include "sim/app/progress.hpp"
#include "sim/app/scratch_folder.hpp"
#include "sim/app/selection.hpp"
#include "sim/app/timeline_names.hpp"
#include "sim/app/worker_pool.hpp"
#include "sim/report/suite.hpp"
#include "sim/report/text.hpp"

#include <array>
#include <deque>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace tillrig::app {

// Plays a selection: every run twice, the second time in other processes with another number of
// jobs, another time zone and locale; prints what fails as it fails and fills the report.
class SuitePlayer {
 public:
  struct Settings {
    unsigned jobs = 0;  // 0: one a core
    std::string bed = "virtual";
    std::vector<std::string> mutants;
    bool verbose = false;  // a line for each run that held, too
    report::Paint paint;
    std::string timelines;  // folder for those of the first playings; empty: none
  };

  SuitePlayer(Settings settings, Selection selection);

  // Errors: cancelled by Ctrl-C (the report has what was finished), not_allowed (no
  // scratch folder for the live bed), io, internal. After any
  // nothing of the runs is left: no process, no scratch folder, no half-written timeline.
  base::Result<void> play();
  [[nodiscard]] report::SuiteReport& report() { return suite_; }
  [[nodiscard]] const Selection& selection() const { return selection_; }

 private:
  static constexpr std::size_t kMostCrews = 2;
  static constexpr std::size_t kMostShown = 20;  // failures that are printed whole

  // One run on its way: what each crew's playing gave.
  struct Playing {
    Run run;
    bool probe = false;  // of a sweep: it is itself played, and brings more
    std::array<std::optional<report::RunResult>, kMostCrews> results;
    base::Duration wall{0};
    std::size_t row = 0;  // in its scenario's report
    TimelineNames::Name timeline;
  };

  void add(const Run& run, unsigned timeline_number = 1);
  void take_answer(const WorkerPool::Answer& answer);
  void keep_timeline(std::size_t number, report::RunResult& result);
  void expand(const Playing& probe, std::uint64_t calls);
  void finish(std::size_t number);
  std::optional<std::pair<std::size_t, std::string>> next(std::size_t crew);
  [[nodiscard]] std::string now_playing() const;
  [[nodiscard]] std::string run_folder(std::size_t number) const;

  Settings settings_;
  TimelineNames timeline_names_;
  Selection selection_;
  report::SuiteReport suite_;
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
  Progress progress_;
  // From before the first process until the reports are written: after the playing a signal is only
  // noted, so that none of them is cut in the middle.
  Interrupt interrupt_;
};

}  // namespace tillrig::app
