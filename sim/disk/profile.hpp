#pragma once

#include "pos/base/time.hpp"

#include <cstdint>

namespace tillrig::disk {

using base::Duration;

// What a file system does when a sync fails (reference: storage 2.2, rows 8 to 10).
enum class SyncFailure {
  clean_kept,  // an error; reads go on seeing the new bytes, but they never reach the disk; the
               // next sync succeeds (ext4, XFS, and Btrfs as measured)
  reverted,    // an error; the file goes back to what the disk has
  late,        // this sync says OK, the next one of the file fails (ext4 data=journal)
};

// When a name made, renamed or removed is on stable storage.
enum class DirSync {
  with_file,  // a sync of the file settles its names too (ext4)
  explicitly  // only a sync of the folder does
};

// Simulated time of one call.
struct Latency {
  Duration write{};
  Duration read{};
  Duration sync{};
};

// How a volume behaves, sound or failing.
struct Profile {
  std::uint32_t sector = 512;  // bytes; the unit of a torn write, and what SQLite is told
  bool psow = true;            // a power cut leaves the bytes beside a write alone
  SyncFailure sync_failure = SyncFailure::clean_kept;
  DirSync dir_sync = DirSync::with_file;
  std::uint64_t capacity = UINT64_MAX;  // bytes over all files
  Latency latency{};
};

}  // namespace tillrig::disk
