#include "tests/sim/net/rig.hpp"

namespace tillrig::net {
namespace {

const Endpoint kCloud{"cloud", 8080, false};

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
                    HostNetwork* from = nullptr) {
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

struct Play {
  explicit Play(Conditions conditions = {20ms, 0}) : rig(conditions) {
    kernel::spawn(rig.kernel, rig.cloud_lane, serve(rig, log));
  }
  void ask_at(base::Duration when, std::size_t bytes, base::Duration patience) {
    rig.at(when, [this, bytes, patience] {
      kernel::spawn(rig.kernel, rig.till_lane, ask(rig, log, bytes, patience));
    });
  }
  Rig rig;
  Log log;
};

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

// Each fault of connecting: what the client sees, and when.
struct Connecting {
  const char* fault;
  const char* seen;
  base::Duration after;
};

class ConnectFaults : public testing::TestWithParam<Connecting> {};

TEST_P(ConnectFaults, ShowTheirOwnErrorAtTheirOwnTimeAndHeal) {
  Play play;
  const auto id = play.rig.start(GetParam().fault);
  play.ask_at(1s, 10, 6s);
  play.rig.run_until(9s);
  EXPECT_EQ(play.log, (Log{{1s + GetParam().after, std::string("connect: ") + GetParam().seen}}));
  EXPECT_EQ(play.rig.link.hits(id), 1U);
  play.rig.heal(GetParam().fault, id);
  play.ask_at(10s, 10, 6s);
  play.rig.run();
  EXPECT_EQ(play.log.back(), (Seen{10s + 100ms, "cloud: end"}));
  EXPECT_EQ(play.rig.link.hits(id), 1U);
}

INSTANTIATE_TEST_SUITE_P(Each, ConnectFaults,
                         testing::Values(Connecting{"wan.down", "unreachable", 0ms},
                                         Connecting{"wan.blackhole", "timeout", 6s},
                                         Connecting{"wan.refuse", "refused", 40ms},
                                         Connecting{"wan.reset", "reset", 40ms},
                                         Connecting{"wan.dns", "dns", 0ms},
                                         Connecting{"wan.tls", "tls", 80ms}),
                         [](const auto& one) { return std::string(one.param.fault).substr(4); });

TEST(ConnectFaults, ADeadlineBeforeTheAnswerIsATimeout) {
  Play play;
  play.rig.start("wan.tls");
  play.ask_at(0s, 10, 50ms);
  play.rig.run();
  EXPECT_EQ(play.log, (Log{{50ms, "connect: timeout"}}));
}

TEST(ConnectFaults, ABlackholeThatHealsIsLeftAtTheNextRetry) {
  Play play;
  const auto id = play.rig.start("wan.blackhole");
  play.ask_at(0s, 10, 30s);
  play.rig.at(2s, [&] { play.rig.heal("wan.blackhole", id); });
  play.rig.run();
  ASSERT_GE(play.log.size(), 2U);
  EXPECT_EQ(play.log[1], (Seen{3s + 40ms, "connect: ok"}));
}

TEST(ConnectFaults, NobodyTriesForEver) {
  Play play;
  play.rig.start("wan.blackhole");
  play.ask_at(0s, 10, 1h);
  play.rig.run();
  EXPECT_EQ(play.log, (Log{{127s, "connect: timeout"}}));
}

TEST(Connect, ToAHostWithoutListenerIsRefusedAfterARoundTrip) {
  Rig rig;
  Log log;
  rig.at(0s, [&] { kernel::spawn(rig.kernel, rig.till_lane, ask(rig, log, 10, 5s)); });
  rig.run();
  EXPECT_EQ(log, (Log{{40ms, "connect: refused"}}));
}

Awaitable<void> call(Rig& rig, Log& log, Endpoint to, std::string& error) {
  const Instant deadline = rig.kernel.now() + 5s;
  auto connected = co_await rig.till.connect(to, deadline);
  note(rig.kernel, log, told(connected));
  if (!connected) error = connected.error().what;
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

class LiveHolds : public testing::TestWithParam<const char*> {};

TEST_P(LiveHolds, BytesAreHeldBothWaysAndDeliveredInOrderAfterTheHeal) {
  Play play;
  Rig& rig = play.rig;
  kernel::spawn(rig.kernel, rig.till_lane, ask_twice(rig, play.log, 1s, 60s));
  words::FaultId id = 0;
  rig.at(1150ms, [&] { id = rig.start(GetParam()); });  // the answer to the second is on its way
  rig.at(10s, [&] { rig.heal(GetParam(), id); });
  rig.run();
  const Log end(play.log.end() - 4, play.log.end());
  EXPECT_EQ(end, (Log{{1080ms, "written: ok"},
                      {1100ms, "cloud got 200"},
                      {1120ms, "till got 200"},
                      {1140ms, "cloud: end"}}));
  EXPECT_EQ(rig.link.hits(id), 0U);
}

TEST_P(LiveHolds, WhatIsOnItsWayWhenItStartsIsHeldToo) {
  Play play;
  Rig& rig = play.rig;
  kernel::spawn(rig.kernel, rig.till_lane, ask_twice(rig, play.log, 1s, 60s));
  words::FaultId id = 0;
  rig.at(1090ms, [&] { id = rig.start(GetParam()); });
  rig.at(10s, [&] { rig.heal(GetParam(), id); });
  rig.run();
  const Log end(play.log.end() - 4, play.log.end());
  EXPECT_EQ(end, (Log{{1080ms, "written: ok"},
                      {10s + 20ms, "cloud got 200"},
                      {10s + 40ms, "till got 200"},
                      {10s + 60ms, "cloud: end"}}));
  EXPECT_EQ(rig.link.hits(id), 1U);
}

TEST_P(LiveHolds, WhatASenderGaveUpOnIsDroppedAndItsPeerResetAfterTheHeal) {
  Play play;
  Rig& rig = play.rig;
  kernel::spawn(rig.kernel, rig.till_lane, ask_twice(rig, play.log, 1s, 5s));
  words::FaultId id = 0;
  rig.at(500ms, [&] { id = rig.start(GetParam()); });
  rig.at(10s, [&] { rig.heal(GetParam(), id); });
  rig.run();
  const Log end(play.log.end() - 3, play.log.end());
  EXPECT_EQ(
      end, (Log{{1080ms, "written: ok"}, {6080ms, "till: timeout"}, {10s + 20ms, "cloud: reset"}}));
  EXPECT_EQ(rig.link.hits(id), 1U);
}

INSTANTIATE_TEST_SUITE_P(Each, LiveHolds, testing::Values("wan.down", "wan.blackhole"),
                         [](const auto& one) { return std::string(one.param).substr(4); });

class LiveCuts : public testing::TestWithParam<const char*> {};

TEST_P(LiveCuts, ResetBothEndsWhenTheyStart) {
  Play play;
  Rig& rig = play.rig;
  kernel::spawn(rig.kernel, rig.till_lane, ask_twice(rig, play.log, 1s, 5s));
  words::FaultId id = 0;
  rig.at(500ms, [&] { id = rig.start(GetParam()); });
  rig.run();
  const Log end(play.log.end() - 3, play.log.end());
  EXPECT_EQ(end,
            (Log{{500ms, "cloud: reset"}, {1080ms, "written: reset"}, {1080ms, "till: reset"}}));
  EXPECT_EQ(rig.link.hits(id), 1U);
}

INSTANTIATE_TEST_SUITE_P(Each, LiveCuts,
                         testing::Values("wan.reset", "wan.refuse", "wan.dns", "wan.tls"),
                         [](const auto& one) { return std::string(one.param).substr(4); });

TEST(Flap, IsDownAndUpInTurnForConnectsAndForLiveBytes) {
  Play play;
  Rig& rig = play.rig;
  words::Args args;
  args.set("up", std::int64_t{4'000'000'000});
  args.set("down", std::int64_t{1'000'000'000});
  kernel::spawn(rig.kernel, rig.till_lane, ask_twice(rig, play.log, 10s - 90ms, 60s));
  std::string error;
  words::FaultId id = 0;
  rig.at(5s, [&] { id = rig.start("wan.flap", args); });  // down 5..6, 10..11, 15..16
  for (const auto when : {5999ms, 6000ms, 9999ms, 10s + 500ms}) {
    rig.at(when,
           [&] { kernel::spawn(rig.kernel, rig.till_lane, call(rig, play.log, kCloud, error)); });
  }
  rig.run_until(14s);
  const Log end(play.log.begin() + 4, play.log.end());
  EXPECT_EQ(end, (Log{{5999ms, "unreachable"},
                      {6020ms, "accepted"},
                      {6040ms, "ok"},
                      {6060ms, "cloud: end"},
                      {9990ms, "written: ok"},  // would arrive at 10.010
                      {10500ms, "unreachable"},
                      {10999ms, "unreachable"},  // called at 9.999, lost, tried again
                      {11020ms, "cloud got 200"},
                      {11040ms, "till got 200"},
                      {11060ms, "cloud: end"}}));
  EXPECT_EQ(rig.link.hits(id), 4U);
  rig.heal("wan.flap", id);
  rig.run();
}

TEST(Process, ThatIsKilledResetsItsPeersAfterWhatItHadSentAndRefusesOthers) {
  Play play;
  Rig& rig = play.rig;
  play.ask_at(0s, 1000, 10s);
  rig.at(70ms, [&] {  // the echo is on its way
    rig.cloud.die();
    rig.kernel.close_lane(rig.cloud_lane);
  });
  rig.at(1s, [&] { kernel::spawn(rig.kernel, rig.till_lane, ask(rig, play.log, 1, 5s)); });
  rig.run();
  const Log end(play.log.begin() + 3, play.log.end());
  EXPECT_EQ(end,
            (Log{{60ms, "cloud got 1000"}, {80ms, "till got 1000"}, {1040ms, "connect: refused"}}));
}

TEST(Process, ThatIsKilledWhileItsPeerWaitsShowsAsAReset) {
  Play play;
  Rig& rig = play.rig;
  kernel::spawn(rig.kernel, rig.till_lane, ask_twice(rig, play.log, 1s, 5s));
  rig.at(500ms, [&] {
    rig.till.die();
    rig.kernel.close_lane(rig.till_lane);
  });
  rig.run();
  EXPECT_EQ(play.log.back(), (Seen{520ms, "cloud: reset"}));
}

TEST(Process, ThatStartsAnewListensAtTheSamePort) {
  Play play;
  Rig& rig = play.rig;
  rig.run();
  rig.cloud.die();
  rig.kernel.close_lane(rig.cloud_lane);
  const Lane lane = rig.kernel.open_lane("cloud again");
  HostNetwork again(rig.network, "cloud", lane);
  EXPECT_TRUE(again.listen(kCloud));
  EXPECT_FALSE(rig.cloud.listen(Endpoint{"cloud", 81, false}));
}

TEST(Process, ThatIsCutOffInItsOwnCallSendsNothingOfIt) {
  Play play;
  Rig& rig = play.rig;
  std::vector<std::string> calls;
  rig.till.on_boundary([&](std::string_view what, std::size_t bytes) {
    calls.push_back(fmt::format("{} {}", what, bytes));
    if (calls.size() == 3) {
      rig.till.cut_off();
      rig.at(2s, [&] {
        rig.till.die();
        rig.kernel.close_lane(rig.till_lane);
      });
    }
  });
  kernel::spawn(rig.kernel, rig.till_lane, ask_twice(rig, play.log, 1s, 5s));
  rig.run();
  EXPECT_EQ(calls, (std::vector<std::string>{"connect 0", "send 100", "send 200"}));
  EXPECT_EQ(play.log.back(), (Seen{2020ms, "cloud: reset"}));
  EXPECT_EQ(play.log.size(), 5U);
}

TEST(Process, ThatIsCutOffInItsConnectNeverCalls) {
  Play play;
  Rig& rig = play.rig;
  rig.till.on_boundary([&](std::string_view, std::size_t) { rig.till.cut_off(); });
  kernel::spawn(rig.kernel, rig.till_lane, ask_twice(rig, play.log, 1s, 5s));
  rig.run();
  EXPECT_TRUE(play.log.empty());
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
