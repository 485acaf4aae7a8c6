#include "sim/disk/volume_disk.hpp"
#include "tests/sim/disk/db.hpp"

#include <gtest/gtest.h>

#include <string>

namespace tillrig::disk {
namespace {

using base::Code;
using Mode = ports::Disk::Mode;
using namespace std::chrono_literals;

constexpr words::FaultId kId = 7;

const words::Fault& row(const std::string& name) {
  const auto* fault = words::Table<words::Fault>::find(name);
  if (fault == nullptr) throw std::runtime_error("no fault " + name);
  return *fault;
}

void start(Volume& volume, const std::string& name, const words::Args& args = {}) {
  row(name).start(volume, kId, args);
}

void heal(Volume& volume, const std::string& name) {
  row(name).heal(volume, kId);
}

words::Args args(const std::string& file, std::int64_t times) {
  words::Args made;
  made.set("file", file);
  made.set("times", times);
  return made;
}

std::unique_ptr<ports::File> open_new(VolumeDisk& disk, const std::string& path) {
  return disk.open(path, Mode::create).value();
}

TEST(DiskFaults, AreRowsThatSayWhatHealingDoes) {
  int rows = 0;
  for (const words::Fault* fault : words::Table<words::Fault>::all()) {
    if (fault->domain != words::Domain::disk) continue;
    ++rows;
    EXPECT_FALSE(fault->doc.empty()) << fault->name;
    EXPECT_FALSE(fault->heals.empty()) << fault->name;
    EXPECT_NE(std::string_view::npos, fault->example.find(fault->name)) << fault->name;
    EXPECT_NE(nullptr, fault->heal) << fault->name;
  }
  EXPECT_EQ(8, rows);
}

TEST(DiskFaults, EnospcLeavesExactlyTheBytesItNames) {
  Volume volume("till-1");
  VolumeDisk disk(volume);
  auto file = open_new(disk, "ledger");
  ASSERT_TRUE(file->write_at(0, "0123"));
  words::Args after;
  after.set("after", 3);
  start(volume, "disk.enospc", after);
  EXPECT_TRUE(file->write_at(0, "abcd"));
  EXPECT_EQ(0U, volume.hits(kId)) << "nothing has grown";
  EXPECT_EQ(Code::no_space, file->write_at(2, "efghijk").error().code);
  EXPECT_EQ("abefghi", file->read_at(0, 100).value());
  EXPECT_EQ(1U, volume.hits(kId));
  heal(volume, "disk.enospc");
  EXPECT_TRUE(file->write_at(7, "jk"));
}

TEST(DiskFaults, EnospcMakesNoPartOfASaleAtAnyByte) {
  int refused = 0;
  for (std::int64_t free = 0; free < 40'000; free += 509) {
    Volume volume("till-1");
    {
      VolumeDisk disk(volume);
      Db db(disk);
      ASSERT_EQ(SQLITE_OK, db.sell(1));
      words::Args after;
      after.set("after", free);
      start(volume, "disk.enospc", after);
      const int code = db.sell(2);
      if (code != SQLITE_OK) {
        ++refused;
        EXPECT_EQ(SQLITE_FULL, code) << free;
      }
      disk.cut_off();
    }
    VolumeDisk disk(volume);
    Db db(disk);
    EXPECT_EQ(SQLITE_OK, db.code()) << "the till opens on a full disk";
    EXPECT_TRUE(db.whole()) << free;
    EXPECT_EQ(volume.hits(kId) > 0 ? 1 : 2, db.sales()) << free;
  }
  EXPECT_GT(refused, 10);
}

TEST(DiskFaults, EioHitsTheFilesAndTheTimesItNames) {
  Volume volume("till-1");
  VolumeDisk disk(volume);
  auto ledger = open_new(disk, "ledger.1");
  auto other = open_new(disk, "state.a");
  start(volume, "disk.eio_write", args("ledger", 1));
  EXPECT_TRUE(other->write_at(0, "a"));
  EXPECT_EQ(Code::io, ledger->write_at(0, "a").error().code);
  EXPECT_EQ(0U, ledger->size().value());
  EXPECT_TRUE(ledger->write_at(0, "a"));
  EXPECT_EQ(1U, volume.hits(kId));
  start(volume, "disk.eio_read", args("any", 0));
  EXPECT_EQ(Code::io, ledger->read_at(0, 1).error().code);
  EXPECT_EQ(Code::io, other->read_at(0, 1).error().code);
  heal(volume, "disk.eio_read");
  EXPECT_EQ("a", ledger->read_at(0, 1).value());
}

TEST(DiskFaults, AFailedSyncKeepsTheBytesForReadsAndNeverForTheDisk) {
  Volume volume("till-1");
  VolumeDisk disk(volume);
  auto file = open_new(disk, "ledger");
  ASSERT_TRUE(file->sync());
  ASSERT_TRUE(file->write_at(0, "lost"));
  start(volume, "disk.sync_fail", args("ledger", 1));
  EXPECT_EQ(Code::io, file->sync().error().code);
  EXPECT_EQ("lost", file->read_at(0, 4).value());
  EXPECT_TRUE(file->sync()) << "the next one says OK";
  ASSERT_TRUE(file->write_at(4, "kept"));
  EXPECT_TRUE(file->sync());
  EXPECT_EQ("lostkept", file->read_at(0, 8).value());
  volume.power_cut(Cut::keep_all());
  VolumeDisk next(volume);
  EXPECT_EQ(Bytes(4, '\0') + "kept",
            next.open("ledger", Mode::read).value()->read_at(0, 8).value());
}

TEST(DiskFaults, AFailedSyncRevertsTheFileIfTheProfileSaysSo) {
  Volume volume("till-1", {.sync_failure = SyncFailure::reverted});
  VolumeDisk disk(volume);
  auto file = open_new(disk, "ledger");
  ASSERT_TRUE(file->write_at(0, "kept"));
  ASSERT_TRUE(file->sync());
  ASSERT_TRUE(file->write_at(0, "lost and longer"));
  start(volume, "disk.sync_fail", args("ledger", 1));
  EXPECT_FALSE(file->sync());
  EXPECT_EQ("kept", file->read_at(0, 100).value());
  EXPECT_EQ(4U, volume.used());
}

TEST(DiskFaults, AFailedSyncIsToldOneSyncLateIfTheProfileSaysSo) {
  Volume volume("till-1", {.sync_failure = SyncFailure::late});
  VolumeDisk disk(volume);
  auto file = open_new(disk, "ledger");
  ASSERT_TRUE(file->sync());
  ASSERT_TRUE(file->write_at(0, "lost"));
  start(volume, "disk.sync_fail", args("ledger", 1));
  EXPECT_TRUE(file->sync());
  EXPECT_FALSE(file->sync());
  EXPECT_TRUE(file->sync());
  EXPECT_EQ("", volume.durable("ledger"));
}

TEST(DiskFaults, ASaleWhoseSyncFailedIsSeenUntilThePowerGoes) {
  Volume volume("till-1");
  {
    VolumeDisk disk(volume);
    Db db(disk);
    ASSERT_EQ(SQLITE_OK, db.sell(1));
    start(volume, "disk.sync_fail", args("db", 1));
    EXPECT_NE(SQLITE_OK, db.sell(2));
    EXPECT_EQ(SQLITE_IOERR_FSYNC, db.extended());
    disk.cut_off();
  }
  {
    VolumeDisk disk(volume);
    Db db(disk);
    EXPECT_EQ(2, db.sales());
    disk.cut_off();
  }
  volume.power_cut(Cut::keep_all());
  VolumeDisk disk(volume);
  Db db(disk);
  EXPECT_EQ(1, db.sales());
}

TEST(DiskFaults, ALyingSyncLosesAcknowledgedSales) {
  Volume volume("till-1");
  {
    VolumeDisk disk(volume);
    Db db(disk);
    ASSERT_EQ(SQLITE_OK, db.sell(1));
    start(volume, "disk.sync_lie");
    for (int id = 2; id <= 5; ++id) EXPECT_EQ(SQLITE_OK, db.sell(id));
  }
  EXPECT_GE(volume.hits(kId), 4U);
  volume.power_cut(Cut::lose_pending());
  heal(volume, "disk.sync_lie");
  VolumeDisk disk(volume);
  Db db(disk);
  EXPECT_EQ(1, db.sales());
}

TEST(DiskFaults, WhatWasLiedAboutIsDurableAfterTheNextHonestSync) {
  Volume volume("till-1");
  VolumeDisk disk(volume);
  auto file = open_new(disk, "ledger");
  start(volume, "disk.sync_lie", args("ledger", 0));
  ASSERT_TRUE(file->write_at(0, "held"));
  ASSERT_TRUE(file->sync());
  EXPECT_EQ(std::nullopt, volume.durable("ledger"));
  heal(volume, "disk.sync_lie");
  EXPECT_EQ(std::nullopt, volume.durable("ledger")) << "healing alone writes nothing";
  ASSERT_TRUE(file->sync());
  EXPECT_EQ("held", volume.durable("ledger"));
}

TEST(DiskFaults, ADamagedWriteSucceedsAndIsAnother) {
  Volume volume("till-1");
  VolumeDisk disk(volume);
  auto file = open_new(disk, "ledger");
  start(volume, "disk.damage", args("ledger", 1));
  ASSERT_TRUE(file->write_at(0, "held"));
  ASSERT_TRUE(file->write_at(4, "here"));
  ASSERT_TRUE(file->sync());
  EXPECT_EQ("hemdhere", volume.durable("ledger"));
  EXPECT_EQ(1U, volume.hits(kId));
}

TEST(DiskFaults, ASlowSyncIsADebtAndNothingElse) {
  Volume volume("till-1");
  VolumeDisk disk(volume);
  auto file = open_new(disk, "ledger");
  words::Args slow;
  slow.set("sync", base::Duration(5s).count());
  start(volume, "disk.slow", slow);
  ASSERT_TRUE(file->write_at(0, "x"));
  EXPECT_EQ(0ns, disk.take_debt());
  ASSERT_TRUE(file->sync());
  EXPECT_EQ(5s, disk.take_debt());
  EXPECT_EQ(1U, volume.hits(kId));
  EXPECT_EQ("x", volume.durable("ledger"));
}

TEST(DiskFaults, AReadOnlyDiskCanBeReadAndNothingElse) {
  Volume volume("till-1");
  VolumeDisk disk(volume);
  auto file = open_new(disk, "ledger");
  ASSERT_TRUE(file->write_at(0, "x"));
  start(volume, "disk.read_only");
  EXPECT_TRUE(disk.open("ledger", Mode::read));
  EXPECT_EQ(0U, volume.hits(kId)) << "reading is as ever";
  EXPECT_EQ(Code::read_only, disk.open("ledger", Mode::write).error().code);
  EXPECT_EQ(1U, volume.hits(kId)) << "an open that it refused counts";
  EXPECT_EQ(Code::read_only, file->write_at(0, "y").error().code);
  EXPECT_EQ(Code::read_only, file->truncate(0).error().code);
  EXPECT_EQ(Code::read_only, disk.remove("ledger").error().code);
  EXPECT_EQ(Code::read_only, disk.rename("ledger", "b").error().code);
  EXPECT_EQ(Code::read_only, disk.open("new", Mode::create).error().code);
  EXPECT_EQ("x", disk.open("ledger", Mode::read).value()->read_at(0, 1).value());
  heal(volume, "disk.read_only");
  EXPECT_TRUE(file->write_at(0, "y"));
}

}  // namespace
}  // namespace tillrig::disk
