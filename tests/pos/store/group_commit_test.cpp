#include "pos/store/group_commit.hpp"

#include <gtest/gtest.h>

namespace tillrig::store::test {
namespace {

using namespace base;

TEST(GatherWindow, OneProducerNeverWaits) {
  GatherWindow window;
  EXPECT_FALSE(window.ready(0, Instant{}, Instant{}));
  EXPECT_TRUE(window.ready(1, Instant{}, Instant{}));
  window.done(5ms, 1, 0);
  EXPECT_TRUE(window.ready(1, Instant{}, Instant{}));
}

TEST(GatherWindow, WaitsATwentiethOfASyncForThoseOnTheirWay) {
  GatherWindow window;
  window.done(5ms, 4, 4);
  EXPECT_EQ(window.window(), 250us);
  EXPECT_FALSE(window.ready(7, Instant{}, Instant{} + 249us));
  EXPECT_TRUE(window.ready(8, Instant{}, Instant{}));
  EXPECT_TRUE(window.ready(1, Instant{}, Instant{} + 250us));
}

TEST(GatherWindow, FollowsTheDisk) {
  GatherWindow window;
  window.done(1ms, 8, 0);
  for (int i = 0; i < 200; ++i) window.done(10ms, 8, 0);
  EXPECT_GT(window.window(), 490us);
  EXPECT_LE(window.window(), 500us);
}

// Eight producers, each back 50 us after its record is durable: with the window one sync carries
// all of them.
TEST(GatherWindow, GathersAllProducersIntoOneSync) {
  GatherWindow window;
  Instant now;
  std::size_t waiting = 3;
  std::size_t batch = 0;
  for (int round = 0; round < 10; ++round) {
    const Instant since = now;
    while (!window.ready(waiting, since, now)) {
      now = now + 10us;
      if (now - since >= 50us) waiting = 8;  // the last batch is back
    }
    batch = waiting;
    now = now + 5ms;
    const std::size_t arrived = 8 - batch;  // those who missed it wait by now
    window.done(5ms, batch, arrived);
    waiting = arrived;
    if (waiting == 0) waiting = 1;
  }
  EXPECT_EQ(batch, 8U);
}

}  // namespace
}  // namespace tillrig::store::test
