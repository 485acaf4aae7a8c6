// What one event of virtual time costs, by itself and as an awaitable, beside the stock way: an
// io_context with a waitable timer over a virtual clock. One thread; rates are per second of its
// CPU.
//
//   cmake --preset release && cmake --build --preset release --target bench_kernel
//   build/release/bin/bench_kernel --benchmark_min_time=1
//
// Each actor sleeps 0-1 s, drawn anew every time, for ever. The digest is on, as always.
// `vs_stock`: how many times as many events per second as the stock way measured in the same run.

#include "sim/kernel/executor.hpp"
#include "sim/kernel/ports.hpp"
#include "sim/kernel/sleep.hpp"
#include "sim/kernel/spawn.hpp"

#include <benchmark/benchmark.h>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <ctime>
#include <memory>
#include <vector>

namespace tillrig::kernel {
namespace {

namespace asio = boost::asio;
using base::Awaitable;
using namespace std::chrono_literals;

constexpr std::uint64_t kBatch = 200'000;  // events per timed step of a benchmark

// A generator small enough to vanish beside what is measured.
struct Dice {
  std::uint64_t state = 88172645463325252ULL;
  Duration up_to_a_second() {
    state = state * 6364136223846793005ULL + 1442695040888963407ULL;
    return Duration{static_cast<std::int64_t>(((state >> 32) * 1'000'000'000U) >> 32)};
  }
};

double cpu_seconds() {
  std::timespec t{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) * 1e-9;
}

Limits no_limits() {
  Limits limits;
  limits.events = UINT64_MAX;
  return limits;
}

// The stock way. Asio's reactor looks at its timers only when its own real-time wait is over, so
// the traits must ask for no wait at all, and virtual time is moved on by hand between polls.
struct VirtualClock {
  using rep = std::int64_t;
  using period = std::nano;
  using duration = std::chrono::nanoseconds;
  using time_point = std::chrono::time_point<VirtualClock>;
  static constexpr bool is_steady = true;
  static time_point now() { return time_point(duration(at)); }
  static inline std::int64_t at = 0;
};

struct NoWait {
  static VirtualClock::duration to_wait_duration(const VirtualClock::duration&) { return {}; }
  static VirtualClock::duration to_wait_duration(const VirtualClock::time_point&) { return {}; }
};

using StockTimer = asio::basic_waitable_timer<VirtualClock, NoWait>;

struct StockActor {
  StockActor(asio::io_context& io, Dice& d, std::vector<std::int64_t>& h, std::uint64_t& e)
      : timer(io), dice(d), due(h), events(e) {}
  void go() {
    const VirtualClock::time_point when = VirtualClock::now() + dice.up_to_a_second();
    due.push_back(when.time_since_epoch().count());
    std::push_heap(due.begin(), due.end(), std::greater<>());
    timer.expires_at(when);
    timer.async_wait([this](const boost::system::error_code&) {
      ++events;
      go();
    });
  }
  StockTimer timer;
  Dice& dice;
  std::vector<std::int64_t>& due;  // Asio does not tell when its next timer is due
  std::uint64_t& events;
};

struct Stock {
  explicit Stock(std::int64_t n) {
    VirtualClock::at = 0;
    for (std::int64_t i = 0; i < n; ++i) {
      actors.push_back(std::make_unique<StockActor>(io, dice, due, events));
      actors.back()->go();
    }
  }
  void run(std::uint64_t more) {
    for (const std::uint64_t until = events + more; events < until;) {
      std::pop_heap(due.begin(), due.end(), std::greater<>());
      VirtualClock::at = due.back();
      due.pop_back();
      io.restart();
      const std::uint64_t before = events;
      while (events == before) io.poll();
    }
  }
  asio::io_context io;
  Dice dice;
  std::vector<std::int64_t> due;
  std::uint64_t events = 0;
  std::vector<std::unique_ptr<StockActor>> actors;
};

// Events per CPU second of the stock way with 1,000 actors; measured once a run, best of three.
double stock_rate() {
  static const double rate = [] {
    double best = 0;
    for (int i = 0; i < 3; ++i) {
      Stock stock(1000);
      stock.run(2000);
      const double start = cpu_seconds();
      stock.run(5000);
      best = std::max(best, 5000 / (cpu_seconds() - start));
    }
    return best;
  }();
  return rate;
}

// Runs the kernel for a batch of events per step and reports the rate and the ratio.
void measure(benchmark::State& state, Kernel& kernel) {
  const Lane player = kernel.open_lane("player");
  const double stock = stock_rate();
  // The next batch's end, in virtual time: each actor wakes twice a second on average.
  const Duration step = 1s * static_cast<std::int64_t>(kBatch) / (2 * state.range(0));
  if (!kernel.run(kernel.now() + 2s)) state.SkipWithError("the kernel gave up");
  const std::uint64_t before = kernel.events();
  const double start = cpu_seconds();
  for (auto _ : state) {
    if (!kernel.run(kernel.now() + step)) state.SkipWithError("the kernel gave up");
  }
  const double seconds = cpu_seconds() - start;
  const std::uint64_t ran = kernel.events() - before;
  state.SetItemsProcessed(static_cast<std::int64_t>(ran));
  state.counters["vs_stock"] = static_cast<double>(ran) / seconds / stock;
  kernel.close_lane(player);
}

void raw_events(benchmark::State& state) {
  struct Actor {
    Kernel& kernel;
    Dice& dice;
    Lane lane;
    void go() {
      kernel.call_at(kernel.now() + dice.up_to_a_second(), lane, [this] { go(); });
    }
  };
  Kernel kernel(no_limits());
  Dice dice;
  std::vector<std::unique_ptr<Actor>> actors;
  for (std::int64_t i = 0; i < state.range(0); ++i) {
    actors.push_back(std::make_unique<Actor>(Actor{kernel, dice, kernel.open_lane("actor")}));
    actors.back()->go();
  }
  measure(state, kernel);
}

// A deadline armed and cancelled beside each event, as a read with a deadline does.
void raw_events_with_deadline(benchmark::State& state) {
  struct Actor {
    Kernel& kernel;
    Dice& dice;
    Lane lane;
    Handle deadline;
    void go() {
      kernel.cancel(deadline);
      deadline = kernel.call_at(kernel.now() + 5s, lane, [] {});
      kernel.call_at(kernel.now() + dice.up_to_a_second(), lane, [this] { go(); });
    }
  };
  Kernel kernel(no_limits());
  Dice dice;
  std::vector<std::unique_ptr<Actor>> actors;
  for (std::int64_t i = 0; i < state.range(0); ++i) {
    actors.push_back(
        std::make_unique<Actor>(Actor{kernel, dice, kernel.open_lane("actor"), Handle{}}));
    actors.back()->go();
  }
  measure(state, kernel);
}

asio::awaitable<void, LaneExecutor> sleeper_on_lane(Kernel& kernel, Lane lane, Dice& dice) {
  const asio::use_awaitable_t<LaneExecutor> token;
  for (;;) {
    const Instant when = kernel.now() + dice.up_to_a_second();
    co_await async_sleep_until(kernel, lane, when, token);
  }
}

void awaitable_on_lane_executor(benchmark::State& state) {
  Dice dice;
  Kernel kernel(no_limits());
  for (std::int64_t i = 0; i < state.range(0); ++i) {
    const Lane lane = kernel.open_lane("actor");
    auto work = sleeper_on_lane(kernel, lane, dice);
    asio::co_spawn(make_executor(kernel, lane), std::move(work), asio::detached);
  }
  measure(state, kernel);
}

// As the stack does it: through ports::Timer, on any_io_executor.
Awaitable<void> sleeper(ports::Clock& clock, ports::Timer& timer, Dice& dice) {
  for (;;) {
    const Instant when = clock.now() + dice.up_to_a_second();
    co_await timer.sleep_until(when);
  }
}

void awaitable_through_ports(benchmark::State& state) {
  Dice dice;
  Kernel kernel(no_limits());
  std::vector<std::unique_ptr<LaneTimer>> timers;
  LaneClock clock(kernel, base::WallTime{});
  for (std::int64_t i = 0; i < state.range(0); ++i) {
    const Lane lane = kernel.open_lane("actor");
    timers.push_back(std::make_unique<LaneTimer>(kernel, lane));
    spawn(kernel, lane, sleeper(clock, *timers.back(), dice));
  }
  measure(state, kernel);
}

Awaitable<void> drowser(ports::Clock& clock, ports::Alarm& alarm, Dice& dice) {
  for (;;) {
    const Instant when = clock.now() + dice.up_to_a_second();
    co_await alarm.sleep_until(when);
  }
}

void alarm_through_ports(benchmark::State& state) {
  Dice dice;
  Kernel kernel(no_limits());
  std::vector<std::unique_ptr<ports::Alarm>> alarms;
  LaneClock clock(kernel, base::WallTime{});
  for (std::int64_t i = 0; i < state.range(0); ++i) {
    const Lane lane = kernel.open_lane("actor");
    alarms.push_back(make_alarm(kernel, lane));
    spawn(kernel, lane, drowser(clock, *alarms.back(), dice));
  }
  measure(state, kernel);
}

void stock_timers(benchmark::State& state) {
  Stock stock(state.range(0));
  stock.run(2000);
  const std::uint64_t before = stock.events;
  for (auto _ : state) stock.run(10'000);
  state.SetItemsProcessed(static_cast<std::int64_t>(stock.events - before));
  state.counters["vs_stock"] = 1;
}

void named_draws(benchmark::State& state) {
  NamedStreams streams(1, "till-1");
  streams.draw("link.loss");
  streams.draw("sync.backoff");
  for (auto _ : state) benchmark::DoNotOptimize(streams.draw("printer.jam"));
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()));
}

BENCHMARK(raw_events)->Arg(100)->Arg(1000)->Arg(10'000)->Unit(benchmark::kMillisecond);
BENCHMARK(raw_events_with_deadline)->Arg(1000)->Unit(benchmark::kMillisecond);
BENCHMARK(awaitable_on_lane_executor)
    ->Arg(100)
    ->Arg(1000)
    ->Arg(10'000)
    ->Unit(benchmark::kMillisecond);
BENCHMARK(awaitable_through_ports)->Arg(100)->Arg(1000)->Arg(10'000)->Unit(benchmark::kMillisecond);
BENCHMARK(alarm_through_ports)->Arg(1000)->Unit(benchmark::kMillisecond);
BENCHMARK(stock_timers)->Arg(1000)->Unit(benchmark::kMillisecond);
BENCHMARK(named_draws);

}  // namespace
}  // namespace tillrig::kernel

BENCHMARK_MAIN();
