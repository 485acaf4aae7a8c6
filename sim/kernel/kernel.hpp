#pragma once

#include "pos/base/result.hpp"
#include "pos/base/time.hpp"
#include "sim/kernel/task.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace boost::asio {
class execution_context;
}

namespace tillrig::kernel {

using base::Duration;
using base::Instant;
using base::Result;

// A lane is whoever events happen to: a process, a device, a link, the player of the scenario.
// Counted from 1; 0 is none.
using Lane = std::uint32_t;

// The number of an event on the timeline: what brought something about. 0 is nothing known.
using Cause = std::uint32_t;

// A planned event, to cancel it by. 0 is none; a handle goes stale when its event has run.
struct Handle {
  std::uint64_t id = 0;
};

struct Limits {
  std::uint64_t events = 500'000'000;        // of a kernel; past it the run ends with an Error
  std::uint32_t at_one_instant = 1'000'000;  // livelock guard: events while time stands still
};

// Virtual time: an indexed 4-ary heap of planned events ordered by (time, sequence), a first-in
// first-out queue of what is due now, and a running digest over (time, lane) of all that ran.
// Cancel is eager: the event leaves the heap. A kernel is a value: no globals, any number per
// process, each used by one thread at a time. It never looks at the machine's clock.
class Kernel {
 public:
  explicit Kernel(Limits limits = {});
  ~Kernel();
  Kernel(const Kernel&) = delete;
  Kernel& operator=(const Kernel&) = delete;

  [[nodiscard]] Instant now() const;

  Lane open_lane(std::string name);
  [[nodiscard]] const std::string& lane_name(Lane lane) const;

  // Ends a lane: everything planned or due on it is destroyed without running, and whatever is
  // handed to it later is destroyed at once. Coroutines waiting on the lane unwind inside this
  // call. Not to be called from an event of the lane itself: use post() on another lane for that.
  void close_lane(Lane lane);
  [[nodiscard]] bool lane_open(Lane lane) const;

  // Holds a lane's events back from the next one on, while time goes on for all others: a process
  // that a debugger has stopped. Thawed, what has come due meanwhile runs at once, in the order in
  // which it did. Closing the lane ends that too.
  void freeze_lane(Lane lane);
  void thaw_lane(Lane lane);

  // Runs the task on the lane at `when` (at once, after what is due already, if that has passed).
  // What is planned at never() waits until it is moved, cancelled, or its lane is closed.
  Handle call_at(Instant when, Lane lane, Task task);
  // True if it was still planned; it is destroyed without running.
  bool cancel(Handle handle);
  // The same event at another time, as if planned anew; the old handle goes stale. 0 if it was no
  // longer planned.
  Handle move(Handle handle, Instant when);
  // As call_at(now()), cheaper: there is no handle to cancel it by.
  void post(Lane lane, Task task);

  // The cause of what is running: the last event recorded in this chain of control. A task that is
  // planned, posted or moved carries the cause of its moment and finds it again when it runs, so
  // that whoever records need not be told what led to what. 0 outside of events.
  [[nodiscard]] Cause cause() const;
  // What follows in this event is due to that one.
  void set_cause(Cause cause);
  // The same, to be read by who may outlive the kernel.
  [[nodiscard]] std::shared_ptr<const Cause> shared_cause() const;

  // Runs events in order until none is left, `until` is reached (what is due at that instant runs
  // too; time then stands at `until`), or stop() was called. Not to be called from an event.
  // Errors: internal, naming the lanes that spin when the livelock guard or the event budget trips.
  Result<void> run(Instant until = Instant::never());
  // Lets run() return after the event that is running.
  void stop();

  // Over (time, lane) of every event that ran, and whatever was mixed in.
  [[nodiscard]] std::uint64_t digest() const;
  void mix(std::uint64_t value);

  [[nodiscard]] std::uint64_t events() const;  // run so far
  [[nodiscard]] std::size_t planned() const;   // in the heap
  [[nodiscard]] Instant next() const;          // when the next event is due; never() if none is
  [[nodiscard]] Lane running() const;          // whose event is running; 0 outside of events

  // For executors: one per kernel.
  [[nodiscard]] boost::asio::execution_context& context();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// While it lives, what is planned counts as brought about by another event.
class Because {
 public:
  Because(Kernel& kernel, Cause cause) : kernel_(kernel), before_(kernel.cause()) {
    kernel_.set_cause(cause);
  }
  ~Because() { kernel_.set_cause(before_); }
  Because(const Because&) = delete;
  Because& operator=(const Because&) = delete;

 private:
  Kernel& kernel_;
  Cause before_;
};

}  // namespace tillrig::kernel
