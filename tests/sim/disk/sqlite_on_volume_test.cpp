#include "sim/disk/sqlite_randomness.hpp"
#include "sim/disk/volume_disk.hpp"
#include "tests/sim/disk/db.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <iostream>
#include <memory>
#include <optional>
#include <string>

namespace tillrig::disk {
namespace {

constexpr int kSales = 40;

// A process that sells, and then dies without closing anything.
void sell_and_die(Volume& volume, const std::string& synchronous, int sales = kSales) {
  VolumeDisk disk(volume);
  Db db(disk, synchronous);
  ASSERT_EQ(SQLITE_OK, db.code());
  for (int id = 1; id <= sales; ++id) ASSERT_EQ(SQLITE_OK, db.sell(id));
  disk.cut_off();
}

int sales_after_restart(Volume& volume) {
  VolumeDisk disk(volume);
  Db db(disk);
  EXPECT_EQ(SQLITE_OK, db.code());
  EXPECT_TRUE(db.whole());
  return db.sales();
}

TEST(SqliteOnVolume, RunsInWalModeOnOneConnection) {
  Volume volume("till-1");
  VolumeDisk disk(volume);
  Db db(disk);
  ASSERT_EQ(SQLITE_OK, db.code());
  EXPECT_EQ(SQLITE_OK, db.sell(1));
  ASSERT_TRUE(volume.find("till.db-wal"));
  EXPECT_GT(volume.find("till.db-wal")->image.size(), 4096U);
}

TEST(SqliteOnVolume, RefusesASecondConnectionWhileTheFirstLives) {
  Volume volume("till-1");
  VolumeDisk disk(volume);
  Db first(disk);
  ASSERT_EQ(SQLITE_OK, first.sell(1));
  Db second(disk);
  EXPECT_EQ(SQLITE_BUSY, second.code());
}

TEST(SqliteOnVolume, FreesTheLocksOfADeadProcessThatNeverClosed) {
  Volume volume("till-1");
  VolumeDisk dead(volume);
  Db held(dead);
  ASSERT_EQ(SQLITE_OK, held.sell(1));
  dead.cut_off();
  EXPECT_EQ(1, sales_after_restart(volume));
  EXPECT_NE(SQLITE_OK, held.sell(2));
}

TEST(SqliteOnVolume, KeepsEverySaleAcrossAForceKillWhateverSyncs) {
  for (const char* synchronous : {"FULL", "NORMAL", "OFF"}) {
    Volume volume("till-1");
    sell_and_die(volume, synchronous);
    EXPECT_EQ(kSales, sales_after_restart(volume)) << synchronous;
  }
}

TEST(SqliteOnVolume, KeepsEverySaleAcrossAnyPowerCutWithFullSyncs) {
  for (const Cut& cut : {Cut::lose_pending(), Cut::keep_all(), Cut::keep_prefix(1), Cut::torn(0, 1),
                         Cut::torn(1, 3)}) {
    Volume volume("till-1");
    sell_and_die(volume, "FULL");
    volume.power_cut(cut);
    EXPECT_EQ(kSales, sales_after_restart(volume)) << static_cast<int>(cut.how);
  }
}

TEST(SqliteOnVolume, LosesSalesAtAPowerCutWithNormalSyncs) {
  Volume volume("till-1");
  sell_and_die(volume, "NORMAL");
  EXPECT_FALSE(volume.pending().empty());
  volume.power_cut(Cut::lose_pending());
  EXPECT_LT(sales_after_restart(volume), kSales);
}

TEST(SqliteOnVolume, KeepsAPrefixOfTheSalesWhenAPrefixOfTheWritesSurvives) {
  int last = -1;
  bool grew = false;
  for (std::uint64_t kept = 0;; kept += 7) {
    Volume volume("till-1");
    sell_and_die(volume, "NORMAL", 10);
    const std::uint64_t pending = volume.pending().size();
    volume.power_cut(kept % 2 == 0 ? Cut::keep_prefix(kept) : Cut::torn(kept, 4));
    const int sales = sales_after_restart(volume);
    EXPECT_GE(sales, last) << kept;
    grew = grew || (last >= 0 && sales > last);
    last = sales;
    if (kept >= pending) break;
  }
  EXPECT_TRUE(grew);
  EXPECT_EQ(10, last);
}

// Runs ten sales and kills the process just before its k-th change; then, if asked, the power goes.
// Returns how many sales were acknowledged, or nothing if there is no k-th change.
std::optional<int> killed_at(Volume& volume, std::uint64_t k) {
  VolumeDisk disk(volume);
  bool killed = false;
  disk.on_boundary([&](const Boundary& boundary) {
    if (!boundary.change || boundary.ordinal != k) return;
    killed = true;
    disk.cut_off();
  });
  int acked = 0;
  {
    Db db(disk);
    for (int id = 1; id <= 10 && db.code() == SQLITE_OK; ++id) {
      if (db.sell(id) == SQLITE_OK) ++acked;
    }
  }
  return killed ? std::optional(acked) : std::nullopt;
}

TEST(SqliteOnVolume, HoldsAllOrNothingOfASaleWhenKilledAtAnyBoundary) {
  std::uint64_t visited = 0;
  for (std::uint64_t k = 1;; ++k) {
    bool reached = false;
    for (const bool power : {false, true}) {
      Volume volume("till-1");
      const auto acked = killed_at(volume, k);
      if (!acked) break;
      reached = true;
      if (power) volume.power_cut(Cut::torn(k % 5, 1 + k % 9));
      const int sales = sales_after_restart(volume);
      EXPECT_GE(sales, *acked) << "boundary " << k;
      EXPECT_LE(sales, *acked + 1) << "boundary " << k;
    }
    if (!reached) break;
    ++visited;
  }
  EXPECT_GT(visited, 100U);
  RecordProperty("boundaries", static_cast<int>(visited));
}

TEST(SqliteOnVolume, MakesTheSameCallsAndBytesTwice) {
  const auto run = [] {
    reset_sqlite_randomness();
    Volume volume("till-1");
    sell_and_die(volume, "FULL");
    return std::pair(volume.trace_digest(), Bytes(volume.find("till.db-wal")->image.bytes()));
  };
  const auto first = run();
  EXPECT_EQ(first, run());
  Volume shorter("till-1");
  sell_and_die(shorter, "FULL", kSales - 1);
  EXPECT_NE(first.first, shorter.trace_digest());
}

TEST(SqliteOnVolume, SyncsOnceForEachSale) {
  Volume volume("till-1");
  VolumeDisk disk(volume);
  Db db(disk);
  ASSERT_EQ(SQLITE_OK, db.sell(1));
  int syncs = 0;
  disk.on_boundary([&](const Boundary& at) { syncs += at.op.kind == OpKind::sync ? 1 : 0; });
  for (int id = 2; id <= 21; ++id) ASSERT_EQ(SQLITE_OK, db.sell(id));
  EXPECT_EQ(20, syncs);
}

TEST(SqliteOnVolume, TellsSqliteWhetherBytesBesideAWriteAreSafe) {
  const auto bytes_written = [](bool psow) {
    Volume volume("till-1", {.sector = 4096, .psow = psow});
    VolumeDisk disk(volume);
    std::uint64_t bytes = 0;
    disk.on_boundary([&](const Boundary& at) { bytes += at.op.length; });
    Db db(disk);
    EXPECT_EQ(SQLITE_OK, db.sell(1));
    return bytes;
  };
  EXPECT_GT(bytes_written(false), bytes_written(true)) << "frames pad the log to a sector";
}

TEST(SqliteOnVolume, GivesSqlTheTimeItIsGiven) {
  Volume volume("till-1");
  VolumeDisk disk(volume, {.wall_ms = [] { return std::int64_t{86'400'000}; }});
  Db db(disk);
  EXPECT_EQ(86'400, db.ask("SELECT strftime('%s','now')"));
}

// The rate is printed, never judged: it depends on the machine.
TEST(SqliteOnVolume, PrintsItsCheckoutsPerSecond) {
  Volume volume("till-1");
  VolumeDisk disk(volume);
  Db db(disk);
  constexpr int kCheckouts = 4000;
  const auto start = std::chrono::steady_clock::now();
  for (int id = 1; id <= kCheckouts; ++id) ASSERT_EQ(SQLITE_OK, db.sell(id));
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  std::cout << "checkouts per second (7 statements, WAL, FULL): " << kCheckouts / took.count()
            << "; bytes on the volume: " << volume.used() << "\n";
  EXPECT_EQ(kCheckouts, db.sales());
}

}  // namespace
}  // namespace tillrig::disk
