// Old events are deleted from the database, and nothing of the queue or the numbers goes with them.

#include "tests/pos/store/bench_till.hpp"

#include <gtest/gtest.h>

namespace tillrig::store::test {
namespace {

struct StoreOfAHundredSent : ::testing::Test {
  void open_with(std::uint32_t segment_bytes) {
    till.config.segments = {.bytes = segment_bytes, .keep = 2, .most_files = 3};
    ASSERT_TRUE(till.start());
    for (int i = 1; i <= 100; ++i) {
      const auto sold = till.sell(100);
      ASSERT_TRUE(sold);
      settle(sold->id.seq);
    }
    settle(1);
  }
  void settle(std::uint64_t seq, SyncState state = SyncState::acked) {
    const Settled one{id(seq), state, state == SyncState::acked ? "" : "bad_total"};
    ASSERT_TRUE(till.store->settle(std::span(&one, 1)));
  }
  static base::EventId id(std::uint64_t seq) { return {"till-1", 1, seq}; }
  Result<Cleaned> clean(std::uint64_t from, std::uint64_t to) {
    std::vector<base::EventId> ids;
    for (std::uint64_t seq = from; seq <= to; ++seq) ids.push_back(id(seq));
    return till.store->clean(ids);
  }
  void start_again() {
    till.power_cut(disk::Cut::lose_pending());
    ASSERT_TRUE(till.open());
    EXPECT_EQ(till.store->opened().verdict, Verdict::recovered) << till.store->opened().what;
  }
  BenchTill till;
};

struct WithLedgerOf : StoreOfAHundredSent, ::testing::WithParamInterface<std::uint32_t> {};
INSTANTIATE_TEST_SUITE_P(Bytes, WithLedgerOf, ::testing::Values(1024U * 1024U, 16U * 1024U));

TEST_P(WithLedgerOf, TheyStayAwayWhetherTheLedgerHasThemStillOrNot) {
  open_with(GetParam());
  const auto cleaned = clean(1, 80);
  ASSERT_TRUE(cleaned) << cleaned.error().what;
  EXPECT_EQ(cleaned->rows, 80U);
  EXPECT_GT(cleaned->bytes, 10'000U);
  for (const bool restarted : {false, true}) {
    if (restarted) start_again();
    EXPECT_EQ(till.store->sales(1000).size(), 21U);
    EXPECT_FALSE(till.store->find(id(40)));
    EXPECT_TRUE(till.store->find(id(81)));
    EXPECT_TRUE(till.store->cleaned_up(id(40)));
    EXPECT_FALSE(till.store->cleaned_up(id(81)));
    EXPECT_EQ(till.store->counters().uploaded, 101U);
    EXPECT_EQ(till.store->sync_state(id(40)), SyncState::acked);
    EXPECT_EQ(till.store->made(), 101U);
  }
}

TEST_F(StoreOfAHundredSent, NumbersGoOn) {
  open_with(1024 * 1024);
  ASSERT_TRUE(clean(1, 101));
  EXPECT_EQ(till.store->sales(1000).size(), 1U) << "the last one says how far the numbers are";
  start_again();
  EXPECT_EQ(till.store->high_number(), 100U);
  till.store->keep_epoch();
  const auto sold = till.sell(100);
  ASSERT_TRUE(sold) << sold.error().what;
  EXPECT_EQ(sold->id.seq, 102U);
}

TEST_F(StoreOfAHundredSent, NumbersGoOnAfterWhatHasNone) {
  open_with(1024 * 1024);
  for (const std::uint64_t seq : {102, 103}) {
    ASSERT_TRUE(till.store->record(wire::EventKind::outage_closed, wire::OutageClosed{0, 1, 1}));
    settle(seq);
  }
  ASSERT_TRUE(clean(1, 103));
  EXPECT_EQ(till.store->sales(1000).size(), 1U) << "the last one says how far the numbers are";
  EXPECT_FALSE(till.store->find(id(102)));
  start_again();
  EXPECT_EQ(till.store->high_number(), 100U);
}

TEST_F(StoreOfAHundredSent, WhatWaitsOrIsRefusedStays) {
  open_with(1024 * 1024);
  const Found lost{id(50)};
  const Found other{id(60), Finding::different};
  ASSERT_TRUE(till.store->take_back(std::span(&lost, 1)));
  ASSERT_TRUE(till.store->take_back(std::span(&other, 1)));
  EXPECT_EQ(clean(1, 80)->rows, 78U);
  for (const bool restarted : {false, true}) {
    if (restarted) start_again();
    EXPECT_TRUE(till.store->find(id(50)));
    EXPECT_TRUE(till.store->find(id(60)));
    EXPECT_EQ(till.store->peek(100, SIZE_MAX, {}).size(), 1U);
    EXPECT_EQ(till.store->counters().quarantined, 1U);
  }
}

TEST_F(StoreOfAHundredSent, ACopyIsRebuiltWithoutThem) {
  open_with(1024 * 1024);
  ASSERT_TRUE(clean(1, 80));
  ASSERT_TRUE(till.store->rebuild());
  start_again();
  EXPECT_EQ(till.store->sales(1000).size(), 21U);
}

}  // namespace
}  // namespace tillrig::store::test
