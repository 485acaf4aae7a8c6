// What an old database, set aside, may do to a till: nothing.

#include "pos/sqlite/transaction.hpp"
#include "pos/store/sale_book.hpp"
#include "tests/pos/store/bench_till.hpp"
#include "tests/pos/store/faulty_disk.hpp"

#include <gtest/gtest.h>

namespace tillrig::store::test {
namespace {

// A dead database with one event in it whose hash is right and whose body is of no form we know.
void leave_a_foreign_event(BenchTill& till, Key key) {
  disk::VolumeDisk disk(till.volume);
  auto book = SaleBook::create(disk, "db/dead-000000.db", "till-1");
  ASSERT_TRUE(book) << book.error().what;
  sqlite::Transaction transaction((*book)->connection());
  ASSERT_TRUE(transaction.begin());
  Head head;
  head.key = key;
  head.number = 1;
  head.kind = 1;
  head.hash = base::blake2b("a later form");
  ASSERT_TRUE((*book)->insert(head, "a later form", ""));
  ASSERT_TRUE((*book)->mark(true, false));
  ASSERT_TRUE(transaction.commit());
}

TEST(Salvage, PassesOverAnEventOfAFormThatItDoesNotKnow) {
  BenchTill till;
  ASSERT_TRUE(till.start());
  const auto sold = till.sell(100);
  ASSERT_TRUE(sold);
  till.kill();
  leave_a_foreign_event(till, {1, 3});  // nowhere else
  ASSERT_TRUE(till.open()) << till.why;
  EXPECT_EQ(till.store->opened().verdict, Verdict::recovered) << till.store->opened().what;
  EXPECT_EQ(till.store->health(), Health::sound);
  ASSERT_TRUE(till.store->open_epoch("unclean_stop"));
  EXPECT_TRUE(till.sell(200));
  EXPECT_NE(till.volume.find("db/dead-000000.db"), nullptr) << "a later version may know it";
}

TEST(Salvage, ARebuildDoesNotFailOverAFileThatNobodyNeeds) {
  BenchTill till;
  ASSERT_TRUE(till.start());
  till.kill();
  leave_a_foreign_event(till, {0, 1});  // older than all that the ledger keeps
  ASSERT_TRUE(till.open()) << till.why;
  till.store->keep_epoch();
  till.volume.interfere(kFault, fail_syncs(disk::Role::db, 1));
  ASSERT_TRUE(till.sell(100));
  till.volume.relent(kFault);
  ASSERT_EQ(till.store->health(), Health::degraded);
  const auto rebuilt = till.store->rebuild();
  EXPECT_TRUE(rebuilt) << rebuilt.error().what;
  EXPECT_EQ(till.store->health(), Health::sound);
}

// Whatever fails while an old database is looked through, the transaction ends with it.
TEST(Salvage, LeavesNoTransactionOpen) {
  for (std::uint64_t k = 1; k < 60; ++k) {
    SCOPED_TRACE(fmt::format("call {} fails", k));
    BenchTill till;
    ASSERT_TRUE(till.start());
    const auto sold = till.sell(100);
    ASSERT_TRUE(sold);
    till.kill();
    leave_a_foreign_event(till, {1, 3});
    std::uint64_t seen = 0;
    till.volume.interfere(
        kFault, std::make_unique<Failing>(base::Code::io, [&](const disk::Op& op) {
          return op.role == disk::Role::db && op.kind != disk::OpKind::open && ++seen == k;
        }));
    const bool opened = till.open();
    till.volume.relent(kFault);
    if (!opened) continue;
    EXPECT_EQ(till.store->opened().what.find("within a transaction"), std::string::npos)
        << till.store->opened().what;
    EXPECT_TRUE(till.store->find(sold->id));
    if (seen < k) break;
  }
}

}  // namespace
}  // namespace tillrig::store::test
