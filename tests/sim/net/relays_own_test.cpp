#include "tests/sim/net/relay_rig.hpp"

namespace tillrig::net {
namespace {

const std::string kUpload = "/v1/sync/up";

constexpr std::int64_t kOneSecond = 1'000'000'000;

// On a network that knows no faults, the relay does those of connections itself.
struct OwnFault {
  const char* fault;
  const char* connect;  // what a connect and its request come to
};

class RelaysOwn : public testing::TestWithParam<OwnFault> {};

TEST_P(RelaysOwn, FaultsOfConnectionsHitAndHealAtTheSamePort) {
  RelayRig rig(true);
  const std::uint16_t port = rig.relay->port();
  rig.run();
  const auto id = rig.start(GetParam().fault);
  rig.post_at(1s, kUpload, "a", 2s);
  rig.run_until(5s);
  ASSERT_EQ(rig.log.size(), 1U);
  EXPECT_EQ(rig.log[0].what, GetParam().connect);
  EXPECT_TRUE(rig.commits.empty());
  EXPECT_GE(rig.link.hits(id), 1U);
  rig.heal(GetParam().fault, id);
  rig.post_at(6s, kUpload, "b");
  rig.run();
  EXPECT_EQ(rig.log.back(), (Seen{6s, R"(200 {"did":"b"})"}));
  EXPECT_EQ(rig.commits.size(), 1U);
  EXPECT_EQ(rig.relay->port(), port);
}

INSTANTIATE_TEST_SUITE_P(Each, RelaysOwn,
                         testing::Values(OwnFault{"wan.down", "connect: refused"},
                                         OwnFault{"wan.refuse", "connect: refused"},
                                         OwnFault{"wan.blackhole", "timeout"},
                                         OwnFault{"wan.reset", "reset"},
                                         OwnFault{"wan.tls", "reset"},
                                         OwnFault{"wan.dns", "connect: refused"}),
                         [](const auto& one) { return std::string(one.param.fault).substr(4); });

TEST(RelaysOwn, ABlackholeHoldsALiveConnectionAndHealingDelivers) {
  RelayRig rig(true);
  words::FaultId id = 0;
  rig.post_all_at(0s, kUpload, {"a"}, 30s);
  rig.work = 2s;
  rig.at(1s, [&] { id = rig.start("wan.blackhole"); });  // the answer is still to come
  rig.at(9s, [&] { rig.heal("wan.blackhole", id); });
  rig.run();
  EXPECT_EQ(rig.log, (Log{{9s + 1ms, R"(200 {"did":"a"})"}}));
  EXPECT_EQ(rig.link.hits(id), 1U);
}

TEST(RelaysOwn, AResetCutsALiveConnection) {
  RelayRig rig(true);
  rig.work = 5s;
  rig.post_at(0s, kUpload, "a", 30s);
  rig.at(1s, [&] { rig.start("wan.reset"); });
  rig.run();
  EXPECT_EQ(rig.log, (Log{{1s, "reset"}}));
}

TEST(RelaysOwn, AFlappingLineOpensAndShutsTheListener) {
  RelayRig rig(true);
  words::Args args;
  args.set("up", 4 * kOneSecond);
  args.set("down", kOneSecond);
  rig.run();
  const auto id = rig.start("wan.flap", args);  // down 0..1, 5..6
  for (const auto when : {500ms, 1500ms, 5500ms, 6500ms}) rig.post_at(when, kUpload, "x");
  rig.run_until(9s);
  EXPECT_EQ(rig.log, (Log{{500ms, "connect: refused"},
                          {1500ms, R"(200 {"did":"x"})"},
                          {5500ms, "connect: refused"},
                          {6500ms, R"(200 {"did":"x"})"}}));
  rig.heal("wan.flap", id);
  rig.run();
}

TEST(FaultRows, OfTheLineAreCompleteForAPerson) {
  int rows = 0;
  for (const words::Fault* row : words::Table<words::Fault>::all()) {
    if (row->domain != words::Domain::wan) continue;
    ++rows;
    EXPECT_TRUE(row->start != nullptr && row->heal != nullptr) << row->name;
    EXPECT_TRUE(row->doc.ends_with('.')) << row->name;
    EXPECT_FALSE(row->heals.empty()) << row->name;
    EXPECT_NE(row->example.find(row->name), std::string_view::npos) << row->name;
    for (const words::Param& param : row->params) {
      EXPECT_FALSE(param.doc.empty()) << row->name << " " << param.name;
      if (param.required) {
        EXPECT_NE(row->example.find(param.name), std::string_view::npos) << row->name;
      }
    }
  }
  EXPECT_EQ(rows, 28);
}

}  // namespace
}  // namespace tillrig::net
