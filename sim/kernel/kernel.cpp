#include "sim/kernel/kernel.hpp"

#include "pos/base/assert.hpp"
#include "sim/kernel/plan.hpp"
#include "sim/kernel/ready.hpp"
#include "sim/kernel/recycling.hpp"
#include "sim/kernel/tally.hpp"

#include <boost/asio/execution_context.hpp>

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

namespace tillrig::kernel {

namespace {

// One round of a multiply-and-fold mix: cheap, and every input bit reaches the upper half.
std::uint64_t stir(std::uint64_t hash, std::uint64_t value) {
  __extension__ using Wide = unsigned __int128;
  const Wide product = static_cast<Wide>(hash ^ value) * 0x9e3779b97f4a7c15ULL;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

}  // namespace

struct Kernel::State {
  explicit State(Limits l) : limits(l), tally(l) {}

  void run_planned();
  void run_ready();
  // After each event. False: a guard has tripped.
  bool count(Lane lane) {
    ++events;
    ++at_instant;
    if (events <= tally.events_from && at_instant <= tally.instant_from) [[likely]]
      return true;
    tally.add(lane);
    return events <= limits.events && at_instant <= limits.at_one_instant;
  }
  [[nodiscard]] bool ready_first() {
    return !ready.empty() && (plan.empty() || plan.top().when > now ||
                              plan.top().id >> kSlotBits > ready.front().sequence);
  }
  void destroy_lane(Lane lane);
  // Of a frozen lane: puts what is due aside instead of running it. False: the lane runs.
  bool hold_planned(Lane lane);
  bool hold_ready(Lane lane);
  [[nodiscard]] base::Failure tripped() const;

