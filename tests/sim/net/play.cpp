#include "tests/sim/net/play.hpp"

namespace tillrig::net {

namespace {

// Answers each byte with itself, connection by connection.
Awaitable<void> echo(Rig& rig, Log& log, Channel channel) {
  for (;;) {
    auto some = co_await channel->read(1 << 20, Instant::never());
    if (!some || some->empty()) {
      note(rig.kernel, log, some ? "cloud: end" : "cloud: " + told(some));
      co_return;
    }
    note(rig.kernel, log, fmt::format("cloud got {}", some->size()));
    auto written = co_await channel->write(std::move(*some), Instant::never());
    if (!written) co_return;
  }
}

}  // namespace

Awaitable<void> serve(Rig& rig, Log& log) {
  auto listener = rig.cloud.listen(kCloud);
  EXPECT_TRUE(listener);
  for (;;) {
    auto accepted = co_await (*listener)->accept();
    if (!accepted) co_return;
    note(rig.kernel, log, "accepted");
    kernel::spawn(rig.kernel, rig.cloud_lane, echo(rig, log, std::move(*accepted)));
  }
}

Awaitable<void> send(Rig& rig, Log& log, ByteChannel& channel, std::size_t bytes,
                     Instant deadline) {
  auto written = co_await channel.write(Bytes(bytes, 'x'), deadline);
  note(rig.kernel, log, "written: " + told(written));
}

Awaitable<void> hear(Rig& rig, Log& log, ByteChannel& channel, std::size_t bytes,
                     Instant deadline) {
  for (std::size_t back = 0; back < bytes;) {
    auto some = co_await channel.read(1 << 20, deadline);
    if (!some || some->empty()) {
      note(rig.kernel, log, some ? "till: end" : "till: " + told(some));
      co_return;
    }
    back += some->size();
  }
  note(rig.kernel, log, fmt::format("till got {}", bytes));
}

Awaitable<void> ask(Rig& rig, Log& log, std::size_t bytes, base::Duration patience,
                    HostNetwork* from) {
  const Instant deadline = rig.kernel.now() + patience;
  HostNetwork& network = from != nullptr ? *from : rig.till;
  auto connected = co_await network.connect(kCloud, deadline);
  note(rig.kernel, log, "connect: " + told(connected));
  if (!connected) co_return;
  Channel channel = std::move(*connected);
  co_await send(rig, log, *channel, bytes, deadline);
  co_await hear(rig, log, *channel, bytes, deadline);
}

// As ask(), and a second question after `pause` on the same connection.
Awaitable<void> ask_twice(Rig& rig, Log& log, base::Duration pause, base::Duration patience) {
  auto connected = co_await rig.till.connect(kCloud, Instant::never());
  EXPECT_TRUE(connected);
  Channel channel = std::move(*connected);
  co_await send(rig, log, *channel, 100, Instant::never());
  co_await hear(rig, log, *channel, 100, Instant::never());
  kernel::LaneTimer timer(rig.kernel, rig.till_lane);
  const Instant when = rig.kernel.now() + pause;
  co_await timer.sleep_until(when);
  const Instant deadline = rig.kernel.now() + patience;
  co_await send(rig, log, *channel, 200, deadline);
  co_await hear(rig, log, *channel, 200, deadline);
}

Awaitable<void> call(Rig& rig, Log& log, Endpoint to, std::string& error) {
  const Instant deadline = rig.kernel.now() + 5s;
  auto connected = co_await rig.till.connect(to, deadline);
  note(rig.kernel, log, told(connected));
  if (!connected) error = connected.error().what;
}

}  // namespace tillrig::net
