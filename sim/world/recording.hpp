#pragma once

#include "devices/role/simulated.hpp"
#include "pos/ports/clock.hpp"
#include "pos/ports/recorder.hpp"
#include "sim/kernel/kernel.hpp"
#include "sim/net/relay.hpp"
#include "sim/oracle/tapes.hpp"
#include "sim/world/device_witness.hpp"
#include "sim/world/marks.hpp"
#include "sim/world/order.hpp"
#include "sim/world/sight.hpp"
#include "sim/world/timeline/chronicle.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tillrig::world {

// Everything that is written down about a run: the tapes for the oracle, the timeline for people,
// the marks for triggers. One for all beds.
class Recording final : public net::Tap, public DeviceWitness {
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
  // Where this kernel keeps what led to what: notes find their causes there, and become the cause
  // of what follows in the same event. On beds of real time nobody calls it.
  void take_causes_from(kernel::Kernel& kernel) { kernel_ = &kernel; }
  // The line of the scenario file that is being played, for witnesses (0: none any more). Told for
  // every step that begins: an event that nothing led to but, within a listener, the mark. Going
  // back there to the line before is no step.
  void at_line(int line);
  [[nodiscard]] int line() const { return line_; }
  // A phase of the scenario begins, told on that line of the file: the one before it is over.
  void at_phase(std::string_view name, int line);
  // The state of every till is written down as a phase leaves it.
  void end_phase();
  // From here on several play at once: without a kernel nobody knows which step an order is due to.
  void many_hands() { alone_ = false; }
  // The event of the step that is being played, on beds of real time and as far as it is certain;
  // 0.
  [[nodiscard]] std::uint64_t step() const { return kernel_ == nullptr && alone_ ? step_ : 0; }
  [[nodiscard]] bool has_kernel() const { return kernel_ != nullptr; }

  // As long as it lives, what is recorded without a cause is due to that event (0: not known). Only
  // where no kernel keeps the causes, and only around what happens at once.
  class DueTo {
   public:
    DueTo(Recording& recording, std::uint64_t event)
        : recording_(recording), before_(std::exchange(recording.due_to_, event)) {}
    ~DueTo() { recording_.due_to_ = before_; }
    DueTo(const DueTo&) = delete;
    DueTo& operator=(const DueTo&) = delete;

   private:
    Recording& recording_;
    std::uint64_t before_;
  };

  // The recorder port of one process; its notes become events on the lane of that name.
  std::unique_ptr<ports::Recorder> recorder_for(std::string lane);

  // What a cashier sees.
  void shown(const std::string& till, const Shown& shown);
  // What a cashier asks a till for; gives its place on the tape, from 1, or 0 for a question that
  // changes nothing. Then what came of it, as far as it is known.
  std::size_t asked(const std::string& till, const Order& order);
  void answered(std::size_t place, const base::Result<Reply>& reply);
  // What stands in a till's Sync Manager.
  void looked_into_manager(const std::string& till, const SyncManager& shown, base::Instant asked);
  // What a till wrote down of what the cloud has not got.
  void found(const std::string& till, std::string text, const FoundThere& found);
  void exported(const std::string& till, const ExportSeen& seen);
  // What a device at a till sent because somebody did something to it.
  void sent(const std::string& till, std::string_view role, base::ByteView bytes) override;
  void pressed(const std::string& till, std::string_view prompt, std::string_view button);
  // What a device at a till did.
  void device(const std::string& till, std::string_view role, devices::Record record) override;
  // The acquirer has written a row of its settlement file.
  void settled(oracle::SettlementEntry entry);
  // The attempt that this till asked its card terminal for last; empty: none.
  [[nodiscard]] std::string card_asked(const std::string& till) const;
  // Gives the number of its event.
  std::uint64_t act(oracle::ActEntry::Kind kind, std::string_view what, const std::string& till);
  // A fault did something to whom it hits: what follows there is due to it. Gives the number of the
  // event.
  struct Hit {
    std::string_view fault;
    std::string whose;
    std::uint64_t begun = 0;   // the event with which the fault began
    std::uint64_t struck = 0;  // and the one that was being done when it did something
    int line = 0;              // of the scenario that started it
    bool first = false;
  };
  std::uint64_t fired(const Hit& hit);
  // The event that what is running is due to; 0: not known.
  [[nodiscard]] std::uint64_t cause() const { return kernel_ != nullptr ? kernel_->cause() : 0; }
  // An edge in the life of a fault; `till` is whom the scenario named.
  void fault_edge(trace::FaultEdge edge, std::string_view fault, std::string_view till, int line);
  // What does not hold, for the timeline: with what led up to it. At the end of the run.
  void broken(const Chronicle::Broken& broken);
  void begun(const net::Exchange& exchange) override;
  void reached(const net::Exchange& exchange) override;
  void finished(const net::Exchange& exchange) override;

  // Marks met so far; each note is one.
  [[nodiscard]] Marks& marks() { return marks_; }
  [[nodiscard]] const Marks& marks() const { return marks_; }

  // How many scans a till has answered, by a new line or by its reject tone.
  [[nodiscard]] std::uint64_t scans_answered(const std::string& till) const;

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
  std::uint64_t record(const std::string& lane, const ports::Note& note,
                       std::span<const ports::Arg> args, Chronicle::Moment moment);
  // What follows in this chain of control is due to that event.
  void because_of(std::uint64_t number);
  void mix(std::string_view text);
  void mix(std::uint64_t number);

  const ports::Clock& clock_;
  kernel::Kernel* kernel_ = nullptr;
  std::unique_ptr<Chronicle> timeline_;
  base::Instant origin_;
  oracle::Tapes tapes_;
  int line_ = 0;
  int line_of_mark_ = 0;  // that was being played when the listeners were told
  int telling_ = 0;       // how deep in listeners we are
  std::uint64_t due_to_ = 0;
  std::uint64_t step_ = 0;  // its event
  bool alone_ = true;       // the phases are played and nothing beside them
  std::uint64_t events_ = 0;
  std::uint64_t order_ = 0;  // of entries on the tapes
  std::uint64_t digest_ = 0x9e3779b97f4a7c15ULL;
  Marks marks_;
  std::map<std::string, std::uint64_t> scans_;
  std::map<std::string, std::string> card_asked_;  // by till
};

}  // namespace tillrig::world
