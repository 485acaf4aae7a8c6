#include "sim/disk/vfs.hpp"

#include "pos/base/assert.hpp"
#include "sim/disk/vfs_file.hpp"

#include <algorithm>
#include <atomic>
#include <cstring>
#include <new>
#include <utility>

namespace tillrig::disk {

namespace {

constexpr int kMaxPath = 512;
// SQLite counts milliseconds from noon on 24 November 4714 BC (Gregorian).
constexpr sqlite3_int64 kJulianOf1970 = 210866760000000;

// SplitMix64 over a counter: the same bytes in every run.
std::uint64_t draw(std::uint64_t& counter) {
  std::uint64_t x = (counter += 0x9e3779b97f4a7c15ULL);
  x = (x ^ (x >> 30U)) * 0xbf58476d1ce4e5b9ULL;
  x = (x ^ (x >> 27U)) * 0x94d049bb133111ebULL;
  return x ^ (x >> 31U);
}

std::string next_name() {
  static std::atomic<std::uint64_t> count{0};
  return "tillrig-" + std::to_string(++count);
}

}  // namespace

// What SQLite holds; its methods are the VFS's.
struct Vfs::Registered {
  sqlite3_vfs vfs{};
  Face& face;
  Options options;
  std::string name = next_name();
  std::uint64_t random = 0;

  Registered(Face& of, Options given) : face(of), options(std::move(given)) {
    vfs.iVersion = 2;
    vfs.szOsFile = static_cast<int>(sizeof(VfsFile));
    vfs.mxPathname = kMaxPath;
    vfs.zName = name.c_str();
    vfs.pAppData = this;
    vfs.xOpen = open;
    vfs.xDelete = remove;
    vfs.xAccess = access;
    vfs.xFullPathname = full_path;
    vfs.xRandomness = randomness;
    vfs.xSleep = sleep;
    vfs.xCurrentTime = current_time;
    vfs.xGetLastError = last_error;
    vfs.xCurrentTimeInt64 = current_time_ms;
  }

  static Registered& of(sqlite3_vfs* vfs) { return *static_cast<Registered*>(vfs->pAppData); }

  // The file of a path, opened as the flags say; falls back to reading on a read-only volume.
  static base::Result<InodePtr> find_or_make(Face& face, const char* path, int& flags) {
    using Mode = ports::Disk::Mode;
    Mode mode = Mode::read;
    if ((flags & SQLITE_OPEN_READWRITE) != 0) mode = Mode::write;
    if ((flags & SQLITE_OPEN_CREATE) != 0) mode = Mode::create;
    auto inode = face.open(path, mode);
    if (!inode && inode.error().code == base::Code::read_only && face.find(path)) {
      flags = (flags & ~(SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE)) | SQLITE_OPEN_READONLY;
      return face.open(path, Mode::read);
    }
    return inode;
  }

  static int open(sqlite3_vfs* vfs, const char* path, sqlite3_file* out, int flags,
                  int* out_flags) {
    out->pMethods = nullptr;
    Face& face = of(vfs).face;
    InodePtr inode;
    bool created = false;
    if (path == nullptr) {
      inode = std::make_shared<Inode>();
    } else {
      const InodePtr before = face.find(path);
      if (before && (flags & SQLITE_OPEN_EXCLUSIVE) != 0) return SQLITE_CANTOPEN;
      auto opened = find_or_make(face, path, flags);
      if (!opened) return SQLITE_CANTOPEN;
      inode = *std::move(opened);
      created = !before;
    }
    constexpr int kNameMatters =
        SQLITE_OPEN_SUPER_JOURNAL | SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_WAL;
    auto* file = new (out) VfsFile{};
    file->face = &face;
    file->inode = std::move(inode);
    file->scratch = path == nullptr;
    file->delete_on_close = path != nullptr && (flags & SQLITE_OPEN_DELETEONCLOSE) != 0;
    file->dir_owed = created && (flags & kNameMatters) != 0;
    file->base.pMethods = &vfs_file_methods();
    face.opened();
    if (out_flags != nullptr) *out_flags = flags;
    return SQLITE_OK;
  }

  static int remove(sqlite3_vfs* vfs, const char* path, int sync_dir) {
    Face& face = of(vfs).face;
    if (const auto done = face.remove(path); !done) {
      return done.error().code == base::Code::not_found ? SQLITE_IOERR_DELETE_NOENT
                                                        : SQLITE_IOERR_DELETE;
    }
    if (sync_dir == 0) return SQLITE_OK;
    return face.sync_dir(folder_of(path)) ? SQLITE_OK : SQLITE_IOERR_DIR_FSYNC;
  }

  // As the unix VFS has it: a file of no bytes does not exist.
  static int access(sqlite3_vfs* vfs, const char* path, int flags, int* out) {
    const Face& face = of(vfs).face;
    if (face.is_cut_off()) return SQLITE_IOERR_ACCESS;
    const InodePtr inode = face.find(path);
    *out = inode && (flags != SQLITE_ACCESS_EXISTS || inode->image.size() > 0) ? 1 : 0;
    return SQLITE_OK;
  }

  static int full_path(sqlite3_vfs*, const char* path, int size, char* out) {
    const std::size_t length = std::strlen(path);
    if (length >= static_cast<std::size_t>(size)) return SQLITE_CANTOPEN;
    std::memcpy(out, path, length + 1);
    return SQLITE_OK;
  }

  static int randomness(sqlite3_vfs* vfs, int size, char* out) {
    for (int i = 0; i < size; ++i) out[i] = static_cast<char>(draw(of(vfs).random));
    return size;
  }

  static int sleep(sqlite3_vfs*, int microseconds) { return microseconds; }

  static int current_time_ms(sqlite3_vfs* vfs, sqlite3_int64* out) {
    const Options& options = of(vfs).options;
    *out = kJulianOf1970 + (options.wall_ms ? options.wall_ms() : 0);
    return SQLITE_OK;
  }

  static int current_time(sqlite3_vfs* vfs, double* out) {
    constexpr double kMsPerDay = 86400000.0;
    sqlite3_int64 ms = 0;
    current_time_ms(vfs, &ms);
    *out = static_cast<double>(ms) / kMsPerDay;
    return SQLITE_OK;
  }

  static int last_error(sqlite3_vfs*, int, char*) { return 0; }
};

Vfs::Vfs(Face& face, Options options)
    : registered_(std::make_unique<Registered>(face, std::move(options))) {
  const int code = sqlite3_vfs_register(&registered_->vfs, 0);
  TILLRIG_ASSERT(code == SQLITE_OK, "SQLite takes every VFS that has a name");
}

Vfs::~Vfs() {
  sqlite3_vfs_unregister(&registered_->vfs);
}

const std::string& Vfs::name() const {
  return registered_->name;
}

}  // namespace tillrig::disk
