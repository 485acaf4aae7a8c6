// What an old database may do to a till: nothing.

#include "pos/sqlite/transaction.hpp"
#include "pos/store/ledger.hpp"
#include "pos/store/sale_book.hpp"
#include "tests/pos/store/bench_till.hpp"
#include "tests/pos/store/faulty_disk.hpp"

#include <gtest/gtest.h>

namespace tillrig::store::test {
namespace {

// A dead database with one event in it, whose hash is right.
void leave_an_event(BenchTill& till, const Entry& entry) {
  disk::VolumeDisk disk(till.volume);
  auto book = SaleBook::create(disk, "db/dead-000000.db", "till-1");
  ASSERT_TRUE(book) << book.error().what;
  sqlite::Transaction transaction((*book)->connection());
  ASSERT_TRUE(transaction.begin());
  ASSERT_TRUE((*book)->insert(entry.head, entry.body, ""));
  ASSERT_TRUE((*book)->mark(true, false));
  ASSERT_TRUE(transaction.commit());
}

// Of a form that we do not know.
Entry foreign(Key key) {
  Entry entry;
  entry.head.key = key;
  entry.head.number = 1;
  entry.head.kind = 1;
  entry.body = "a later form";
  entry.head.hash = base::blake2b(entry.body);
  return entry;
}

Entry sale_at(Key key) {
  wire::Event event;
  event.id = {"till-1", key.epoch, key.seq};
  event.aggregate = event.id.text();
  wire::Document document = sale_of(700);
  document.number = key.seq - 1;
  event.body = document;
  return draft_of(event).entry;
}

TEST(Salvage, PassesOverAnEventOfAFormThatItDoesNotKnow) {
  BenchTill till;
  ASSERT_TRUE(till.start());
  const auto sold = till.sell(100);
  ASSERT_TRUE(sold);
  till.kill();
  leave_an_event(till, foreign({1, 3}));  // nowhere else
  ASSERT_TRUE(till.open()) << till.why;
  EXPECT_EQ(till.store->opened().verdict, Verdict::recovered) << till.store->opened().what;
  EXPECT_EQ(till.store->health(), Health::sound);
  ASSERT_TRUE(till.store->open_epoch("unclean_stop"));
  EXPECT_TRUE(till.sell(200));
  EXPECT_NE(till.volume.find("db/dead-000000.db"), nullptr) << "a later version may know it";
}

// After an update was taken back: what the newer version wrote is no damage.
TEST(Salvage, AnEventOfALaterVersionWaitsAndTheOthersAreSent) {
  BenchTill till;
  ASSERT_TRUE(till.start());
  ASSERT_TRUE(till.sell(100));
  till.kill();
  const Entry later = foreign({1, 3});
  {
    disk::VolumeDisk disk(till.volume);
    auto ledger = Ledger::open(disk, "till-1", till.config.segments);
    ASSERT_TRUE(ledger) << ledger.error().what;
    const LedgerEntry entry{later.head, later.body};
    ASSERT_TRUE((*ledger)->append(std::span(&entry, 1)));
    auto book = SaleBook::open(disk, "db/till-000001.db");
    ASSERT_TRUE(book) << book.error().what;
    sqlite::Transaction transaction((*book)->connection());
    ASSERT_TRUE(transaction.begin());
    ASSERT_TRUE((*book)->insert(later.head, later.body, ""));
    ASSERT_TRUE(transaction.commit());
  }
  ASSERT_TRUE(till.open()) << till.why;
  ASSERT_TRUE(till.store->open_epoch("unclean_stop"));
  const auto items = till.store->peek(SIZE_MAX, SIZE_MAX, {});
  EXPECT_EQ(items.size(), 2U) << "the epoch and the sale before it";
  EXPECT_EQ(till.store->health(), Health::sound);
  EXPECT_TRUE(till.sell(200));
  EXPECT_EQ(till.store->counters().pending, 5U);
}

TEST(Salvage, ARebuildDoesNotFailOverAFileThatNobodyNeeds) {
  BenchTill till;
  ASSERT_TRUE(till.start());
  till.kill();
  leave_an_event(till, foreign({0, 1}));  // older than all that the ledger keeps
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
    leave_an_event(till, sale_at({1, 3}));  // nowhere else
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
    if (seen >= k) continue;
    EXPECT_TRUE(till.store->find({"till-1", 1, 3})) << "and if nothing fails, it is found";
    break;
  }
}

}  // namespace
}  // namespace tillrig::store::test
