#include "sim/world/machine_clock.hpp"

#include "sim/kernel/ports.hpp"

#include <gtest/gtest.h>

namespace tillrig::world {
namespace {

using namespace std::chrono_literals;  // NOLINT(google-build-using-namespace)

constexpr std::int64_t kStart = 1'772'438'400'000;
constexpr std::int64_t kHour = 3'600'000;

struct Machine {
  words::FaultId start(std::string_view name, const words::Args& args = {}) {
    const auto* row = words::Table<words::Fault>::find(name);
    EXPECT_NE(row, nullptr) << name;
    if (row != nullptr) row->start(clock, ++faults, args);
    return faults;
  }
  void heal(std::string_view name, words::FaultId id) {
    words::Table<words::Fault>::find(name)->heal(clock, id);
  }
  void pass(base::Duration time) {
    const auto ran = kernel.run(kernel.now() + time);
    EXPECT_TRUE(ran);
  }
  // Ahead of the right time.
  std::int64_t ahead() { return clock.face().wall().ms - right.wall().ms; }

  kernel::Kernel kernel;
  kernel::LaneClock right{kernel, base::WallTime{kStart}};
  MachineClock clock{"till-1", right};
  words::FaultId faults = 0;
};

words::Args by(base::Duration shift) {
  words::Args args;
  args.set("by", std::int64_t{shift.count()});
  return args;
}

TEST(MachineClock, JumpsUntilItIsPutRightAndTheMonotonicOneNeverDoes) {
  Machine machine;
  const auto id = machine.start("clock.jump", by(-3h));
  EXPECT_EQ(machine.clock.hits(id), 0U);
  EXPECT_EQ(machine.ahead(), -3 * kHour);
  machine.pass(1h);
  EXPECT_EQ(machine.ahead(), -3 * kHour);
  EXPECT_EQ(machine.clock.hits(id), 1U);
  EXPECT_EQ(machine.clock.face().now(), machine.kernel.now());
  machine.heal("clock.jump", id);
  EXPECT_EQ(machine.ahead(), 0);
}

TEST(MachineClock, AddsJumpsAndSummerTime) {
  Machine machine;
  machine.start("clock.jump", by(48h));
  const auto summer = machine.start("clock.dst");
  EXPECT_EQ(machine.ahead(), 49 * kHour);
  machine.heal("clock.dst", summer);
  words::Args winter;
  winter.set("to", std::string("winter"));
  machine.start("clock.dst", winter);
  EXPECT_EQ(machine.ahead(), 47 * kHour);
}

TEST(MachineClock, DriftsFromWhenItBegan) {
  Machine machine;
  machine.pass(1h);
  words::Args args;
  args.set("ppm", std::int64_t{-200});
  const auto id = machine.start("clock.drift", args);
  EXPECT_EQ(machine.ahead(), 0);
  EXPECT_EQ(machine.clock.hits(id), 0U);
  machine.pass(10h);
  EXPECT_EQ(machine.ahead(), -7'200);
  EXPECT_EQ(machine.clock.hits(id), 1U);
}

TEST(MachineClock, WithADeadBatteryCountsFrom1970) {
  Machine machine;
  machine.pass(1h);
  machine.start("clock.jump", by(5h));
  const auto id = machine.start("clock.dead");
  EXPECT_EQ(machine.clock.face().wall().ms, 0);
  machine.pass(2h);
  EXPECT_EQ(machine.clock.face().wall().ms, 2 * kHour);
  machine.heal("clock.dead", id);
  EXPECT_EQ(machine.ahead(), 5 * kHour);
}

}  // namespace
}  // namespace tillrig::world