  // Destroyed last: what unwinds below may still ask for its services.
  boost::asio::execution_context context;
  Limits limits;
  std::int64_t now = 0;
  std::uint64_t sequence = 0;
  std::uint64_t digest = 0x74696c6c72696731ULL;
  std::uint64_t events = 0;
  std::uint32_t at_instant = 0;
  Lane running = 0;
  const std::shared_ptr<Cause> shared_cause = std::make_shared<Cause>(0);
  Cause& cause = *shared_cause;
  bool stopped = false;
  bool in_run = false;
  Plan plan;
  Ready ready;
  std::vector<std::uint8_t> open = {0};  // by lane
  std::vector<std::string> names = {"no lane"};
  std::map<Lane, std::vector<std::uint64_t>> frozen;  // what is held, by handle; planned at never()
  Tally tally;
};

Kernel::Kernel(Limits limits) : state_(std::make_unique<State>(limits)) {}

Kernel::~Kernel() {
  std::fill(state_->open.begin(), state_->open.end(), std::uint8_t{0});
  state_->destroy_lane(0);
}

Instant Kernel::now() const {
  return Instant{state_->now};
}

Lane Kernel::open_lane(std::string name) {
  state_->names.push_back(std::move(name));
  state_->open.push_back(1);
  return static_cast<Lane>(state_->names.size() - 1);
}

const std::string& Kernel::lane_name(Lane lane) const {
  TILLRIG_ASSERT(lane < state_->names.size(), "a lane that was never opened has no name");
  return state_->names[lane];
}

bool Kernel::lane_open(Lane lane) const {
  TILLRIG_ASSERT(lane < state_->open.size(), "work for a lane that was never opened");
  return state_->open[lane] != 0;
}

void Kernel::close_lane(Lane lane) {
  if (!lane_open(lane)) return;
  TILLRIG_ASSERT(state_->running != lane,
                 "a lane is closed from another lane, not by its own event");
  state_->open[lane] = 0;
  state_->frozen.erase(lane);
  state_->destroy_lane(lane);
}

void Kernel::freeze_lane(Lane lane) {
  if (lane_open(lane)) state_->frozen.try_emplace(lane);
}

// Each event anew, for they are due by when they came due and not by when they were planned. One
// that was moved or cancelled meanwhile has another handle, or none.
void Kernel::thaw_lane(Lane lane) {
  State& s = *state_;
  const auto at = s.frozen.find(lane);
  if (at == s.frozen.end()) return;
  const std::vector<std::uint64_t> held = std::move(at->second);
  s.frozen.erase(at);
  for (const std::uint64_t id : held) {
    if (!s.plan.has(id)) continue;
    const Cause cause = s.plan.cause(static_cast<std::uint32_t>(id & kSlotMask));
    s.plan.move(id, s.now, ++s.sequence, cause);
  }
}

bool Kernel::State::hold_planned(Lane lane) {
  const auto at = frozen.find(lane);
  if (at == frozen.end()) return false;
  const std::uint64_t id = plan.top().id;
  plan.move(id, Instant::never().ns, id >> kSlotBits,
            plan.cause(static_cast<std::uint32_t>(id & kSlotMask)));
  at->second.push_back(id);
  return true;
}

bool Kernel::State::hold_ready(Lane lane) {
  const auto at = frozen.find(lane);
  if (at == frozen.end()) return false;
  Ready::Item item = ready.pop();
  const Key key = plan.add(Instant::never().ns, ++sequence, lane, item.cause, std::move(item.task));
  at->second.push_back(key.id);
  return true;
}

// Everything is moved out before the first destructor runs: those unwind coroutines, which may
// plan, post, cancel and close lanes. In order, because what they do to other lanes is part of the
// run.
void Kernel::State::destroy_lane(Lane lane) {
  std::vector<Plan::Removed> doomed;
  plan.remove_lane(lane, doomed);
  ready.remove_lane(lane, [&](std::uint64_t order, Task&& task) {
    doomed.push_back(Plan::Removed{Key{now, order << kSlotBits}, std::move(task)});
  });
  std::sort(doomed.begin(), doomed.end(), [](const Plan::Removed& a, const Plan::Removed& b) {
    return rank(a.key) < rank(b.key);
  });
  for (Plan::Removed& one : doomed) one.task.reset();
}

Handle Kernel::call_at(Instant when, Lane lane, Task task) {
  if (!lane_open(lane)) return {};
  State& s = *state_;
  const std::int64_t due = std::max(when.ns, s.now);
  return Handle{s.plan.add(due, ++s.sequence, lane, s.cause, std::move(task)).id};
}

bool Kernel::cancel(Handle handle) {
  if (!state_->plan.has(handle.id)) return false;
  state_->plan.remove(handle.id);
  return true;
}

Handle Kernel::move(Handle handle, Instant when) {
  State& s = *state_;
  if (!s.plan.has(handle.id)) return {};
  return Handle{s.plan.move(handle.id, std::max(when.ns, s.now), ++s.sequence, s.cause).id};
}

void Kernel::post(Lane lane, Task task) {
  if (!lane_open(lane)) return;
  state_->ready.push(++state_->sequence, lane, state_->cause, std::move(task));
}

// The task runs where it lies; the slot is given back even if it throws.
void Kernel::State::run_planned() {
  struct Held {
    State& s;
    std::uint32_t slot;
    ~Held() {
      s.plan.release(slot);
      s.running = 0;
      s.cause = 0;
    }
  };
  const Held held{*this, plan.pop()};
  running = plan.lane(held.slot);
  cause = plan.cause(held.slot);
  plan.prefetch();
  plan.task(held.slot)();
}

void Kernel::State::run_ready() {
  struct Held {
    State& s;
    Ready::Item item;
    ~Held() {
      item.task.reset();
      s.running = 0;
      s.cause = 0;
    }
  };
  Held held{*this, ready.pop()};
  running = held.item.lane;
  cause = held.item.cause;
  held.item.task();
}

Result<void> Kernel::run(Instant until) {
  State& s = *state_;
  TILLRIG_ASSERT(!s.in_run, "run() was called from an event of the same kernel");
  struct InRun {
    State& s;
    ~InRun() { s.in_run = false; }
  };
  s.in_run = true;
  s.stopped = false;
  const InRun in_run{s};
  const Recycling recycling;
  if (until.ns < s.now) return {};
  while (!s.stopped) {
    Lane lane = 0;
    if (s.ready_first()) {
      lane = s.ready.front().lane;
      if (!s.frozen.empty() && s.hold_ready(lane)) continue;
      s.digest = stir(stir(s.digest, static_cast<std::uint64_t>(s.now)), lane);
      s.run_ready();
    } else {
      if (s.plan.empty()) break;
      const Key top = s.plan.top();
      if (top.when > until.ns || top.when == Instant::never().ns) break;
      lane = s.plan.lane(static_cast<std::uint32_t>(top.id & kSlotMask));
      if (!s.frozen.empty() && s.hold_planned(lane)) continue;
      if (top.when != s.now) {
        TILLRIG_ASSERT(top.when > s.now, "virtual time does not run backwards");
        s.now = top.when;
        s.at_instant = 0;
        s.tally.new_instant();
      }
      s.digest = stir(stir(s.digest, static_cast<std::uint64_t>(s.now)), lane);
      s.run_planned();
    }
    if (!s.count(lane)) return s.tripped();
  }
  if (!s.stopped && until != Instant::never() && s.now != until.ns) {
    s.now = until.ns;
    s.at_instant = 0;
    s.tally.new_instant();
  }
  return {};
}

base::Failure Kernel::State::tripped() const {
  const std::string spin = tally.describe([this](Lane lane) { return names[lane]; });
  if (events > limits.events) {
    return base::fail(base::Code::internal,
                      "the run passed its budget of {} events at {} ns of virtual time; busiest in "
                      "the last {}: {}. Look for a loop without a wait, or raise the limit",
                      limits.events, now, tally.total(), spin);
  }
  return base::fail(
      base::Code::internal,
      "time stands still: more than {} events at {} ns of virtual time without it "
      "moving on; busiest in the last {}: {}. One of them waits for nothing in a loop",
      limits.at_one_instant, now, tally.total(), spin);
}

void Kernel::stop() {
  state_->stopped = true;
}

std::uint64_t Kernel::digest() const {
  return state_->digest;
}

void Kernel::mix(std::uint64_t value) {
  state_->digest = stir(state_->digest, value);
}

std::uint64_t Kernel::events() const {
  return state_->events;
}

std::size_t Kernel::planned() const {
  return state_->plan.size();
}

Instant Kernel::next() const {
  if (!state_->ready.empty()) return now();
  return state_->plan.empty() ? Instant::never() : Instant{state_->plan.top().when};
}

Cause Kernel::cause() const {
  return state_->cause;
}

void Kernel::set_cause(Cause cause) {
  state_->cause = cause;
}

std::shared_ptr<const Cause> Kernel::shared_cause() const {
  return state_->shared_cause;
}

Lane Kernel::running() const {
  return state_->running;
}

boost::asio::execution_context& Kernel::context() {
  return state_->context;
}

}  // namespace tillrig::kernel
