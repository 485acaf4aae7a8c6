// Rebuilding that fails, again and again.

#include "tests/pos/store/bench_till.hpp"
#include "tests/pos/store/faulty_disk.hpp"

#include <gtest/gtest.h>

namespace tillrig::store::test {
namespace {

void settle_all(BenchTill& till) {
  for (;;) {
    std::vector<Settled> settled;
    for (const wire::UpItem& item : till.store->peek(500, SIZE_MAX, {})) {
      settled.push_back({item.event.id, SyncState::acked, ""});
    }
    if (settled.empty()) return;
    ASSERT_TRUE(till.store->settle(settled));
  }
}

// Some syncs of the ledger in a row fail: in the sale, in making the next segment, in rebuilding.
// Then an event is written several times over, and its segments are used again and again.
TEST(Rebuild, OfALedgerThatKeepsFailingLeavesItInOrder) {
  for (int failures = 1; failures <= 6; ++failures) {
    SCOPED_TRACE(fmt::format("{} failures", failures));
    BenchTill till;
    till.config.segments = {16 * 1024, 4, 32};
    ASSERT_TRUE(till.start());
    for (int i = 0; i < 20; ++i) ASSERT_TRUE(till.sell(100));
    till.volume.interfere(kFault, fail_syncs(disk::Role::ledger, failures));
    const auto hit = till.sell(100);
    ASSERT_TRUE(hit) << hit.error().what;
    for (int tries = 0; tries < 5 && till.store->health() == Health::degraded; ++tries) {
      (void)till.store->rebuild();
    }
    till.volume.relent(kFault);
    ASSERT_EQ(till.store->health(), Health::sound);
    for (int i = 0; i < 400; ++i) {
      const auto sold = till.sell(100);
      ASSERT_TRUE(sold) << sold.error().what;
      if (i % 20 == 0) settle_all(till);
      if (HasFatalFailure()) return;
    }
    ASSERT_TRUE(till.open()) << till.why;
    EXPECT_EQ(till.store->opened().verdict, Verdict::recovered) << till.store->opened().what;
    EXPECT_EQ(*till.store->find(hit->id), *hit);
  }
}

}  // namespace
}  // namespace tillrig::store::test
