// Two processes of one till on one folder.

#include "tests/pos/store/bench_till.hpp"

#include <gtest/gtest.h>

namespace tillrig::store::test {
namespace {

// A second process on the till's volume.
struct SecondProcess {
  explicit SecondProcess(BenchTill& first) : till(first), disk(first.volume) {}
  ~SecondProcess() {
    disk.cut_off();
    store.reset();
  }
  Result<void> open(const Config& config) {
    auto opened = Store::open(disk, till.clock, till.marks, config);
    if (!opened) return base::Failure(opened.error());
    store = std::move(*opened);
    return {};
  }

  BenchTill& till;
  disk::VolumeDisk disk;
  std::unique_ptr<Store> store;
};

TEST(FolderLock, RefusesASecondStartWithASentenceAndChangesNothing) {
  BenchTill till;
  ASSERT_TRUE(till.start()) << till.why;
  ASSERT_TRUE(till.sell(100));
  const std::uint64_t calls = till.volume.calls();
  SecondProcess second(till);
  const auto refused = second.open(till.config);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, base::Code::busy);
  EXPECT_NE(refused.error().what.find("till-1 is running already"), std::string::npos)
      << refused.error().what;
  EXPECT_EQ(till.volume.calls(), calls);
  ASSERT_TRUE(till.sell(200));
  EXPECT_EQ(till.store->health(), Health::sound);
  EXPECT_EQ(till.store->epoch(), 1U);
}

TEST(FolderLock, IsFreeWhenItsProcessWasKilledOrClosed) {
  for (const bool killed : {true, false}) {
    BenchTill till;
    ASSERT_TRUE(till.start());
    if (killed) {
      till.disk->cut_off();
    } else {
      ASSERT_TRUE(till.store->close());
      till.store.reset();
    }
    SecondProcess second(till);
    const auto opened = second.open(till.config);
    EXPECT_TRUE(opened) << opened.error().what;
    EXPECT_FALSE(till.volume.find("db/till-000001.db") == nullptr);
  }
}

// Somebody looks at the database with another program: it is in use, and not lost.
TEST(FolderLock, ADatabaseInUseIsNotALostOne) {
  BenchTill till;
  ASSERT_TRUE(till.start());
  const auto sold = till.sell(100);
  ASSERT_TRUE(sold);
  till.kill();
  disk::VolumeDisk other(till.volume);
  {
    const auto shell = sqlite::Connection::open(other, "db/till-000001.db");
    ASSERT_TRUE(shell) << shell.error().what;
    ASSERT_TRUE((*shell)->run("SELECT count(*) FROM event"));
    till.disk = std::make_unique<disk::VolumeDisk>(till.volume);
    EXPECT_FALSE(till.open_here());
    EXPECT_NE(till.why.find("in use"), std::string::npos) << till.why;
    till.kill();
  }
  ASSERT_TRUE(till.open()) << till.why;
  EXPECT_EQ(till.store->opened().verdict, Verdict::recovered) << till.store->opened().what;
  EXPECT_TRUE(till.store->find(sold->id));
}

// The mutant no_folder_lock: the second start takes the database in use for lost, opens an epoch
// and sells, while the first one sells too.
TEST(FolderLock, WithoutItTwoTillsSellSideBySide) {
  BenchTill till;
  till.config.mutants.add("no_folder_lock");
  ASSERT_TRUE(till.start());
  ASSERT_TRUE(till.sell(100));
  SecondProcess second(till);
  const auto opened = second.open(till.config);
  ASSERT_TRUE(opened) << opened.error().what;
  EXPECT_EQ(second.store->opened().verdict, Verdict::degraded);
  ASSERT_TRUE(second.store->open_epoch("copy_lost"));
  EXPECT_TRUE(second.store->commit(wire::EventKind::sale, sale_of(200)));
  EXPECT_TRUE(till.sell(300));
}

TEST(Epochs, AreRefusedBeyondWhatTheDatabaseCanTellApart) {
  BenchTill till;
  ASSERT_TRUE(till.open());
  const auto refused = till.store->open_epoch("cloud_ahead", wire::kMostEpoch + 1);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, base::Code::too_large);
  ASSERT_TRUE(till.store->open_epoch("cloud_ahead", wire::kMostEpoch));
  const auto sold = till.sell(100);
  ASSERT_TRUE(sold) << sold.error().what;
  ASSERT_TRUE(till.open());
  EXPECT_EQ(*till.store->find(sold->id), *sold);
  EXPECT_FALSE(till.store->find({"till-1", UINT32_MAX, UINT64_MAX})) << "asked for by a person";
  EXPECT_FALSE(till.store->open_epoch("unclean_stop"));
}

// The commit of a sale never takes the place of another one, whatever its key.
TEST(SaleBook, InsertsAnEventOnce) {
  BenchTill till;
  ASSERT_TRUE(till.start());
  till.kill();
  disk::VolumeDisk disk(till.volume);
  auto book = SaleBook::open(disk, "db/till-000001.db");
  ASSERT_TRUE(book) << book.error().what;
  ASSERT_TRUE((*book)->connection().run("BEGIN IMMEDIATE"));
  Head head;
  head.key = {1, 9};
  ASSERT_TRUE((*book)->insert(head, "first", ""));
  const auto again = (*book)->insert(head, "second", "");
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, base::Code::conflict);
  EXPECT_TRUE((*book)->put(head, "mended", ""));
  ASSERT_TRUE((*book)->connection().run("ROLLBACK"));
}

}  // namespace
}  // namespace tillrig::store::test
