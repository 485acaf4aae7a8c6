#include "tests/sim/net/play.hpp"

namespace tillrig::net {
namespace {

TEST(Streams, AConnectTakesARoundTripAndBytesTheirLatency) {
  Play play;
  play.ask_at(0s, 1000, 10s);
  play.rig.run();
  EXPECT_EQ(play.log, (Log{{20ms, "accepted"},
                           {40ms, "connect: ok"},
                           {40ms, "written: ok"},
                           {60ms, "cloud got 1000"},
                           {80ms, "till got 1000"},
                           {100ms, "cloud: end"}}));
}

TEST(Streams, APerfectLineTakesNoTime) {
  Play play;
  HostNetwork neighbour(play.rig.network, "neighbour", play.rig.player);
  play.rig.at(1s, [&] {
    kernel::spawn(play.rig.kernel, play.rig.player, ask(play.rig, play.log, 9, 1s, &neighbour));
  });
  play.rig.run();
  EXPECT_EQ(play.log.size(), 6U);
  EXPECT_EQ(play.log.front().at, 1s);
  EXPECT_EQ(play.log.back(), (Seen{1s, "cloud: end"}));
}

TEST(Streams, BytesLeaveAtTheRateOfTheLine) {
  Play play({20ms, 10'000});
  play.ask_at(0s, 1000, 10s);  // 100 ms to send, each way
  play.rig.run();
  EXPECT_EQ(play.log, (Log{{20ms, "accepted"},
                           {40ms, "connect: ok"},
                           {40ms, "written: ok"},
                           {160ms, "cloud got 1000"},
                           {280ms, "till got 1000"},
                           {300ms, "cloud: end"}}));
}

TEST(Streams, ConnectionsOfOneLineShareItsRate) {
  Play play({0ms, 3'000});
  play.ask_at(0s, 1500, 10s);
  play.ask_at(0s, 1500, 10s);
  play.rig.run();
  const Log end(play.log.end() - 5, play.log.end());
  EXPECT_EQ(end, (Log{{1s, "cloud got 1500"},
                      {1s, "till got 1500"},
                      {1s, "cloud: end"},
                      {1500ms, "till got 1500"},
                      {1500ms, "cloud: end"}}));
}

TEST(Streams, ASlowLinePushesBackWhenItsBufferIsFull) {
  Play play({0ms, 16 * 1024});
  play.ask_at(0s, 320 * 1024, 100s);  // 64 KiB more than the buffer: 4 s at 16 KiB/s
  play.rig.run_until(10s);
  EXPECT_EQ(play.log[2], (Seen{1s, "cloud got 16384"}));
  EXPECT_EQ(play.log[5], (Seen{4s, "written: ok"}));
  play.rig.run();
  EXPECT_EQ(play.log.back(), (Seen{21s, "cloud: end"}));  // the echo runs one segment behind
}

Awaitable<void> sit(Rig& rig, Channel& kept) {
  auto listener = rig.cloud.listen(kCloud);
  auto accepted = co_await (*listener)->accept();
  kept = std::move(*accepted);
}

TEST(Streams, AReaderWhoDoesNotReadPushesBackOnAFastLineToo) {
  Rig rig;
  Log log;
  Channel kept;
  kernel::spawn(rig.kernel, rig.cloud_lane, sit(rig, kept));
  rig.at(0s, [&] { kernel::spawn(rig.kernel, rig.till_lane, ask(rig, log, 2 << 20, 5s)); });
  rig.run();
  EXPECT_EQ(log, (Log{{40ms, "connect: ok"}, {5s, "written: timeout"}, {5s, "till: timeout"}}));
}

Awaitable<void> read_late(Rig& rig, Log& log) {
  auto listener = rig.cloud.listen(kCloud);
  auto accepted = co_await (*listener)->accept();
  Channel channel = std::move(*accepted);
  kernel::LaneTimer timer(rig.kernel, rig.cloud_lane);
  const Instant late = Instant{} + 3s;
  co_await timer.sleep_until(late);
  for (int i = 0; i < 2; ++i) {
    auto some = co_await channel->read(16 << 20, Instant::never());
    note(rig.kernel, log, fmt::format("read {}", some ? some->size() : 0));
  }
}

TEST(Streams, NoMoreThanTheWindowIsOnItsWayUntilTheReaderReads) {
  Rig rig;
  Log log;
  kernel::spawn(rig.kernel, rig.cloud_lane, read_late(rig, log));
  constexpr std::size_t kMore = VirtualNetwork::kWindow / 2;
  rig.at(0s, [&] {
    kernel::spawn(rig.kernel, rig.till_lane, ask(rig, log, VirtualNetwork::kWindow + kMore, 9s));
  });
  rig.run();
  EXPECT_EQ(log, (Log{{40ms, "connect: ok"},
                      {3s, fmt::format("read {}", VirtualNetwork::kWindow)},
                      {3s, "written: ok"},
                      {3020ms, fmt::format("read {}", kMore)},
                      {3040ms, "till: end"}}));
}

TEST(Connect, ToAHostWithoutListenerIsRefusedAfterARoundTrip) {
  Rig rig;
  Log log;
  rig.at(0s, [&] { kernel::spawn(rig.kernel, rig.till_lane, ask(rig, log, 10, 5s)); });
  rig.run();
  EXPECT_EQ(log, (Log{{40ms, "connect: refused"}}));
}

TEST(Connect, ToANameThatNobodyHasDoesNotResolve) {
  Rig rig;
  Log log;
  std::string error;
  kernel::spawn(rig.kernel, rig.till_lane, call(rig, log, Endpoint{"clod", 80, false}, error));
  rig.run();
  EXPECT_EQ(log, (Log{{0s, "dns"}}));
  EXPECT_EQ(error, "till-1 could not connect to clod:80: the name did not resolve");
}

TEST(Connect, APortIsTakenOnceAndZeroFindsAFreeOne) {
  Rig rig;
  auto first = rig.cloud.listen(kCloud);
  ASSERT_TRUE(first);
  const auto second = rig.cloud.listen(kCloud);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, Code::exists);
  const auto any = rig.cloud.listen(Endpoint{"cloud", 0, false});
  const auto other = rig.cloud.listen(Endpoint{"cloud", 0, false});
  ASSERT_TRUE(any && other);
  EXPECT_NE((*any)->port(), (*other)->port());
  first->reset();
  EXPECT_TRUE(rig.cloud.listen(kCloud));
}

std::uint64_t eventful(Log* log) {
  Play play({7ms, 50'000});
  Rig& rig = play.rig;
  for (int i = 0; i < 20; ++i) play.ask_at(i * 300ms, 3000, 2s);
  words::Args args;
  args.set("up", std::int64_t{700'000'000});
  args.set("down", std::int64_t{200'000'000});
  words::FaultId id = 0;
  rig.at(1s, [&] { id = rig.start("wan.flap", args); });
  rig.at(4s, [&] { rig.start("wan.reset"); });
  rig.run_until(8s);
  if (log != nullptr) *log = play.log;
  return rig.kernel.digest();
}

TEST(Streams, TheSameRunTwiceHasTheSameDigest) {
  Log first;
  Log second;
  EXPECT_EQ(eventful(&first), eventful(&second));
  EXPECT_EQ(first, second);
  EXPECT_GT(first.size(), 60U);
}

TEST(Streams, AKernelThatGoesWithEverythingInFlightLeaksNothing) {
  Play play({20ms, 5'000});
  for (int i = 0; i < 5; ++i) play.ask_at(i * 100ms, 2000, 60s);
  play.rig.at(900ms, [&] { play.rig.start("wan.down"); });
  play.rig.run_until(1s);
  EXPECT_GT(play.rig.kernel.planned(), 3U);
}

}  // namespace
}  // namespace tillrig::net
