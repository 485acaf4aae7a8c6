#include "sim/disk/sqlite_randomness.hpp"

#include <sqlite3.h>

#include <algorithm>

namespace tillrig::disk {

namespace {

int same_bytes(sqlite3_vfs* /*vfs*/, int size, char* out) {
  std::fill_n(out, size, '\x5a');
  return size;
}

// The machine's own VFS in all but its randomness. It is never unregistered, so that no thread can
// find a default VFS that is going away.
sqlite3_vfs make_default() {
  sqlite3_vfs vfs = *sqlite3_vfs_find(nullptr);
  vfs.pNext = nullptr;
  vfs.zName = "tillrig-seeded";
  vfs.xRandomness = same_bytes;
  return vfs;
}

}  // namespace

void reset_sqlite_randomness() {
  // Before anything else is asked of SQLite: without its count of memory it is faster.
  static const int kUncounted = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  (void)kUncounted;
  static sqlite3_vfs seeded = make_default();
  static const int kRegistered = sqlite3_vfs_register(&seeded, 1);
  (void)kRegistered;
  sqlite3_randomness(0, nullptr);
}

}  // namespace tillrig::disk
