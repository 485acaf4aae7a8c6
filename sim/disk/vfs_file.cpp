#include "sim/disk/vfs_file.hpp"

#include <algorithm>
#include <cstring>

namespace tillrig::disk {

namespace {

VfsFile& of(sqlite3_file* file) {
  return *reinterpret_cast<VfsFile*>(file);
}

// What SQLite is told; `otherwise` for an error of the device.
int code_of(const base::Error& error, int otherwise) {
  switch (error.code) {
    case base::Code::no_space:
      return SQLITE_FULL;
    case base::Code::closed:
      return SQLITE_IOERR;
    default:
      return otherwise;
  }
}

int close(sqlite3_file* file) {
  VfsFile& self = of(file);
  self.inode->locks.erase(&self);
  if (self.delete_on_close) (void)self.face->remove(self.inode->path);
  self.face->closed();
  self.~VfsFile();
  return SQLITE_OK;
}

int read(sqlite3_file* file, void* to, int amount, sqlite3_int64 offset) {
  VfsFile& self = of(file);
  const auto length = static_cast<std::uint64_t>(amount);
  const auto at = static_cast<std::uint64_t>(offset);
  ByteView bytes;
  if (self.scratch) {
    bytes = self.inode->image.view(at, length);
  } else {
    const auto got = self.face->read(*self.inode, at, length);
    if (!got) return code_of(got.error(), SQLITE_IOERR_READ);
    bytes = *got;
  }
  std::copy(bytes.begin(), bytes.end(), static_cast<char*>(to));
  if (bytes.size() == length) return SQLITE_OK;
  std::memset(static_cast<char*>(to) + bytes.size(), 0, length - bytes.size());
  return SQLITE_IOERR_SHORT_READ;
}

int write(sqlite3_file* file, const void* from, int amount, sqlite3_int64 offset) {
  VfsFile& self = of(file);
  const ByteView bytes(static_cast<const char*>(from), static_cast<std::size_t>(amount));
  const auto at = static_cast<std::uint64_t>(offset);
  if (self.scratch) {
    self.inode->image.write(at, bytes);
    return SQLITE_OK;
  }
  const auto done = self.face->write(*self.inode, at, bytes);
  return done ? SQLITE_OK : code_of(done.error(), SQLITE_IOERR_WRITE);
}

int truncate(sqlite3_file* file, sqlite3_int64 size) {
  VfsFile& self = of(file);
  if (self.scratch) {
    self.inode->image.resize(static_cast<std::uint64_t>(size));
    return SQLITE_OK;
  }
  const auto done = self.face->truncate(*self.inode, static_cast<std::uint64_t>(size));
  return done ? SQLITE_OK : code_of(done.error(), SQLITE_IOERR_TRUNCATE);
}

int sync(sqlite3_file* file, int /*flags*/) {
  VfsFile& self = of(file);
  if (self.scratch) return SQLITE_OK;
  if (const auto done = self.face->sync(*self.inode); !done) {
    return code_of(done.error(), SQLITE_IOERR_FSYNC);
  }
  if (!self.dir_owed) return SQLITE_OK;
  self.dir_owed = false;
  const auto done = self.face->sync_dir(folder_of(self.inode->path));
  return done ? SQLITE_OK : code_of(done.error(), SQLITE_IOERR_DIR_FSYNC);
}

int size(sqlite3_file* file, sqlite3_int64* out) {
  VfsFile& self = of(file);
  if (self.face->is_cut_off()) return SQLITE_IOERR_FSTAT;
  *out = static_cast<sqlite3_int64>(self.inode->image.size());
  return SQLITE_OK;
}

// Nobody but this handle holds at least `level`.
bool others_below(const VfsFile& self, int level) {
  return std::none_of(self.inode->locks.begin(), self.inode->locks.end(), [&](const auto& held) {
    return held.first != &self && held.second.level >= level;
  });
}

int lock(sqlite3_file* file, int level) {
  VfsFile& self = of(file);
  if (self.lock >= level) return SQLITE_OK;
  if (self.face->is_cut_off()) return SQLITE_IOERR;
  int forbidden = SQLITE_LOCK_PENDING;  // to share
  if (level == SQLITE_LOCK_RESERVED) forbidden = SQLITE_LOCK_RESERVED;
  if (level == SQLITE_LOCK_EXCLUSIVE) {
    if (!others_below(self, SQLITE_LOCK_RESERVED)) return SQLITE_BUSY;
    forbidden = SQLITE_LOCK_SHARED;
    self.lock = SQLITE_LOCK_PENDING;  // no new readers while the old ones finish
    self.inode->locks[&self] = {self.face, self.lock};
  }
  if (!others_below(self, forbidden)) return SQLITE_BUSY;
  self.lock = level;
  self.inode->locks[&self] = {self.face, level};
  return SQLITE_OK;
}

int unlock(sqlite3_file* file, int level) {
  VfsFile& self = of(file);
  if (self.lock <= level) return SQLITE_OK;
  self.lock = level;
  if (self.face->is_cut_off()) return SQLITE_OK;
  if (level == SQLITE_LOCK_NONE) {
    self.inode->locks.erase(&self);
  } else {
    self.inode->locks[&self] = {self.face, level};
  }
  return SQLITE_OK;
}

int check_reserved(sqlite3_file* file, int* out) {
  *out = others_below(of(file), SQLITE_LOCK_RESERVED) ? 0 : 1;
  return SQLITE_OK;
}

int control(sqlite3_file* file, int op, void* argument) {
  if (op != SQLITE_FCNTL_PERSIST_WAL) return SQLITE_NOTFOUND;
  VfsFile& self = of(file);
  int& flag = *static_cast<int*>(argument);
  if (flag < 0) {
    flag = self.persist_wal ? 1 : 0;
  } else {
    self.persist_wal = flag != 0;
  }
  return SQLITE_OK;
}

int sector_size(sqlite3_file* file) {
  return static_cast<int>(of(file).face->volume().profile().sector);
}

int device(sqlite3_file* file) {
  return of(file).face->volume().profile().psow ? SQLITE_IOCAP_POWERSAFE_OVERWRITE : 0;
}

sqlite3_io_methods make_methods() {
  sqlite3_io_methods methods{};
  methods.iVersion = 1;
  methods.xClose = close;
  methods.xRead = read;
  methods.xWrite = write;
  methods.xTruncate = truncate;
  methods.xSync = sync;
  methods.xFileSize = size;
  methods.xLock = lock;
  methods.xUnlock = unlock;
  methods.xCheckReservedLock = check_reserved;
  methods.xFileControl = control;
  methods.xSectorSize = sector_size;
  methods.xDeviceCharacteristics = device;
  return methods;
}

}  // namespace

const sqlite3_io_methods& vfs_file_methods() {
  static const sqlite3_io_methods kMethods = make_methods();
  return kMethods;
}

}  // namespace tillrig::disk
