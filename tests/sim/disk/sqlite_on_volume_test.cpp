#include "sim/disk/volume_disk.hpp"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <string>

namespace tillrig::disk {
namespace {

TEST(SqliteOnVolume, RunsInWalMode) {
  Volume volume("till-1");
  VolumeDisk disk(volume);
  sqlite3* db = nullptr;
  ASSERT_EQ(SQLITE_OK, sqlite3_open_v2(disk.sqlite_path("till.db").c_str(), &db,
                                       SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE,
                                       disk.sqlite_vfs().c_str()));
  for (const char* sql :
       {"PRAGMA locking_mode=EXCLUSIVE", "PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL",
        "CREATE TABLE t(a)", "INSERT INTO t VALUES (1)"}) {
    EXPECT_EQ(SQLITE_OK, sqlite3_exec(db, sql, nullptr, nullptr, nullptr)) << sqlite3_errmsg(db);
  }
  EXPECT_TRUE(volume.find("till.db-wal"));
  EXPECT_EQ(SQLITE_OK, sqlite3_close(db));
}

}  // namespace
}  // namespace tillrig::disk
