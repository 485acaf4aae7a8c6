#include "pos/host/clock.hpp"

#include "pos/host/entropy.hpp"
#include "tests/pos/host/loop.hpp"

#include <set>

namespace tillrig::host {
namespace {

TEST(SystemClock, NeverGoesBackAndKnowsTheCentury) {
  const SystemClock clock;
  Instant last = clock.now();
  for (int i = 0; i < 10'000; ++i) {
    const Instant now = clock.now();
    ASSERT_GE(now, last);
    last = now;
  }
  EXPECT_GT(clock.wall().ms, 1'600'000'000'000);
}

Awaitable<void> sleep_to(SystemTimer& timer, Instant when, std::vector<int>& woke, int who) {
  co_await timer.sleep_until(when);
  woke.push_back(who);
}

TEST(SystemTimer, SleepersWakeInTheOrderOfTheirTimes) {
  Loop loop;
  std::vector<int> woke;
  const Instant last = loop.in(30ms);
  loop.spawn(sleep_to(loop.timer, last, woke, 3));
  loop.spawn(sleep_to(loop.timer, loop.in(10ms), woke, 2));
  loop.spawn(sleep_to(loop.timer, Instant{}, woke, 1));
  loop.run();
  EXPECT_GE(loop.clock.now(), last);
  EXPECT_EQ(woke, (std::vector<int>{1, 2, 3}));
}

Awaitable<void> wait_for(ports::Alarm& alarm, Instant until, std::vector<bool>& rung) {
  rung.push_back(co_await alarm.sleep_until(until));
}
Awaitable<void> ring_at(Loop& loop, ports::Alarm& alarm, Instant when) {
  co_await loop.timer.sleep_until(when);
  alarm.ring();
}

TEST(SystemAlarm, WakesAtTheDeadlineOrWhenRung) {
  Loop loop;
  const auto alarm = make_alarm(loop.io.get_executor());
  std::vector<bool> rung;
  const Instant deadline = loop.in(10ms);
  loop.spawn(wait_for(*alarm, deadline, rung));
  loop.run();
  EXPECT_GE(loop.clock.now(), deadline);
  loop.spawn(wait_for(*alarm, Instant::never(), rung));
  loop.spawn(ring_at(loop, *alarm, loop.in(10ms)));
  EXPECT_LT(loop.run(), 5s);
  EXPECT_EQ(rung, (std::vector<bool>{false, true}));
}

TEST(SystemAlarm, KeepsARingForTheNextSleepButOnlyOnce) {
  Loop loop;
  const auto alarm = make_alarm(loop.io.get_executor());
  alarm->ring();
  alarm->ring();
  std::vector<bool> rung;
  loop.spawn(wait_for(*alarm, loop.in(10s), rung));
  EXPECT_LT(loop.run(), 5s);
  loop.spawn(wait_for(*alarm, loop.in(10ms), rung));
  loop.run();
  EXPECT_EQ(rung, (std::vector<bool>{true, false}));
}

TEST(SystemAlarm, ItsEndWakesTheSleeper) {
  Loop loop;
  auto alarm = make_alarm(loop.io.get_executor());
  std::vector<bool> rung;
  loop.spawn(wait_for(*alarm, Instant::never(), rung));
  loop.io.poll();
  alarm.reset();
  EXPECT_LT(loop.run(), 5s);
  EXPECT_EQ(rung.size(), 1U);
}

TEST(SystemEntropy, DrawsDiffer) {
  SystemEntropy entropy;
  std::set<std::uint64_t> draws;
  for (int i = 0; i < 1000; ++i) draws.insert(entropy.draw("any"));
  EXPECT_EQ(draws.size(), 1000U);
  for (int i = 0; i < 1000; ++i) ASSERT_LT(entropy.below("any", 7), 7U);
}

}  // namespace
}  // namespace tillrig::host
