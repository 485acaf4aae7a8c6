// A disk that answers with errors, and copies that were lost or damaged.

#include "pos/store/ledger_record.hpp"
#include "tests/pos/store/bench_till.hpp"
#include "tests/pos/store/faulty_disk.hpp"

#include <gtest/gtest.h>

namespace tillrig::store::test {
namespace {

std::vector<std::string> files(BenchTill& till, const std::string& folder) {
  std::vector<std::string> paths;
  for (const std::string& name : till.volume.list(folder)) paths.push_back(folder + "/" + name);
  return paths;
}

// A till with `sales` sales, stopped without a word, and what it sold.
std::vector<wire::Event> sold_and_killed(BenchTill& till, int sales) {
  std::vector<wire::Event> events;
  EXPECT_TRUE(till.start());
  for (int i = 0; i < sales; ++i) {
    const auto sold = till.sell(100 + i);
    EXPECT_TRUE(sold);
    if (sold) events.push_back(*sold);
  }
  till.kill();
  return events;
}

void expect_all(BenchTill& till, const std::vector<wire::Event>& events) {
  for (const wire::Event& event : events) {
    const auto found = till.store->find(event.id);
    ASSERT_TRUE(found) << found.error().what;
    EXPECT_EQ(*found, event);
  }
}

// Overwrites the start of a sector of a file, on the disk as well.
void spoil(BenchTill& till, const std::string& path, std::uint64_t sector) {
  const auto file = till.volume.open(path, ports::Disk::Mode::write);
  ASSERT_TRUE(file);
  ASSERT_TRUE(till.volume.write(**file, sector * kSectorBytes + 100, "spoilt by the test"));
  ASSERT_TRUE(till.volume.sync(**file));
}

TEST(StoreFaults, AcknowledgesOnTheDatabaseWhenTheLedgersSyncFails) {
  for (const int times : {1, 2}) {
    BenchTill till;
    ASSERT_TRUE(till.start());
    till.volume.interfere(kFault, fail_syncs(disk::Role::ledger, times));
    const auto sold = till.sell(100);
    ASSERT_TRUE(sold) << sold.error().what;
    EXPECT_EQ(till.store->health(), Health::degraded);
    EXPECT_TRUE(till.marks.has("store.degraded"));
    const auto refused = till.sell(200);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, base::Code::not_allowed);
    till.volume.relent(kFault);
    const auto rebuilt = till.store->rebuild();
    ASSERT_TRUE(rebuilt) << rebuilt.error().what;
    EXPECT_EQ(till.store->health(), Health::sound);
    EXPECT_TRUE(till.marks.has("copy.rebuilt"));
    const auto next = till.sell(300);
    ASSERT_TRUE(next) << next.error().what;
    till.power_cut(disk::Cut::lose_pending());
    ASSERT_TRUE(till.open()) << till.why;
    EXPECT_EQ(till.store->opened().verdict, Verdict::recovered) << till.store->opened().what;
    expect_all(till, {*sold, *next});
  }
}

TEST(StoreFaults, AcknowledgesOnTheLedgerWhenTheDatabasesSyncFails) {
  BenchTill till;
  ASSERT_TRUE(till.start());
  till.volume.interfere(kFault, fail_syncs(disk::Role::db, 1));
  const auto sold = till.sell(100);
  ASSERT_TRUE(sold) << sold.error().what;
  EXPECT_EQ(till.store->health(), Health::degraded);
  EXPECT_FALSE(till.sell(200));
  // What the ledger alone knows is shown and sent all the same.
  EXPECT_EQ(till.store->sales(10).size(), 1U);
  EXPECT_EQ(till.store->peek(10, SIZE_MAX, {}).size(), 2U);
  ASSERT_TRUE(till.store->rebuild());
  EXPECT_EQ(till.store->health(), Health::sound);
  const auto next = till.sell(300);
  ASSERT_TRUE(next);
  EXPECT_EQ(till.store->counters().pending, 3U);
  till.power_cut(disk::Cut::lose_pending());
  ASSERT_TRUE(till.open());
  expect_all(till, {*sold, *next});
  EXPECT_EQ(till.volume.list("db").size(), 2U) << "one database and its WAL";
}

TEST(StoreFaults, RefusesBeforeAnyAcknowledgementWhenBothCopiesFail) {
  BenchTill till;
  ASSERT_TRUE(till.start());
  till.volume.interfere(kFault, fail_all_syncs());
  const auto sold = till.sell(100);
  ASSERT_FALSE(sold);
  EXPECT_EQ(till.store->health(), Health::critical);
  EXPECT_TRUE(till.marks.has("store.critical"));
  EXPECT_FALSE(till.marks.has("sale.committed till-1.1.2"));
  EXPECT_FALSE(till.store->rebuild());
  till.volume.relent(kFault);
  till.power_cut(disk::Cut::lose_pending());
  ASSERT_TRUE(till.start());
  EXPECT_TRUE(till.store->sales(10).empty());
  EXPECT_EQ(till.store->epoch(), 2U) << "a number that may have been shown is not given again";
}

// No acknowledgement rests on a file that failed a sync: whichever sync fails, once, in a trade
// that goes on as far as it is let, everything acknowledged outlives a power cut.
// After a failed sync a file reads well and is not on the disk, and no later sync mends that.
TEST(StoreFaults, DoesNotBuildOnADatabaseWhoseSyncFailedInAnEarlierRun) {
  BenchTill till;
  till.config.segments = {8 * 1024, 3, 4};  // so that the ledger lets go of what is acknowledged
  ASSERT_TRUE(till.start());
  till.volume.interfere(kFault, fail_all_syncs());
  const auto doubtful = till.sell(100);
  ASSERT_FALSE(doubtful);
  EXPECT_EQ(doubtful.error().code, base::Code::in_doubt);
  till.kill();
  till.volume.relent(kFault);
  ASSERT_TRUE(till.start()) << till.why;
  std::vector<wire::Event> events;
  for (int i = 0; i < 100; ++i) {
    const auto sold = till.sell(100 + i);
    ASSERT_TRUE(sold) << sold.error().what;
    events.push_back(*sold);
    std::vector<Settled> settled;
    for (const wire::UpItem& item : till.store->peek(SIZE_MAX, SIZE_MAX, {})) {
      settled.push_back({item.event.id, SyncState::acked, ""});
    }
    ASSERT_TRUE(till.store->settle(settled));
  }
  ASSERT_TRUE(till.store->close());
  till.power_cut(disk::Cut::lose_pending());
  ASSERT_TRUE(till.open()) << till.why;
  EXPECT_NE(till.store->opened().verdict, Verdict::critical) << till.store->opened().what;
  expect_all(till, events);
}

TEST(StoreFaults, LosesNothingAcknowledgedWhicheverCallFails) {
  for (const bool only_syncs : {true, false}) {
    std::uint64_t fired = 1;
    for (std::uint64_t k = 1; fired > 0 && k < 500; ++k) {
      SCOPED_TRACE(fmt::format("{} {} fails", only_syncs ? "sync" : "write", k));
      BenchTill till;
      fired = 0;
      std::uint64_t seen = 0;
      till.volume.interfere(
          kFault, std::make_unique<Failing>(base::Code::io, [&](const disk::Op& op) {
            const bool kind =
                only_syncs ? op.kind == disk::OpKind::sync : op.kind == disk::OpKind::write;
            if (!kind || ++seen != k) return false;
            ++fired;
            return true;
          }));
      std::vector<wire::Event> acked;
      const bool started = till.start();
      if (started) {
        for (int i = 1; i <= 3; ++i) {
          if (till.store->health() == Health::degraded && !till.store->rebuild()) break;
          const auto sold = till.sell(100 * i);
          if (sold) acked.push_back(*sold);
        }
      }
      till.volume.relent(kFault);
      till.power_cut(disk::Cut::lose_pending());
      ASSERT_TRUE(till.open()) << till.why;
      EXPECT_NE(till.store->opened().verdict, Verdict::critical) << till.store->opened().what;
      expect_all(till, acked);
      if (HasFatalFailure()) return;
      // One failure costs one copy at most: once the till was up, every sale was taken.
      if (started) {
        EXPECT_EQ(acked.size(), 3U);
      }
    }
    EXPECT_EQ(fired, 0U) << "the trade never came to its end";
  }
}

TEST(StoreFaults, MakesALostLedgerAnewFromTheDatabase) {
  BenchTill till;
  const auto events = sold_and_killed(till, 5);
  for (const std::string& path : files(till, "ledger")) ASSERT_TRUE(till.volume.remove(path));
  ASSERT_TRUE(till.open());
  EXPECT_EQ(till.store->opened().verdict, Verdict::degraded) << till.store->opened().what;
  EXPECT_EQ(till.store->health(), Health::sound);
  for (const std::string& path : files(till, "db")) ASSERT_TRUE(till.volume.remove(path));
  ASSERT_TRUE(till.open());
  EXPECT_EQ(till.store->opened().verdict, Verdict::degraded) << till.store->opened().what;
  expect_all(till, events);
}

TEST(StoreFaults, MakesALostDatabaseAnewFromTheLedger) {
  BenchTill till;
  const auto events = sold_and_killed(till, 5);
  for (const std::string& path : files(till, "db")) ASSERT_TRUE(till.volume.remove(path));
  ASSERT_TRUE(till.open());
  EXPECT_EQ(till.store->opened().verdict, Verdict::degraded) << till.store->opened().what;
  EXPECT_EQ(till.store->sales(10).size(), 5U);
  EXPECT_EQ(till.store->counters().pending, 6U);
  expect_all(till, events);
}

TEST(StoreFaults, ALostDatabaseStillCountsWhatTheLedgerHasLetGo) {
  constexpr std::uint64_t kSales = 100;
  BenchTill till;
  till.config.segments = {8 * 1024, 3, 4};
  ASSERT_TRUE(till.start()) << till.why;
  const auto uploaded = [&](const base::EventId& id) {
    const Settled settled{id, SyncState::acked, ""};
    return till.store->settle({&settled, 1}).has_value();
  };
  ASSERT_TRUE(uploaded({"till-1", 1, 1}));  // that the epoch was opened
  for (std::uint64_t i = 1; i <= kSales; ++i) {
    const auto sold = till.sell(100);
    ASSERT_TRUE(sold && uploaded(sold->id));
  }
  EXPECT_EQ(till.store->counters().uploaded, kSales + 1);
  till.kill();
  for (const std::string& path : files(till, "db")) ASSERT_TRUE(till.volume.remove(path));
  ASSERT_TRUE(till.open()) << till.why;
  const Counters& counters = till.store->counters();
  EXPECT_GT(counters.uploaded, 0U);
  EXPECT_EQ(counters.uploaded + counters.pending, kSales + 1);
}

TEST(StoreFaults, SaysThatNothingIsLeftWhenBothCopiesAreRubbish) {
  BenchTill till;
  sold_and_killed(till, 3);
  for (const char* folder : {"ledger", "db"}) {
    for (const std::string& path : files(till, folder)) {
      const auto file = till.volume.open(path, ports::Disk::Mode::write);
      ASSERT_TRUE(file);
      ASSERT_TRUE(till.volume.write(**file, 0, std::string(64 * 1024, 'x')));
    }
  }
  ASSERT_TRUE(till.open()) << till.why;
  EXPECT_EQ(till.store->opened().verdict, Verdict::critical);
  EXPECT_FALSE(till.sell(100));
}

TEST(StoreFaults, MendsAHoleInTheLedgerFromTheDatabase) {
  BenchTill till;
  const auto events = sold_and_killed(till, 5);
  spoil(till, files(till, "ledger").front(), 2);
  ASSERT_TRUE(till.open());
  EXPECT_EQ(till.store->opened().verdict, Verdict::degraded) << till.store->opened().what;
  expect_all(till, events);
  ASSERT_TRUE(till.store->open_epoch("unclean_stop"));
  ASSERT_TRUE(till.store->close());
  ASSERT_TRUE(till.open());
  EXPECT_EQ(till.store->opened().verdict, Verdict::clean) << till.store->opened().what;
  expect_all(till, events);
}

TEST(StoreFaults, CallsAHoleWithNoOtherCopyCritical) {
  BenchTill till;
  sold_and_killed(till, 5);
  spoil(till, files(till, "ledger").front(), 2);
  for (const std::string& path : files(till, "db")) ASSERT_TRUE(till.volume.remove(path));
  ASSERT_TRUE(till.open());
  EXPECT_EQ(till.store->opened().verdict, Verdict::critical);
  EXPECT_EQ(till.store->health(), Health::critical);
  EXPECT_FALSE(till.store->open_epoch("unclean_stop"));
}

TEST(StoreFaults, DropsATornTailSilently) {
  BenchTill till;
  ASSERT_TRUE(till.start());
  const auto sold = till.sell(100);
  ASSERT_TRUE(sold);
  wire::Document large = sale_of(100);
  large.lines.front().name = std::string(200, 'n');
  while (large.lines.size() < 8) {
    wire::Line free = large.lines.front();
    free.unit_price = Money{0};
    free.total = Money{0};
    free.tax = Money{0};
    large.lines.push_back(free);
  }
  till.disk->on_boundary([&](const disk::Boundary& boundary) {
    if (boundary.op.role == disk::Role::ledger && boundary.op.kind == disk::OpKind::sync) {
      till.volume.power_cut(disk::Cut::torn(0, 1));
    }
  });
  ASSERT_FALSE(till.store->commit(wire::EventKind::sale, large));
  till.kill();
  ASSERT_TRUE(till.open());
  EXPECT_EQ(till.store->opened().verdict, Verdict::recovered) << till.store->opened().what;
  EXPECT_NE(till.store->opened().what.find("torn"), std::string::npos);
  expect_all(till, {*sold});
  EXPECT_EQ(till.store->sales(10).size(), 1U);
}

}  // namespace
}  // namespace tillrig::store::test
