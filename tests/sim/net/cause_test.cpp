// What is done because of bytes is due to whoever sent them, and what is done because none came to
// the fault that kept them.
#include "sim/kernel/ports.hpp"
#include "sim/kernel/spawn.hpp"
#include "sim/net/virtual_network.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <vector>

namespace tillrig::net {
namespace {

using namespace std::chrono_literals;
using base::Awaitable;

// A till that sends "a" and waits a second for an answer, and a cloud that answers if told to.
struct Line {
  explicit Line(Conditions conditions = {20ms, 0}) : link("till-1", clock, conditions) {}

  Awaitable<void> serve(std::unique_ptr<ports::Listener> listener, bool answers) {
    auto accepted = co_await listener->accept();
    const std::shared_ptr<base::ByteChannel> channel = std::move(*accepted);
    auto bytes = co_await channel->read(64, base::Instant::never());
    at_cloud = kernel.cause();
    kernel.set_cause(200);  // the cloud notes what it does
    if (answers) {
      base::Bytes answer = "b";
      auto written = co_await channel->write(std::move(answer), base::Instant::never());
    }
    co_await sleep.sleep_until(base::Instant::never());
  }
  Awaitable<void> ask() {
    kernel.set_cause(100);  // as if the till had noted that it sends
    const ports::Endpoint to{"cloud", 80, false};
    auto connected = co_await till.connect(to, base::Instant::never());
    const std::shared_ptr<base::ByteChannel> channel = std::move(*connected);
    base::Bytes question = "a";
    auto written = co_await channel->write(std::move(question), base::Instant::never());
    const base::Instant deadline = kernel.now() + 1s;
    auto bytes = co_await channel->read(64, deadline);
    at_till = kernel.cause();
  }
  void play(bool answers) {
    auto listener = cloud.listen({"cloud", 80, false});
    ASSERT_TRUE(listener);
    kernel::spawn(kernel, lane_of_cloud, serve(std::move(*listener), answers));
    kernel::spawn(kernel, lane_of_till, ask());
    ASSERT_TRUE(kernel.run());
  }

  kernel::Kernel kernel;
  kernel::LaneClock clock{kernel, base::WallTime{}};
  kernel::Lane lane_of_till = kernel.open_lane("till-1");
  kernel::Lane lane_of_cloud = kernel.open_lane("cloud");
  kernel::LaneTimer sleep{kernel, lane_of_cloud};
  Link link;
  VirtualNetwork network{
      kernel, [this](const auto&, const auto& to) { return to == "cloud" ? &link : nullptr; }};
  HostNetwork till{network, "till-1", lane_of_till};
  HostNetwork cloud{network, "cloud", lane_of_cloud};
  kernel::Cause at_cloud = 0;
  kernel::Cause at_till = 0;
};

TEST(WireCause, BytesCarryIt) {
  Line line;
  line.play(true);
  EXPECT_EQ(line.at_cloud, 100U);
  EXPECT_EQ(line.at_till, 200U);
}

TEST(WireCause, WithoutAFaultSilenceIsNobodysDoing) {
  Line line;
  line.play(false);
  EXPECT_EQ(line.at_till, 100U);
}

TEST(WireCause, SilenceIsTheDoingOfTheFaultThatStruckMeanwhile) {
  Line line;
  line.link.watch_hits([](words::FaultId) { return std::uint64_t{150}; });
  line.kernel.call_at(base::Instant{} + 500ms, line.lane_of_cloud, [&] { line.link.fired(1); });
  line.play(false);
  EXPECT_EQ(line.at_till, 150U);
}

}  // namespace
}  // namespace tillrig::net
