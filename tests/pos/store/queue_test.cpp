// The store as the up lane's queue, and its numbers.

#include "tests/pos/store/bench_till.hpp"

#include <gtest/gtest.h>

namespace tillrig::store::test {
namespace {

std::vector<std::string> ids(const std::vector<wire::UpItem>& items) {
  std::vector<std::string> all;
  for (const wire::UpItem& item : items) all.push_back(item.event.id.text());
  return all;
}

Result<void> ack(BenchTill& till, std::uint64_t seq, SyncState state = SyncState::acked) {
  const Settled one{
      {"till-1", till.store->epoch(), seq}, state, state == SyncState::acked ? "" : "bad_total"};
  return till.store->settle(std::span(&one, 1));
}

struct OutboxOfFive : ::testing::Test {
  void SetUp() override {
    ASSERT_TRUE(till.start());
    for (int i = 1; i <= 4; ++i) {
      till.clock.at = till.clock.at + std::chrono::seconds(1);
      ASSERT_TRUE(till.sell(100 * i));
    }
  }
  BenchTill till;
};

TEST_F(OutboxOfFive, HandsOutInOrderWithHashes) {
  const auto items = till.store->peek(100, SIZE_MAX, {});
  EXPECT_EQ(ids(items), (std::vector<std::string>{"till-1.1.1", "till-1.1.2", "till-1.1.3",
                                                  "till-1.1.4", "till-1.1.5"}));
  for (const wire::UpItem& item : items) EXPECT_EQ(item.hash, wire::payload_hash(item.event));
}

TEST_F(OutboxOfFive, KeepsToItemsBytesAndExceptions) {
  EXPECT_EQ(till.store->peek(2, SIZE_MAX, {}).size(), 2U);
  const auto all = till.store->peek(100, SIZE_MAX, {});
  const std::size_t two = wire::encode(all[0].event).size() + wire::encode(all[1].event).size();
  EXPECT_EQ(till.store->peek(100, two, {}).size(), 2U);
  EXPECT_EQ(till.store->peek(100, two - 1, {}).size(), 1U);
  EXPECT_EQ(till.store->peek(100, 1, {}).size(), 1U) << "always at least one";
  EXPECT_EQ(ids(till.store->peek(100, SIZE_MAX, {all[0].event.id, all[2].event.id})),
            (std::vector<std::string>{"till-1.1.2", "till-1.1.4", "till-1.1.5"}));
}

TEST_F(OutboxOfFive, SettlesOutOfOrderAndOverARestart) {
  ASSERT_TRUE(ack(till, 4));
  ASSERT_TRUE(ack(till, 2));
  ASSERT_TRUE(ack(till, 2)) << "twice is once";
  const std::vector<std::string> left{"till-1.1.1", "till-1.1.3", "till-1.1.5"};
  for (const bool restarted : {false, true}) {
    if (restarted) {
      till.power_cut(disk::Cut::lose_pending());
      ASSERT_TRUE(till.open());
    }
    EXPECT_EQ(ids(till.store->peek(100, SIZE_MAX, {})), left);
    EXPECT_EQ(till.store->counters().pending, 3U);
    EXPECT_EQ(till.store->counters().uploaded, 2U);
    EXPECT_EQ(till.store->counters().pending_value, Money{200 + 400});
  }
  ASSERT_TRUE(ack(till, 1));
  ASSERT_TRUE(ack(till, 3));
  ASSERT_TRUE(ack(till, 5));
  EXPECT_TRUE(till.store->peek(100, SIZE_MAX, {}).empty());
  EXPECT_EQ(till.store->counters().pending, 0U);
  EXPECT_EQ(till.store->counters().oldest_pending, base::WallTime{});
}

TEST_F(OutboxOfFive, QuarantineStopsNobodyAndIsRemembered) {
  ASSERT_TRUE(ack(till, 1));
  ASSERT_TRUE(ack(till, 2, SyncState::quarantined));
  ASSERT_TRUE(ack(till, 3));
  till.power_cut(disk::Cut::lose_pending());
  ASSERT_TRUE(till.open());
  EXPECT_EQ(ids(till.store->peek(100, SIZE_MAX, {})),
            (std::vector<std::string>{"till-1.1.4", "till-1.1.5"}));
  EXPECT_EQ(till.store->counters().quarantined, 1U);
  EXPECT_EQ(till.store->sync_state({"till-1", 1, 2}), SyncState::quarantined);
  EXPECT_EQ(till.store->sync_state({"till-1", 1, 3}), SyncState::acked);
  EXPECT_EQ(till.store->sync_state({"till-1", 1, 99}), SyncState::queued);
  EXPECT_EQ(till.store->sales(10).back().why, "bad_total");
  ASSERT_TRUE(ack(till, 2)) << "the cloud took it after all";
  EXPECT_EQ(till.store->counters().quarantined, 0U);
  EXPECT_EQ(till.store->counters().uploaded, 3U);
}

TEST_F(OutboxOfFive, KnowsTheOldestPending) {
  EXPECT_EQ(till.store->counters().oldest_pending, till.store->peek(1, 1, {})[0].event.wall);
  ASSERT_TRUE(ack(till, 1));
  EXPECT_EQ(till.store->counters().oldest_pending, till.store->peek(1, 1, {})[0].event.wall);
}

TEST_F(OutboxOfFive, SendsOneEpochAtATime) {
  till.kill();
  ASSERT_TRUE(till.start());
  ASSERT_TRUE(till.sell(900));
  EXPECT_EQ(till.store->peek(100, SIZE_MAX, {}).size(), 5U);
  for (std::uint64_t seq = 1; seq <= 5; ++seq) {
    const Settled one{{"till-1", 1, seq}, SyncState::acked, ""};
    ASSERT_TRUE(till.store->settle(std::span(&one, 1)));
  }
  EXPECT_EQ(ids(till.store->peek(100, SIZE_MAX, {})),
            (std::vector<std::string>{"till-1.2.1", "till-1.2.2"}));
}

TEST_F(OutboxOfFive, NumbersAnewInEveryEpoch) {
  till.kill();
  ASSERT_TRUE(till.open());
  ASSERT_TRUE(till.store->open_epoch("cloud_ahead", 7));
  const auto sold = till.sell(900);
  ASSERT_TRUE(sold);
  EXPECT_EQ(sold->id.text(), "till-1.7.2");
  EXPECT_EQ(std::get<wire::Document>(sold->body).number, 1U);
}

// The bugs that can be switched on here, and that each is visible.

TEST(StoreMutants, DebouncedPersistLosesAnAcknowledgedSale) {
  for (const bool on : {false, true}) {
    BenchTill till;
    if (on) till.config.mutants.add("debounced_persist");
    ASSERT_TRUE(till.start());
    const auto sold = till.sell(100);
    ASSERT_TRUE(sold);
    till.power_cut(disk::Cut::lose_pending());
    ASSERT_TRUE(till.open());
    EXPECT_EQ(till.store->find(sold->id).has_value(), !on);
  }
}

TEST(StoreMutants, DebouncedPersistWritesAfterItsDelay) {
  BenchTill till;
  till.config.mutants.add("debounced_persist");
  ASSERT_TRUE(till.start());
  const auto sold = till.sell(100);
  ASSERT_TRUE(sold);
  EXPECT_EQ(till.store->peek(10, SIZE_MAX, {}).size(), 1U);
  till.clock.at = till.clock.at + std::chrono::milliseconds(300);
  EXPECT_EQ(till.store->peek(10, SIZE_MAX, {}).size(), 2U);
  EXPECT_TRUE(till.store->find(sold->id));
}

TEST(StoreMutants, NumberReuseGoesOnInTheOldEpoch) {
  for (const bool on : {false, true}) {
    BenchTill till;
    if (on) till.config.mutants.add("number_reuse_after_crash");
    ASSERT_TRUE(till.start());
    ASSERT_TRUE(till.sell(100));
    till.power_cut(disk::Cut::lose_pending());
    ASSERT_TRUE(till.open());
    EXPECT_EQ(till.store->opened().new_epoch_due, !on);
  }
}

}  // namespace
}  // namespace tillrig::store::test
