// What led to what, without anybody saying so.
#include "sim/kernel/executor.hpp"
#include "sim/kernel/ports.hpp"
#include "sim/kernel/spawn.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <vector>

namespace tillrig::kernel {
namespace {

using namespace std::chrono_literals;
using base::Awaitable;

TEST(Cause, APlannedTaskFindsTheCauseUnderWhichItWasPlanned) {
  Kernel kernel;
  const Lane lane = kernel.open_lane("till-1");
  std::vector<Cause> seen;
  kernel.set_cause(7);
  kernel.call_at(Instant{} + 2s, lane, [&] { seen.push_back(kernel.cause()); });
  kernel.set_cause(8);
  kernel.call_at(Instant{} + 1s, lane, [&] {
    seen.push_back(kernel.cause());
    kernel.set_cause(9);
    kernel.post(lane, [&] { seen.push_back(kernel.cause()); });
    kernel.set_cause(10);  // too late for what is posted
  });
  ASSERT_TRUE(kernel.run());
  EXPECT_EQ(seen, (std::vector<Cause>{8, 9, 7}));
  EXPECT_EQ(kernel.cause(), 0U) << "outside of events nothing is due to anything";
}

TEST(Cause, AMovedTaskIsDueToWhoMovedIt) {
  Kernel kernel;
  const Lane lane = kernel.open_lane("till-1");
  Cause seen = 0;
  kernel.set_cause(7);
  const Handle handle = kernel.call_at(Instant{} + 9s, lane, [&] { seen = kernel.cause(); });
  kernel.set_cause(8);
  kernel.move(handle, Instant{} + 1s);
  ASSERT_TRUE(kernel.run());
  EXPECT_EQ(seen, 8U);
}

TEST(Cause, ASlotThatIsUsedAgainKeepsNothingOfItsLastTask) {
  Kernel kernel;
  const Lane lane = kernel.open_lane("till-1");
  std::vector<Cause> seen;
  kernel.set_cause(7);
  kernel.cancel(kernel.call_at(Instant{} + 1s, lane, [] {}));
  kernel.set_cause(0);
  kernel.call_at(Instant{} + 1s, lane, [&] { seen.push_back(kernel.cause()); });
  ASSERT_TRUE(kernel.run());
  EXPECT_EQ(seen, (std::vector<Cause>{0}));
}

Awaitable<void> wait_twice(Kernel& kernel, ports::Alarm& alarm, std::vector<Cause>& seen) {
  kernel.set_cause(1);
  for (int i = 0; i < 2; ++i) {
    const Instant until = kernel.now() + 1min;
    co_await alarm.sleep_until(until);
    seen.push_back(kernel.cause());
  }
}

TEST(Cause, ASleeperIsWokenByWhoRangOrByItsOwnDeadline) {
  Kernel kernel;
  const Lane lane = kernel.open_lane("till-1");
  const auto alarm = make_alarm(kernel, lane);
  std::vector<Cause> seen;
  spawn(kernel, lane, wait_twice(kernel, *alarm, seen));
  kernel.set_cause(5);
  kernel.call_at(Instant{} + 1s, lane, [&] { alarm->ring(); });
  kernel.set_cause(0);
  ASSERT_TRUE(kernel.run());
  EXPECT_EQ(seen, (std::vector<Cause>{5, 5})) << "the deadline was set because of the ring";
}

TEST(Cause, ARingBeforeTheSleepIsWhatEndsIt) {
  Kernel kernel;
  const Lane lane = kernel.open_lane("till-1");
  const auto alarm = make_alarm(kernel, lane);
  std::vector<Cause> seen;
  kernel.set_cause(5);
  alarm->ring();
  kernel.set_cause(0);
  spawn(kernel, lane, wait_twice(kernel, *alarm, seen));
  ASSERT_TRUE(kernel.run());
  ASSERT_EQ(seen.size(), 2U);
  EXPECT_EQ(seen[0], 5U);
}

TEST(Cause, WorkOfAnExecutorIsDueToWhoPostedIt) {
  Kernel kernel;
  const LaneExecutor executor = make_executor(kernel, kernel.open_lane("cloud"));
  Cause seen = 0;
  kernel.set_cause(3);
  executor.execute([&] { seen = kernel.cause(); });
  kernel.set_cause(0);
  ASSERT_TRUE(kernel.run());
  EXPECT_EQ(seen, 3U);
}

TEST(Cause, LastsAsLongAsItIsSaidTo) {
  Kernel kernel;
  kernel.set_cause(3);
  {
    const Because other(kernel, 9);
    EXPECT_EQ(kernel.cause(), 9U);
  }
  EXPECT_EQ(kernel.cause(), 3U);
}

}  // namespace
}  // namespace tillrig::kernel
