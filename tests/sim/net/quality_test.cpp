#include "tests/sim/net/play.hpp"
#include "tests/sim/net/relay_rig.hpp"

#include <algorithm>

namespace tillrig::net {
namespace {

constexpr std::int64_t kMs = 1'000'000;
const std::string kUploads = "/v1/sync/up";

words::Args longer(std::int64_t by_ms, std::int64_t jitter_ms = 0) {
  words::Args args;
  args.set("by", by_ms * kMs);
  if (jitter_ms > 0) args.set("jitter", jitter_ms * kMs);
  return args;
}

words::Args narrow(std::int64_t up, std::int64_t down = 0) {
  words::Args args;
  args.set("up", up);
  if (down > 0) args.set("down", down);
  return args;
}

words::Args losing(std::int64_t basis_points) {
  words::Args args;
  args.set("rate", basis_points);
  return args;
}

TEST(Latency, IsAddedHalfEachWayUntilHealed) {
  Play play;
  const auto id = play.rig.start("wan.latency", longer(200));
  play.ask_at(1s, 10, 6s);
  play.rig.run_until(3s);
  EXPECT_EQ(play.log, (Log{{1s + 120ms, "accepted"},
                           {1s + 240ms, "connect: ok"},
                           {1s + 240ms, "written: ok"},
                           {1s + 360ms, "cloud got 10"},
                           {1s + 480ms, "till got 10"},
                           {1s + 600ms, "cloud: end"}}));
  EXPECT_EQ(play.rig.link.hits(id), 2U);
  play.rig.heal("wan.latency", id);
  play.ask_at(10s, 10, 6s);
  play.rig.run();
  EXPECT_EQ(play.log.back(), (Seen{10s + 100ms, "cloud: end"}));
  EXPECT_EQ(play.rig.link.hits(id), 2U);
}

TEST(Latency, OfTwoFaultsAdds) {
  Play play;
  play.rig.start("wan.latency", longer(200));
  play.rig.start("wan.latency", longer(100));
  play.ask_at(1s, 10, 6s);
  play.rig.run();
  EXPECT_EQ(play.log[4], (Seen{1s + 4 * 170ms, "till got 10"}));
}

TEST(Latency, ThatHealsLetsNothingOvertakeWhatIsUnderWay) {
  Play play;
  Rig& rig = play.rig;
  const auto id = rig.start("wan.latency", longer(2000));
  // The first answer comes at 4.08 s, the second question leaves 1 ms after it.
  kernel::spawn(rig.kernel, rig.till_lane, ask_twice(rig, play.log, 1ms, 60s));
  rig.at(4100ms, [&] { rig.heal("wan.latency", id); });
  rig.run();
  const Log end(play.log.end() - 4, play.log.end());
  EXPECT_EQ(end, (Log{{4081ms, "written: ok"},
                      {5101ms, "cloud got 200"},
                      {5121ms, "till got 200"},
                      {5141ms, "cloud: end"}}));
}

Log played(std::string_view fault, const words::Args& args) {
  Play play;
  play.rig.start(fault, args);
  for (int i = 0; i < 40; ++i) play.ask_at(i * 10s, 2000, 60s);
  play.rig.run();
  return play.log;
}

// Each question's time to its answer, connect apart.
std::vector<base::Duration> answers(const Log& log) {
  std::vector<base::Duration> all;
  base::Duration asked{};
  for (const Seen& seen : log) {
    if (seen.what == "written: ok") asked = seen.at;
    if (seen.what == "till got 2000") all.push_back(seen.at - asked);
  }
  return all;
}

TEST(Latency, JittersByChanceWithinItsBounds) {
  const Log log = played("wan.latency", longer(100, 50));
  const auto all = answers(log);
  ASSERT_EQ(all.size(), 40U);
  EXPECT_GE(*std::min_element(all.begin(), all.end()), 140ms);
  EXPECT_LE(*std::max_element(all.begin(), all.end()), 190ms);
  EXPECT_NE(all.front(), all.back());
  EXPECT_EQ(log, played("wan.latency", longer(100, 50)));
}

TEST(Bandwidth, IsSharedAndOfItsOwnEachWay) {
  Play play;
  const auto id = play.rig.start("wan.bandwidth", narrow(1000, 4000));
  play.ask_at(1s, 1000, 20s);
  play.ask_at(1s, 1000, 20s);
  play.rig.run();
  std::vector<base::Duration> back;
  for (const Seen& seen : play.log) {
    if (seen.what == "till got 1000") back.push_back(seen.at - 1s);
  }
  EXPECT_EQ(back, (std::vector<base::Duration>{1s + 330ms, 2s + 330ms}));
  EXPECT_EQ(play.rig.link.hits(id), 4U);
}

TEST(Bandwidth, OfTheLineAndTwoFaultsTheNarrowestCounts) {
  Play play({20ms, 2000});
  const auto wide = play.rig.start("wan.bandwidth", narrow(5000));
  const auto narrowest = play.rig.start("wan.bandwidth", narrow(1000, 8000));
  play.ask_at(1s, 1000, 20s);
  play.rig.run();
  EXPECT_EQ(play.log[4], (Seen{1s + 80ms + 1s + 500ms, "till got 1000"}));
  EXPECT_EQ(play.rig.link.hits(wide), 0U);
  EXPECT_EQ(play.rig.link.hits(narrowest), 1U);
}

TEST(Loss, IsFeltAsDelaysOfResendingAndLosesNothing) {
  const Log log = played("wan.loss", losing(2000));
  const auto all = answers(log);
  EXPECT_EQ(all.size(), 40U);
  constexpr auto kResent = 240ms;  // 200 ms and the round trip
  int late = 0;
  for (const base::Duration each : all) {
    EXPECT_EQ((each - 40ms) % kResent, 0ms) << each.count();
    if (each > 40ms) ++late;
  }
  EXPECT_GT(late, 10);
  EXPECT_LT(late, 40);
  EXPECT_EQ(log, played("wan.loss", losing(2000)));
}

TEST(Loss, OfAHandshakeIsFeltAtItsNextTry) {
  const Log log = played("wan.loss", losing(2000));
  int late = 0;
  for (std::size_t i = 0; i + 1 < log.size(); ++i) {
    if (log[i].what == "connect: ok" && log[i].at % 10s != 40ms) {
      EXPECT_EQ((log[i].at % 10s - 40ms) % 1s, 0ms);
      ++late;
    }
  }
  EXPECT_GT(late, 5);
}

TEST(Loss, DrawsNothingFromAnotherFault) {
  const auto with = [](bool latency) {
    Play play;
    if (latency) play.rig.heal("wan.latency", play.rig.start("wan.latency", longer(100, 50)));
    play.rig.start("wan.loss", losing(3000));
    for (int i = 0; i < 20; ++i) play.ask_at(i * 10s, 2000, 60s);
    play.rig.run();
    return play.log;
  };
  EXPECT_EQ(with(true), with(false));
}

TEST(Quality, WhatIsHeldFaresAsTheLineIsWhenItCarriesAgain) {
  Play play;
  Rig& rig = play.rig;
  kernel::spawn(rig.kernel, rig.till_lane, ask_twice(rig, play.log, 1s, 60s));
  words::FaultId down = 0;
  rig.at(500ms, [&] { down = rig.start("wan.down"); });
  rig.at(2s, [&] { rig.start("wan.latency", longer(200)); });
  rig.at(10s, [&] { rig.heal("wan.down", down); });
  rig.run();
  const Log end(play.log.end() - 3, play.log.end());
  EXPECT_EQ(end, (Log{{10s + 120ms, "cloud got 200"},
                      {10s + 240ms, "till got 200"},
                      {10s + 360ms, "cloud: end"}}));
}

// On real sockets the relay does it, message by message.
TEST(RelaysOwnQuality, KeepsMessagesBackEachWay) {
  RelayRig rig(true);
  const auto late = rig.start("wan.latency", longer(200));
  rig.post_at(1s, kUploads, "a");
  rig.run();
  EXPECT_EQ(rig.commits, (Log{{1100ms, "a"}}));
  EXPECT_EQ(rig.log, (Log{{1200ms, R"(200 {"did":"a"})"}}));
  EXPECT_EQ(rig.link.hits(late), 2U);
  rig.heal("wan.latency", late);
  rig.start("wan.bandwidth", narrow(1000));
  rig.post_at(2s, kUploads, std::string(989, 'b'));
  rig.post_at(2s, kUploads, std::string(989, 'b'));
  rig.run();
  EXPECT_EQ(rig.commits[1].at, 3s);
  EXPECT_EQ(rig.commits[2].at, 4s);
}

TEST(RelaysOwnQuality, ATillThatGaveUpMeanwhileIsNotForwarded) {
  RelayRig rig(true);
  rig.start("wan.latency", longer(20'000));
  rig.post_at(1s, kUploads, "a", 3s);
  rig.run();
  EXPECT_EQ(rig.log, (Log{{4s, "timeout"}}));
  EXPECT_TRUE(rig.commits.empty());
  EXPECT_EQ(rig.tape.ended.size(), 1U);
}

}  // namespace
}  // namespace tillrig::net
