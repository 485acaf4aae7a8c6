#include "pos/host/disk.hpp"

#include "pos/base/hash.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>

namespace tillrig::host {
namespace {

using base::Code;

base::Failure failed(const std::string& what, const std::string& path) {
  Code code = Code::io;
  if (errno == ENOENT) code = Code::not_found;
  if (errno == ENOSPC || errno == EDQUOT) code = Code::no_space;
  if (errno == EROFS) code = Code::read_only;
  if (errno == EEXIST) code = Code::exists;
  if (errno == EWOULDBLOCK) code = Code::busy;
  return base::fail(code, "{} {}: {}", what, path, std::strerror(errno));
}

class PosixFile final : public ports::File {
 public:
  PosixFile(int fd, std::string path) : fd_(fd), path_(std::move(path)) {}
  ~PosixFile() override { ::close(fd_); }
  PosixFile(const PosixFile&) = delete;
  PosixFile& operator=(const PosixFile&) = delete;

  base::Result<void> write_at(std::uint64_t offset, base::ByteView bytes) override {
    while (!bytes.empty()) {
      const ssize_t put = ::pwrite(fd_, bytes.data(), bytes.size(), static_cast<off_t>(offset));
      if (put < 0 && errno == EINTR) continue;
      if (put <= 0) return failed("writing", path_);
      bytes.remove_prefix(static_cast<std::size_t>(put));
      offset += static_cast<std::uint64_t>(put);
    }
    return {};
  }

  base::Result<base::Bytes> read_at(std::uint64_t offset, std::size_t length) override {
    base::Bytes bytes(length, '\0');
    std::size_t have = 0;
    while (have < length) {
      const ssize_t got =
          ::pread(fd_, bytes.data() + have, length - have, static_cast<off_t>(offset + have));
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) return failed("reading", path_);
      if (got == 0) break;
      have += static_cast<std::size_t>(got);
    }
    bytes.resize(have);
    return bytes;
  }

  base::Result<void> sync() override {
    if (::fdatasync(fd_) != 0) return failed("syncing", path_);
    return {};
  }

  base::Result<std::uint64_t> size() override {
    struct stat about {};
    if (::fstat(fd_, &about) != 0) return failed("asking the size of", path_);
    return static_cast<std::uint64_t>(about.st_size);
  }

  base::Result<void> truncate(std::uint64_t size) override {
    if (::ftruncate(fd_, static_cast<off_t>(size)) != 0) return failed("resizing", path_);
    return {};
  }

 private:
  int fd_;
  std::string path_;
};

// flock(2): the kernel lets go when the last descriptor closes, so also at a kill -9. The
// descriptor is not inherited by a program that is started, or that would keep it.
class FolderLock final : public ports::Lock {
 public:
  explicit FolderLock(int fd) : fd_(fd) {}
  ~FolderLock() override { ::close(fd_); }
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;

 private:
  int fd_;
};

}  // namespace

std::string FolderDisk::full(const std::string& path) const {
  return path.empty() ? folder_ : folder_ + "/" + path;
}

base::Result<std::unique_ptr<ports::File>> FolderDisk::open(const std::string& path, Mode mode) {
  int flags = O_CLOEXEC;
  flags |= mode == Mode::read ? O_RDONLY : O_RDWR;
  if (mode == Mode::create) flags |= O_CREAT;
  if (mode == Mode::create_new) flags |= O_CREAT | O_EXCL;
  const int fd = ::open(full(path).c_str(), flags, 0644);
  if (fd < 0) return failed("opening", full(path));
  return std::make_unique<PosixFile>(fd, full(path));
}

base::Result<std::unique_ptr<ports::Lock>> FolderDisk::lock(const std::string& path) {
  int fd = ::open(full(path).c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  // On a volume that cannot be written the file can be locked all the same, if it is there.
  if (fd < 0 && errno == EROFS) fd = ::open(full(path).c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return failed("opening the lock", full(path));
  auto held = std::make_unique<FolderLock>(fd);
  while (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EINTR) return failed("locking", full(path));
  }
  return held;
}

// The moment at which the file system made it, which nobody can set, and its number there: of two
// that are made fast one after the other the moments are the same.
std::uint64_t FolderDisk::birth(const std::string& path) {
  struct statx about {};
  if (::statx(AT_FDCWD, full(path).c_str(), 0, STATX_BTIME, &about) != 0) return 0;
  if ((about.stx_mask & STATX_BTIME) == 0) return 0;
  constexpr std::uint64_t kSecond = 1'000'000'000;
  const std::uint64_t made =
      static_cast<std::uint64_t>(about.stx_btime.tv_sec) * kSecond + about.stx_btime.tv_nsec;
  return base::fnv1a(fmt::format("{} {}", made, about.stx_ino));
}

base::Result<void> FolderDisk::make_dir(const std::string& path) {
  std::error_code error;
  std::filesystem::create_directories(full(path), error);
  if (!error) return {};
  errno = error.value();
  return failed("making the folder", full(path));
}

base::Result<void> FolderDisk::remove(const std::string& path) {
  if (::unlink(full(path).c_str()) != 0) return failed("removing", full(path));
  return {};
}

base::Result<void> FolderDisk::rename(const std::string& from, const std::string& to) {
  if (::rename(full(from).c_str(), full(to).c_str()) != 0) return failed("renaming", full(from));
  return {};
}

base::Result<std::vector<std::string>> FolderDisk::list(const std::string& dir) {
  std::vector<std::string> names;
  std::error_code error;
  std::filesystem::directory_iterator at(full(dir), error);
  while (!error && at != std::filesystem::directory_iterator()) {
    std::error_code gone;  // one that goes meanwhile is no file any more
    if (at->is_regular_file(gone)) names.push_back(at->path().filename().string());
    at.increment(error);
  }
  if (error && error != std::errc::no_such_file_or_directory) {
    errno = error.value();
    return failed("listing", full(dir));
  }
  std::sort(names.begin(), names.end());
  return names;
}

base::Result<void> FolderDisk::sync_dir(const std::string& dir) {
  const int fd = ::open(full(dir).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return failed("opening the folder", full(dir));
  const bool good = ::fsync(fd) == 0;
  const base::Result<void> result = good ? base::Result<void>{} : failed("syncing", full(dir));
  ::close(fd);
  return result;
}

}  // namespace tillrig::host
