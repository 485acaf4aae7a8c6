#include "tests/sim/net/play.hpp"

namespace tillrig::net {
namespace {

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

TEST(Process, ThatWasCutOffAndIsGoneLeavesItsPortFree) {
  Play play;
  Rig& rig = play.rig;
  rig.run();
  rig.cloud.cut_off();
  EXPECT_FALSE(rig.cloud.listen(Endpoint{"cloud", 81, false}));
  rig.kernel.close_lane(rig.cloud_lane);
  HostNetwork again(rig.network, "cloud", rig.kernel.open_lane("cloud again"));
  EXPECT_TRUE(again.listen(kCloud));
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

}  // namespace
}  // namespace tillrig::net
