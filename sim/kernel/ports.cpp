#include "sim/kernel/ports.hpp"

#include "pos/base/assert.hpp"
#include "pos/base/hash.hpp"
#include "sim/kernel/sleep.hpp"

#include <boost/asio/use_awaitable.hpp>

#include <functional>
#include <map>
#include <string>
#include <utility>

namespace tillrig::kernel {

base::WallTime LaneClock::wall() const {
  constexpr std::int64_t kMs = 1'000'000;
  const std::int64_t ns = kernel_.now().ns + skew_.count();
  const std::int64_t floor = ns >= 0 ? ns / kMs : -((-ns + kMs - 1) / kMs);
  return base::WallTime{start_.ms + floor};
}

ports::Awaitable<void> LaneTimer::sleep_until(base::Instant when) {
  return async_sleep_until(kernel_, lane_, when, boost::asio::use_awaitable);
}

namespace {

// A sleep is one planned event at the deadline; ring() moves it to now. The state is shared with
// that event, so the alarm may go first: the sleeper then keeps to its deadline.
class LaneAlarm final : public ports::Alarm {
 public:
  LaneAlarm(Kernel& kernel, Lane lane)
      : kernel_(kernel), lane_(lane), cause_(kernel.shared_cause()) {}

  ports::Awaitable<bool> sleep_until(base::Instant deadline) override {
    return boost::asio::async_initiate<const boost::asio::use_awaitable_t<>, void(bool)>(
        [](auto handler, LaneAlarm* alarm, base::Instant until) {
          alarm->sleep(std::move(handler), until);
        },
        boost::asio::use_awaitable, this, deadline);
  }

  void ring() override {
    state_->rung = true;
    state_->rung_by = *cause_;
    if (state_->asleep) state_->event = kernel_.move(state_->event, kernel_.now());
  }

 private:
  struct State {
    bool rung = false;
    Cause rung_by = 0;
    bool asleep = false;
    Handle event;
  };

  // The event. Ends the sleep when it runs, and also when it is destroyed unrun.
  template <class Handler>
  struct Wake {
    Wake(std::shared_ptr<State> s, Handler h) : state(std::move(s)), handler(std::move(h)) {}
    Wake(Wake&&) noexcept = default;
    Wake& operator=(Wake&&) = delete;
    ~Wake() {
      if (state) state->asleep = false;
    }
    void operator()() {
      const std::shared_ptr<State> mine = std::move(state);
      mine->asleep = false;
      const bool rung = std::exchange(mine->rung, false);
      std::move(handler)(rung);
    }

    std::shared_ptr<State> state;
    Handler handler;
  };

  template <class Handler>
  void sleep(Handler handler, base::Instant until) {
    TILLRIG_ASSERT(!state_->asleep, "an alarm has one sleeper at a time");
    const std::shared_ptr<State> state = state_;
    state->asleep = true;
    const base::Instant when = state->rung ? kernel_.now() : until;
    // Who was rung before is woken by that, and not by what it did meanwhile.
    const Because rung(kernel_, state->rung ? state->rung_by : *cause_);
    // Nothing of *this after here: on a closed lane the sleeper, who may own us, unwinds inside.
    const Handle event =
        kernel_.call_at(when, lane_, Task(Wake<Handler>(state, std::move(handler))));
    state->event = event;
  }

  Kernel& kernel_;
  Lane lane_;
  std::shared_ptr<const Cause> cause_;  // whoever rings may do so after the kernel is gone
  std::shared_ptr<State> state_ = std::make_shared<State>();
};

// The finaliser of splitmix64 (Steele, Lea, Flood 2014): a bijection in which every input bit flips
// every output bit with a chance near one half.
constexpr std::uint64_t scramble(std::uint64_t x) {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
  return x ^ (x >> 31);
}

constexpr std::uint64_t kGolden = 0x9e3779b97f4a7c15ULL;

}  // namespace

std::unique_ptr<ports::Alarm> make_alarm(Kernel& kernel, Lane lane) {
  return std::make_unique<LaneAlarm>(kernel, lane);
}

struct NamedStreams::State {
  struct Stream {
    std::uint64_t start = 0;
    std::uint64_t step = 0;
    std::uint64_t drawn = 0;
  };

  std::uint64_t scope = 0;
  std::map<std::string, Stream, std::less<>> streams;
};

NamedStreams::NamedStreams(std::uint64_t seed, std::string scope)
    : state_(std::make_unique<State>()) {
  state_->scope = scramble(scramble(seed + kGolden) ^ base::fnv1a(scope));
}

NamedStreams::~NamedStreams() = default;

std::uint64_t NamedStreams::draw(std::string_view stream) {
  auto found = state_->streams.find(stream);
  if (found == state_->streams.end()) {
    const std::uint64_t start = scramble(state_->scope + kGolden) ^ scramble(base::fnv1a(stream));
    const State::Stream fresh{scramble(start), scramble(start + kGolden) | 1, 0};
    found = state_->streams.emplace(stream, fresh).first;
  }
  State::Stream& s = found->second;
  // Start and step both depend on the name: no two streams run over each other at an offset.
  return scramble(scramble(s.start + s.step * ++s.drawn) + s.start);
}

}  // namespace tillrig::kernel
