#pragma once

#include "sim/disk/image.hpp"
#include "sim/disk/op.hpp"
#include "sim/disk/pending.hpp"

#include <map>
#include <memory>
#include <string>

namespace tillrig::disk {

// One file of a volume, whatever names point at it.
struct Inode {
  struct Lock {
    const void* process = nullptr;
    int level = 0;  // SQLITE_LOCK_*
  };

  std::string path;  // its name now, or the last one it had
  Role role = Role::other;
  Image image;
  Pending pending;
  bool linked = true;                 // has a name; its bytes count against the capacity
  bool owes_error = false;            // a sync failed and was not told yet (SyncFailure::late)
  std::map<const void*, Lock> locks;  // of each of SQLite's handles that holds one
};

using InodePtr = std::shared_ptr<Inode>;

}  // namespace tillrig::disk
