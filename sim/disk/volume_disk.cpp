#include "sim/disk/volume_disk.hpp"

#include <utility>

namespace tillrig::disk {

using base::Result;

namespace {

class VolumeFile : public ports::File {
 public:
  VolumeFile(Face& face, InodePtr inode, bool writable)
      : face_(face), inode_(std::move(inode)), writable_(writable) {
    face_.opened();
  }
  ~VolumeFile() override { face_.closed(); }
  VolumeFile(const VolumeFile&) = delete;
  VolumeFile& operator=(const VolumeFile&) = delete;

  Result<void> write_at(std::uint64_t offset, ByteView bytes) override {
    if (!writable_) return opened_to_read();
    return face_.write(*inode_, offset, bytes);
  }
  Result<Bytes> read_at(std::uint64_t offset, std::size_t length) override {
    return face_.read(*inode_, offset, length).map([](ByteView bytes) { return Bytes(bytes); });
  }
  Result<void> sync() override { return face_.sync(*inode_); }
  Result<std::uint64_t> size() override { return face_.size(*inode_); }
  Result<void> truncate(std::uint64_t size) override {
    if (!writable_) return opened_to_read();
    return face_.truncate(*inode_, size);
  }

 private:
  [[nodiscard]] base::Failure opened_to_read() const {
    return base::fail(base::Code::read_only, "{} was opened to be read only", inode_->path);
  }

  Face& face_;
  InodePtr inode_;
  bool writable_;
};

class VolumeLock : public ports::Lock {
 public:
  VolumeLock(Face& face, std::string path) : face_(face), path_(std::move(path)) { face_.opened(); }
  ~VolumeLock() override {
    face_.unlock(path_);
    face_.closed();
  }
  VolumeLock(const VolumeLock&) = delete;
  VolumeLock& operator=(const VolumeLock&) = delete;

 private:
  Face& face_;
  std::string path_;
};

// "a/b/" and "./" are not our paths; a folder may be given with its trailing slash.
std::string_view trimmed(std::string_view dir) {
  while (dir.ends_with('/')) dir.remove_suffix(1);
  return dir == "." ? std::string_view{} : dir;
}

}  // namespace

Result<std::unique_ptr<ports::File>> VolumeDisk::open(const std::string& path, Mode mode) {
  auto inode = face_.open(path, mode);
  if (!inode) return tl::unexpected(inode.error());
  return std::make_unique<VolumeFile>(face_, *std::move(inode), mode != Mode::read);
}

Result<std::unique_ptr<ports::Lock>> VolumeDisk::lock(const std::string& path) {
  if (auto held = face_.lock(path); !held) return tl::unexpected(held.error());
  return std::make_unique<VolumeLock>(face_, path);
}

// An image keeps what the file system says of its files; files that were copied are all made anew.
std::uint64_t VolumeDisk::birth(const std::string& /*path*/) {
  return face_.volume().births();
}

Result<void> VolumeDisk::make_dir(const std::string& path) {
  return face_.make_dir(trimmed(path));
}

Result<void> VolumeDisk::remove(const std::string& path) {
  return face_.remove(path);
}

Result<void> VolumeDisk::rename(const std::string& from, const std::string& to) {
  return face_.rename(from, to);
}

Result<std::vector<std::string>> VolumeDisk::list(const std::string& dir) {
  return face_.list(trimmed(dir));
}

Result<void> VolumeDisk::sync_dir(const std::string& dir) {
  return face_.sync_dir(trimmed(dir));
}

}  // namespace tillrig::disk
