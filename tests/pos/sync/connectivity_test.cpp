#include "pos/sync/connectivity.hpp"

#include <gtest/gtest.h>

namespace tillrig::sync {
namespace {

Instant at(Duration since_start) {
  return Instant{} + since_start;
}

// Online since `when`.
Connectivity online(Duration when = 0s) {
  Connectivity connectivity;
  connectivity.step(Cause::none, at(when));
  return connectivity;
}

// Probes when asked to, each taking `takes` to fail, until offline; says how long after `from`.
Duration time_to_offline(Connectivity& connectivity, Cause cause, Duration takes, Instant from) {
  Instant now = from;
  for (int probes = 0; connectivity.link() != Link::offline && probes < 100; ++probes) {
    now = std::max(now, connectivity.next_probe()) + takes;
    connectivity.step(cause, now);
  }
  return now - from;
}

TEST(Connectivity, TheFirstProbeDecides) {
  Connectivity up;
  EXPECT_EQ(up.link(), Link::starting);
  EXPECT_FALSE(up.online());
  EXPECT_TRUE(up.step(Cause::none, at(0s)));
  EXPECT_EQ(up.link(), Link::online);

  Connectivity down;
  EXPECT_TRUE(down.step(Cause::dns, at(0s)));
  EXPECT_EQ(down.link(), Link::offline);
  EXPECT_EQ(down.cause(), Cause::dns);
}

TEST(Connectivity, OneLostAnswerIsOnlyASuspicion) {
  Connectivity connectivity = online();
  EXPECT_TRUE(connectivity.step(Cause::slow, at(7s)));
  EXPECT_EQ(connectivity.link(), Link::suspect);
  EXPECT_EQ(connectivity.cause(), Cause::slow);
  EXPECT_TRUE(connectivity.online());
  EXPECT_TRUE(connectivity.step(Cause::none, at(8s)));
  EXPECT_EQ(connectivity.link(), Link::online);
  EXPECT_EQ(connectivity.cause(), Cause::none);
}

TEST(Connectivity, ThreeMissesInARowAreOffline) {
  Connectivity connectivity = online();
  connectivity.step(Cause::slow, at(7s));
  connectivity.step(Cause::blackhole, at(12s));
  EXPECT_TRUE(connectivity.online());
  connectivity.step(Cause::blackhole, at(17s));
  EXPECT_EQ(connectivity.link(), Link::offline);
  EXPECT_FALSE(connectivity.online());
  EXPECT_EQ(connectivity.cause(), Cause::blackhole);
}

TEST(Connectivity, MissesWithAGoodAnswerBetweenAreNotOffline) {
  Connectivity connectivity = online();
  for (int i = 1; i <= 20; ++i) {
    connectivity.step(i % 3 == 0 ? Cause::none : Cause::slow, at(i * 1s));
    EXPECT_TRUE(connectivity.online()) << i;
  }
}

// Domain 1: heartbeat 5 s, timeout 2 s, 3 misses; the line goes right after a good probe.
TEST(Connectivity, OfflineIsDeclaredWithin17SecondsWhenNothingAnswers) {
  Connectivity connectivity = online();
  EXPECT_LE(time_to_offline(connectivity, Cause::blackhole, 2s, at(0s)), 17s);
  EXPECT_EQ(connectivity.link(), Link::offline);
}

TEST(Connectivity, OfflineIsDeclaredWithin17SecondsWhenConnectsAreRefused) {
  Connectivity connectivity = online(100s);
  EXPECT_LE(time_to_offline(connectivity, Cause::refused, 20ms, at(100s)), 17s);
}

TEST(Connectivity, TwoGoodProbesBringItBack) {
  Connectivity connectivity;
  connectivity.step(Cause::link, at(0s));
  EXPECT_FALSE(connectivity.step(Cause::none, at(5s)));
  EXPECT_EQ(connectivity.link(), Link::offline) << "one good answer is not yet a connection";
  EXPECT_LE(connectivity.next_probe(), at(6s)) << "the second probe follows soon";
  EXPECT_TRUE(connectivity.step(Cause::none, at(6s)));
  EXPECT_EQ(connectivity.link(), Link::online);
}

TEST(Connectivity, AFlappingLineDoesNotComeBack) {
  Connectivity connectivity;
  connectivity.step(Cause::link, at(0s));
  for (int i = 1; i < 20; ++i) {
    connectivity.step(i % 2 == 0 ? Cause::link : Cause::none, at(i * 1s));
    EXPECT_EQ(connectivity.link(), Link::offline) << i;
  }
}

// Uploads whose answers are lost over a line that answers every probe: seen as an outage every few
// seconds, each of which sent at once what waited.
TEST(Connectivity, UploadsThatFailAreDoubtsThatProbesConfirm) {
  Connectivity line = online();
  for (int uploads = 0; uploads < 10; ++uploads) line.doubt(Cause::garbled, at(1s), 2s);
  EXPECT_EQ(line.link(), Link::suspect);
  EXPECT_EQ(line.cause(), Cause::garbled);
  EXPECT_LT(line.next_probe(), at(5s)) << "it is asked soon";
  EXPECT_TRUE(line.step(Cause::none, at(3s)));
  EXPECT_EQ(line.link(), Link::online);
  line.doubt(Cause::blackhole, at(10s), 2s);
  EXPECT_LE(time_to_offline(line, Cause::blackhole, 2s, at(10s)), 17s);
  EXPECT_FALSE(line.doubt(Cause::reset, at(40s), 2s)) << "it is offline already";
  EXPECT_EQ(line.link(), Link::offline);
}

TEST(Connectivity, AChangeOfCauseIsTold) {
  Connectivity connectivity;
  connectivity.step(Cause::dns, at(0s));
  EXPECT_FALSE(connectivity.step(Cause::dns, at(5s)));
  EXPECT_TRUE(connectivity.step(Cause::portal, at(10s)));
  EXPECT_EQ(connectivity.cause(), Cause::portal);
}

TEST(Connectivity, ARefusedLoginIsAnAnswerOfTheCloud) {
  Connectivity connectivity = online();
  connectivity.step(Cause::login, at(1s));
  EXPECT_EQ(connectivity.link(), Link::online);
}

TEST(Connectivity, TheHeartbeatRunsFromTheLastGoodAnswer) {
  Connectivity connectivity = online();
  connectivity.step(Cause::none, at(3s));
  EXPECT_EQ(connectivity.next_probe(), at(8s));
}

}  // namespace
}  // namespace tillrig::sync
