#include "sim/explore/suite_player.hpp"

#include "sim/explore/other_environment.hpp"
#include "sim/explore/run_json.hpp"
#include "sim/oracle/invariant.hpp"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <thread>

namespace tillrig::explore {
namespace {

std::string part_of(const std::string& timeline) {
  return timeline + ".part";
}

RunResult broken(const RunName& name, std::string what) {
  RunResult result;
  result.broke = true;
  Failing failing;
  failing.kind = "rig";
  failing.file = name.file;
  failing.what = std::move(what);
  failing.expected = "the run to come to its end, whatever the till does";
  result.failures.push_back(std::move(failing));
  return result;
}

std::uint64_t digest_number(const std::string& text) {
  std::uint64_t value = 0;
  static_cast<void>(std::from_chars(text.data(), text.data() + text.size(), value, 16));
  return value;
}

// Both playings are judged together by INV-38, which one alone gives nothing to look at.
void judge_determinism(const RunResult& second, RunResult& first) {
  if (first.broke || second.broke) return;
  oracle::Tapes tapes;
  tapes.digest_first = digest_number(first.digest);
  tapes.digest_second = digest_number(second.digest);
  tapes.digests_known = true;
  for (const oracle::Verdict& verdict : oracle::judge(tapes)) {
    if (verdict.judged == 0) continue;
    first.judged.push_back({std::string(verdict.invariant), verdict.judged});
  }
}

}  // namespace

SuitePlayer::SuitePlayer(Settings settings, Selection selection, Audience& audience)
    : settings_(std::move(settings)),
      timeline_names_(settings_.timelines),
      selection_(std::move(selection)),
      jobs_(settings_.jobs != 0 ? settings_.jobs
                                : std::max(1U, std::thread::hardware_concurrency())),
      audience_(audience) {
  // Real time is never the same twice, so there is nothing to compare on the live bed.
  if (settings_.bed == "live" || settings_.once) crews_ = 1;
  suite_.playings = static_cast<unsigned>(crews_);
  suite_.mutants = settings_.mutants;
  suite_.bed = settings_.bed;
  for (const Selected& selected : selection_.scenarios) suite_.scenarios.push_back(selected.report);
  for (const Run& run : selection_.runs) add(run);
}

void SuitePlayer::add(const Run& run, unsigned timeline_number) {
  Playing playing;
  playing.run = run;
  playing.probe = !run.sweep.empty();
  playing.timeline = timeline_names_.take(run.name, timeline_number);
  ScenarioReport& scenario = suite_.scenarios[run.scenario];
  playing.row = scenario.runs.size();
  RunReport row;
  row.name = run.name;
  scenario.runs.push_back(std::move(row));
  playings_.push_back(std::move(playing));
}

std::optional<std::pair<std::size_t, std::string>> SuitePlayer::next(std::size_t crew) {
  if (handed_out_[crew] == playings_.size()) return std::nullopt;
  if (settings_.fail_fast && failed_ != 0) return std::nullopt;
  // One process at a time was asked for: the second playings come after all of the first.
  if (crew == 1 && jobs_ == 1 && finished_first_ < playings_.size()) return std::nullopt;
  const std::size_t number = handed_out_[crew]++;
  latest_ = number;
  Request request = playings_[number].run.request;
  if (crew == 0 && !settings_.timelines.empty()) {
    request.timeline = part_of(playings_[number].timeline.path);
    in_flight_.insert(number);
  }
  if (!scratch_.path().empty()) request.scratch = run_folder(number);
  return std::pair(number, write_request(request));
}

std::string SuitePlayer::run_folder(std::size_t number) const {
  return fmt::format("{}/{}", scratch_.path(), number);
}

// Kept beside its place until the run is over, so that a folder never holds half a timeline.
void SuitePlayer::keep_timeline(std::size_t number, RunResult& result) {
  if (settings_.timelines.empty()) return;
  const std::string& path = playings_[number].timeline.path;
  std::error_code error;
  std::filesystem::rename(part_of(path), path, error);
  result.timeline = error ? "" : path;
  in_flight_.erase(number);
}

void SuitePlayer::take_answer(const WorkerPool::Answer& answer) {
  Playing& playing = playings_[answer.number];
  RunResult result;
  if (!answer.died.empty()) {
    result = broken(playing.run.name, answer.died);
  } else if (auto read = read_run(answer.line)) {
    result = *std::move(read);
  } else {
    result = broken(playing.run.name, "a worker's answer: " + read.error().what);
  }
  if (answer.crew == 0) {
    ++finished_first_;
    keep_timeline(answer.number, result);
    if (playing.probe && result.failures.empty()) expand(playing, result.port_calls);
  }
  if (!scratch_.path().empty()) {
    std::error_code ignored;
    std::filesystem::remove_all(run_folder(answer.number), ignored);
  }
  playing.wall += answer.wall;
  playing.results[answer.crew] = std::move(result);
  for (std::size_t crew = 0; crew < crews_; ++crew) {
    if (!playing.results[crew]) return;
  }
  finish(answer.number);
}

void SuitePlayer::expand(const Playing& probe, std::uint64_t calls) {
  suite_.scenarios[probe.run.scenario].boundaries += calls;
  for (std::uint64_t n = 1; n <= calls; ++n) add(sweep_run(probe.run, n), probe.timeline.number);
}

void SuitePlayer::finish(std::size_t number) {
  Playing& playing = playings_[number];
  RunReport& row = suite_.scenarios[playing.run.scenario].runs[playing.row];
  row.result = *std::move(playing.results[0]);
  if (crews_ == 2) {
    row.result = compare(row.name, std::move(row.result), *playing.results[1]);
    judge_determinism(*playing.results[1], row.result);
    if (!playing.results[1]->broke && playing.results[1]->locale.empty()) {
      suite_.missing_locale = kOtherLocale;
    }
  }
  row.wall = playing.wall;
  row.finished = true;
  playing.results = {};
  ++finished_;
  if (!row.result.failures.empty()) ++failed_;
  audience_.over(row, suite_);
}

void SuitePlayer::tell_progress() {
  audience_.at(finished_, failed_, playings_.size(),
               playings_.empty() ? nullptr : &playings_[latest_].run.name);
}

base::Result<void> SuitePlayer::play() {
  const base::Instant began = wall_now();
  if (settings_.bed == "live") {
    if (auto made = scratch_.make(); !made) return made;
  }
  WorkerPool pool(interrupt_);
  for (std::size_t crew = 0; crew < crews_; ++crew) {
    WorkerPool::Crew workers;
    workers.next = [this, crew] { return next(crew); };
    if (crews_ == 1) {
      workers.workers = jobs_;
    } else if (crew == 0) {
      workers.workers = std::max(1U, jobs_ / 2);
    } else {
      workers.workers = std::max(1U, jobs_ / 2) + 1;
      workers.environment = other_environment();
    }
    pool.add(std::move(workers));
  }
  auto played = pool.run([this](const WorkerPool::Answer& answer) { take_answer(answer); },
                         [this] { tell_progress(); });
  suite_.wall = wall_now() - began;
  for (const std::size_t number : in_flight_) {
    std::error_code ignored;
    std::filesystem::remove(part_of(playings_[number].timeline.path), ignored);
  }
  return played;
}

}  // namespace tillrig::explore
