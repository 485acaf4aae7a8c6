#pragma once

#include "sim/disk/face.hpp"

#include <sqlite3.h>

namespace tillrig::disk {

// SQLite's handle of an open file; lives in memory that SQLite gives.
struct VfsFile {
  sqlite3_file base{};  // first: SQLite sees only this
  Face* face = nullptr;
  InodePtr inode;
  bool scratch = false;  // a temporary file: in memory, no part of the volume
  bool delete_on_close = false;
  bool dir_owed = false;     // the folder is synced with the file's first sync
  bool persist_wal = false;  // SQLITE_FCNTL_PERSIST_WAL
  int lock = SQLITE_LOCK_NONE;
};

// The io methods (version 1: no shared memory, no memory map) that work on a VfsFile.
const sqlite3_io_methods& vfs_file_methods();

}  // namespace tillrig::disk
