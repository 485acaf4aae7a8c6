// Events that the cloud had once and lost since: owed again, or for a person to look at.

#include "tests/pos/store/bench_till.hpp"

#include <gtest/gtest.h>

namespace tillrig::store::test {
namespace {

struct StoreOfFiveSent : ::testing::Test {
  void SetUp() override {
    ASSERT_TRUE(till.start());
    for (int i = 1; i <= 4; ++i) ASSERT_TRUE(till.sell(100 * i));
    for (std::uint64_t seq = 1; seq <= 5; ++seq) ASSERT_TRUE(settle(seq));
  }
  Result<void> settle(std::uint64_t seq, SyncState state = SyncState::acked) {
    const Settled one{id(seq), state, state == SyncState::acked ? "" : "bad_total"};
    return till.store->settle(std::span(&one, 1));
  }
  Result<void> take_back(std::uint64_t seq, Finding what) {
    const Found one{id(seq), what};
    return till.store->take_back(std::span(&one, 1));
  }
  static base::EventId id(std::uint64_t seq) { return {"till-1", 1, seq}; }
  [[nodiscard]] std::vector<std::string> waiting() {
    std::vector<std::string> ids;
    for (const auto& item : till.store->peek(100, SIZE_MAX, {}))
      ids.push_back(item.event.id.text());
    return ids;
  }
  void expect_counted(std::uint64_t pending, std::uint64_t quarantined, std::uint64_t uploaded,
                      std::int64_t value) {
    const Counters now = till.store->counters();
    EXPECT_EQ(now.pending, pending);
    EXPECT_EQ(now.quarantined, quarantined);
    EXPECT_EQ(now.uploaded, uploaded);
    EXPECT_EQ(now.pending_value, Money{value});
  }
  BenchTill till;
};

TEST_F(StoreOfFiveSent, WhatIsMissingWaitsAgainAndIsCountedAsUploadedOnce) {
  ASSERT_TRUE(take_back(2, Finding::missing));
  ASSERT_TRUE(take_back(4, Finding::missing));
  ASSERT_TRUE(take_back(4, Finding::missing)) << "twice is once";
  for (const bool restarted : {false, true}) {
    if (restarted) {
      till.power_cut(disk::Cut::lose_pending());
      ASSERT_TRUE(till.open());
    }
    EXPECT_EQ(waiting(), (std::vector<std::string>{"till-1.1.2", "till-1.1.4"}));
    EXPECT_EQ(till.store->sync_state(id(2)), SyncState::queued);
    expect_counted(2, 0, 5, 100 + 300);
  }
  ASSERT_TRUE(settle(2));
  ASSERT_TRUE(settle(4));
  EXPECT_TRUE(waiting().empty());
  expect_counted(0, 0, 5, 0);
  till.kill();
  ASSERT_TRUE(till.open());
  EXPECT_TRUE(waiting().empty());
  expect_counted(0, 0, 5, 0);
}

TEST_F(StoreOfFiveSent, WhatIsDifferentGoesToQuarantineAndIsNotUploadedAnyMore) {
  ASSERT_TRUE(take_back(3, Finding::different));
  for (const bool restarted : {false, true}) {
    if (restarted) {
      till.kill();
      ASSERT_TRUE(till.open());
      EXPECT_NE(till.store->opened().verdict, Verdict::degraded);
    }
    EXPECT_EQ(till.store->sync_state(id(3)), SyncState::quarantined);
    expect_counted(0, 1, 4, 0);
  }
}

TEST_F(StoreOfFiveSent, WhatWaitsAgainCanBeRefused) {
  ASSERT_TRUE(take_back(3, Finding::missing));
  ASSERT_TRUE(settle(3, SyncState::quarantined));
  expect_counted(0, 1, 4, 0);
  till.kill();
  ASSERT_TRUE(till.open());
  EXPECT_EQ(till.store->sync_state(id(3)), SyncState::quarantined);
  expect_counted(0, 1, 4, 0);
}

TEST_F(StoreOfFiveSent, WhatIsMissingBeyondAGapIsNotForgottenWhenThatCloses) {
  ASSERT_TRUE(till.sell(500));  // 6, which stays behind
  ASSERT_TRUE(till.sell(600));  // 7
  ASSERT_TRUE(settle(7));
  ASSERT_TRUE(take_back(7, Finding::missing));
  till.kill();
  ASSERT_TRUE(till.open());
  EXPECT_EQ(waiting(), (std::vector<std::string>{"till-1.1.6", "till-1.1.7"}));
  ASSERT_TRUE(settle(6));
  EXPECT_EQ(waiting(), std::vector<std::string>{"till-1.1.7"});
  till.kill();
  ASSERT_TRUE(till.open());
  EXPECT_EQ(waiting(), std::vector<std::string>{"till-1.1.7"});
  ASSERT_TRUE(settle(7));
  expect_counted(0, 0, 7, 0);
}

TEST_F(StoreOfFiveSent, PendingEventsAreNotTakenBack) {
  ASSERT_TRUE(till.sell(500));
  ASSERT_TRUE(take_back(6, Finding::missing));
  ASSERT_TRUE(take_back(6, Finding::different));
  ASSERT_TRUE(take_back(99, Finding::missing));
  expect_counted(1, 0, 5, 500);
}

TEST_F(StoreOfFiveSent, AllEventsAreFiledInPagesInTheirOrder) {
  const auto first = till.store->filed({}, 3);
  ASSERT_TRUE(first);
  ASSERT_EQ(first->size(), 3U);
  EXPECT_EQ(first->back().id, id(3));
  const auto rest = till.store->filed(id(3), 3);
  ASSERT_TRUE(rest);
  ASSERT_EQ(rest->size(), 2U);
  EXPECT_EQ(rest->front().state, SyncState::acked);
  EXPECT_EQ(rest->front().hash, wire::payload_hash(till.store->find(id(4)).value()));
  EXPECT_TRUE(till.store->filed(id(5), 3)->empty());
  EXPECT_EQ(till.store->made(), 5U);
  EXPECT_EQ(till.store->made_up_to(id(3)), 3U);
}

TEST(TakenBack, WhatTheLedgerLetGoIsSentFromTheDatabase) {
  BenchTill till;
  till.config.segments = {.bytes = 4096, .keep = 2, .most_files = 2};
  ASSERT_TRUE(till.start());
  const Settled opened{{"till-1", 1, 1}, SyncState::acked, ""};
  ASSERT_TRUE(till.store->settle(std::span(&opened, 1)));
  for (int i = 0; i < 40; ++i) {
    const auto sold = till.sell(100 + i);
    ASSERT_TRUE(sold);
    const Settled one{sold->id, SyncState::acked, ""};
    ASSERT_TRUE(till.store->settle(std::span(&one, 1)));
  }
  std::vector<Found> all;
  for (std::uint64_t seq = 2; seq <= 41; ++seq) all.push_back({{"till-1", 1, seq}});
  ASSERT_TRUE(till.store->take_back(all));
  for (const bool restarted : {false, true}) {
    if (restarted) {
      till.kill();
      ASSERT_TRUE(till.open());
    }
    EXPECT_EQ(till.store->peek(100, SIZE_MAX, {}).size(), 40U);
    EXPECT_EQ(till.store->health(), Health::sound);
  }
  for (const Found& each : all) {
    const Settled one{each.id, SyncState::acked, ""};
    ASSERT_TRUE(till.store->settle(std::span(&one, 1)));
  }
  EXPECT_EQ(till.store->counters().pending, 0U);
}

}  // namespace
}  // namespace tillrig::store::test
