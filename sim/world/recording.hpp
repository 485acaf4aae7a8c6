#pragma once

#include "devices/role/simulated.hpp"
#include "pos/ports/clock.hpp"
#include "pos/ports/recorder.hpp"
#include "sim/net/relay.hpp"
#include "sim/oracle/tapes.hpp"
#include "sim/trace/writer.hpp"
#include "sim/world/marks.hpp"
#include "sim/world/sight.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace tillrig::world {

// Everything that is written down about a run: the tapes for the oracle, the timeline for people,
// the marks for triggers. One for all beds.
class Recording final : public net::Tap {
 public:
  // The timeline is optional; `clock` is the run's own time, and `origin` what it shows at the
  // start: tapes and timeline count from there.
  Recording(const ports::Clock& clock, trace::Writer* timeline, base::Instant origin = {});
  ~Recording() override;

  [[nodiscard]] oracle::Tapes& tapes() { return tapes_; }
  // Time since the start of the run.
  [[nodiscard]] base::Instant now() const { return since(clock_.now()); }
  // The receipts of one till, oldest first.
  [[nodiscard]] std::vector<oracle::PaperEntry> paper_of(const std::string& till) const;
  // The line of the scenario file that is being played, for witnesses.
  void at_line(int line) { line_ = line; }
  [[nodiscard]] int line() const { return line_; }

  // The recorder port of one process; its notes become events on the lane of that name.
  std::unique_ptr<ports::Recorder> recorder_for(std::string lane);

  // What a cashier sees.
  void shown(const std::string& till, const Shown& shown);
  void pressed(const std::string& till, std::string_view prompt, std::string_view button);
  // What a device at a till did.
  void device(const std::string& till, std::string_view role, devices::Record record);
  void act(oracle::ActEntry::Kind kind, std::string_view what, const std::string& till);
  void reached(const net::Exchange& exchange) override;
  void finished(const net::Exchange& exchange) override;

  // Marks met so far; each note is one.
  [[nodiscard]] Marks& marks() { return marks_; }
  [[nodiscard]] const Marks& marks() const { return marks_; }

  // How many scans a till has answered, by a new line or by its reject tone.
  [[nodiscard]] std::uint64_t scans_answered(const std::string& till) const;
  // How often a cashier was shown something; grows with every shown().
  [[nodiscard]] std::uint64_t shown_count(const std::string& till) const;
  // A line of our own on the timeline. Returns the number of the event.
  std::uint64_t note(std::string_view lane, std::string_view name, std::string_view sale = {},
                     ports::Severity severity = ports::Severity::info,
                     std::initializer_list<ports::Arg> args = {});
  // Over everything that was recorded, the tapes as they are now included, wall clock excepted:
  // equal for equal runs.
  [[nodiscard]] std::uint64_t digest() const;

 private:
  class Line;
  [[nodiscard]] base::Instant since(base::Instant at) const;
  std::uint64_t record(const std::string& lane, const ports::Note& note,
                       std::span<const ports::Arg> args);
  void write_event(const std::string& lane, const ports::Note& note,
                   std::span<const ports::Arg> args);
  void mix(std::string_view text);
  void mix(std::uint64_t number);

  const ports::Clock& clock_;
  trace::Writer* timeline_;
  base::Instant origin_;
  oracle::Tapes tapes_;
  int line_ = 0;
  std::uint64_t events_ = 0;
  std::uint64_t order_ = 0;  // of entries on the tapes
  std::uint64_t digest_ = 0x9e3779b97f4a7c15ULL;
  Marks marks_;
  std::map<std::string, std::uint64_t> shown_;
  std::map<std::string, std::uint64_t> scans_;
};

}  // namespace tillrig::world
