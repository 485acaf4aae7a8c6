#include "tests/sim/net/play.hpp"

namespace tillrig::net {
namespace {

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

}  // namespace
}  // namespace tillrig::net
