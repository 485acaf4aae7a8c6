#include "tests/pos/store/bench_till.hpp"

#include <gtest/gtest.h>

namespace tillrig::store::test {
namespace {

TEST(Store, IsFreshThenCleanAndKeepsItsSales) {
  BenchTill till;
  ASSERT_TRUE(till.open()) << till.why;
  EXPECT_EQ(till.store->opened().verdict, Verdict::fresh);
  EXPECT_TRUE(till.store->opened().new_epoch_due);
  ASSERT_TRUE(till.store->open_epoch("created"));
  for (int i = 1; i <= 5; ++i) {
    const auto sold = till.sell(100 * i);
    ASSERT_TRUE(sold) << sold.error().what;
    EXPECT_EQ(std::get<wire::Document>(sold->body).number, static_cast<std::uint64_t>(i));
  }
  ASSERT_TRUE(till.store->close());
  ASSERT_TRUE(till.open()) << till.why;
  EXPECT_EQ(till.store->opened().verdict, Verdict::clean) << till.store->opened().what;
  EXPECT_FALSE(till.store->opened().new_epoch_due);
  EXPECT_EQ(till.store->epoch(), 1U);
  EXPECT_EQ(till.store->high_number(), 5U);
  const auto rows = till.store->sales(10);
  ASSERT_EQ(rows.size(), 5U);
  EXPECT_EQ(rows.front().total, Money{500});
  EXPECT_EQ(rows.front().number.text(), "1-0000005");
  EXPECT_EQ(till.store->counters().pending, 6U);
  EXPECT_EQ(till.store->counters().pending_value, Money{1500});
  const auto sixth = till.sell(600);
  ASSERT_TRUE(sixth);
  EXPECT_EQ(sixth->id.text(), "till-1.1.7");
}

TEST(Store, ShowsSalesOfAnEpochAndLaterOnesAlone) {
  BenchTill till;
  ASSERT_TRUE(till.start());
  ASSERT_TRUE(till.sell(100));
  ASSERT_TRUE(till.store->open_epoch("restarted"));
  ASSERT_TRUE(till.sell(200));
  EXPECT_EQ(till.store->sales(10).size(), 2U);
  EXPECT_EQ(till.store->sales(10, 1).size(), 2U);
  const auto rows = till.store->sales(10, 2);
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows.front().number.text(), "2-0000001");
  EXPECT_TRUE(till.store->sales(10, 3).empty());
  EXPECT_TRUE(till.store->sales(10, UINT32_MAX).empty());
}

TEST(Store, TakesNoSaleBeforeTheEpochIsOpen) {
  BenchTill till;
  ASSERT_TRUE(till.open());
  const auto sold = till.sell(100);
  ASSERT_FALSE(sold);
  EXPECT_EQ(sold.error().code, base::Code::not_allowed);
}

TEST(Store, MarksEveryStageOfASale) {
  BenchTill till;
  ASSERT_TRUE(till.start());
  till.marks.marks.clear();
  ASSERT_TRUE(till.sell(100));
  const std::vector<std::string> stages = {"sale.begun till-1.1.2", "ledger.appended till-1.1.2",
                                           "ledger.synced till-1.1.2", "db.committed till-1.1.2",
                                           "sale.committed till-1.1.2"};
  EXPECT_EQ(till.marks.marks, stages);
}

TEST(Store, KeepsWhatAnEventSaysBesideItsDocumentInBothCopiesAndInTheQueue) {
  BenchTill till;
  ASSERT_TRUE(till.start());
  wire::Tail tail;
  tail.set(wire::kMember, "ana");
  ASSERT_TRUE(tail.add(77, "of later software"));
  const auto sold = till.store->commit(wire::EventKind::sale, sale_of(100), tail);
  ASSERT_TRUE(sold) << sold.error().what;
  const auto queued = till.store->peek(10, SIZE_MAX, {});
  ASSERT_FALSE(queued.empty());
  EXPECT_EQ(queued.back().event.tail, tail);
  EXPECT_EQ(queued.back().hash, wire::payload_hash(*sold));
  ASSERT_TRUE(till.store->close());
  ASSERT_TRUE(till.open()) << till.why;
  const auto found = till.store->find(sold->id);
  ASSERT_TRUE(found) << found.error().what;
  EXPECT_EQ(*found, *sold);
}

}  // namespace
}  // namespace tillrig::store::test
