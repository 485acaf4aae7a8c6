#include "tests/sim/net/rig.hpp"

namespace tillrig::net {
namespace {

const Endpoint kCloud{"cloud", 8080, false};

Awaitable<void> serve_echo(Rig& rig, Log& log) {
  auto listener = rig.cloud.listen(kCloud);
  EXPECT_TRUE(listener);
  for (;;) {
    auto accepted = co_await (*listener)->accept();
    if (!accepted) co_return;
    note(rig.kernel, log, "accepted");
    Channel channel = std::move(*accepted);
    for (;;) {
      auto some = co_await channel->read(1 << 20, Instant::never());
      if (!some) {
        note(rig.kernel, log, "cloud: " + told(some));
        break;
      }
      note(rig.kernel, log, fmt::format("cloud got {}", some->size()));
      if (some->empty()) break;
      auto written = co_await channel->write(std::move(*some), Instant::never());
      if (!written) break;
    }
  }
}

Awaitable<void> ask(Rig& rig, Log& log, std::size_t bytes, base::Duration patience) {
  const Instant deadline = rig.kernel.now() + patience;
  auto connected = co_await rig.till.connect(kCloud, deadline);
  note(rig.kernel, log, "connect: " + told(connected));
  if (!connected) co_return;
  Channel channel = std::move(*connected);
  auto written = co_await channel->write(Bytes(bytes, 'x'), deadline);
  note(rig.kernel, log, "written: " + told(written));
  std::size_t back = 0;
  while (back < bytes) {
    auto some = co_await channel->read(1 << 20, deadline);
    if (!some || some->empty()) {
      note(rig.kernel, log, "till: " + (some ? "end" : told(some)));
      co_return;
    }
    back += some->size();
  }
  note(rig.kernel, log, fmt::format("answered {}", back));
}

TEST(Streams, AConnectTakesARoundTripAndBytesTheirLatency) {
  Rig rig;
  Log log;
  kernel::spawn(rig.kernel, rig.cloud_lane, serve_echo(rig, log));
  kernel::spawn(rig.kernel, rig.till_lane, ask(rig, log, 1000, 10s));
  rig.run();
  EXPECT_EQ(log, (Log{{20ms, "accepted"},
                      {40ms, "connect: ok"},
                      {40ms, "written: ok"},
                      {60ms, "cloud got 1000"},
                      {80ms, "answered 1000"},
                      {100ms, "cloud got 0"}}));
}

}  // namespace
}  // namespace tillrig::net
