#pragma once

#include "sim/disk/op.hpp"
#include "sim/disk/volume.hpp"

#include <cstdint>
#include <functional>
#include <string_view>

namespace tillrig::disk {

// A call that a process makes, just before it takes effect. Calls that change something and calls
// that only read are numbered apart, each from 1, over the life of the face.
struct Boundary {
  std::uint64_t ordinal = 0;
  bool change = false;
  Op op;
};

// One process's way to a volume, under both its ports and its SQLite: each call is numbered here,
// shown to whoever watches, and dropped once the process is dead.
class Face {
 public:
  using Watch = std::function<void(const Boundary&)>;

  explicit Face(Volume& volume);
  ~Face();
  Face(const Face&) = delete;
  Face& operator=(const Face&) = delete;

  // Called before each call takes effect. It may cut the face off; then that call has none.
  void on_boundary(Watch watch) { watch_ = std::move(watch); }
  // From now on every call fails with Code::closed and changes nothing: the process was killed,
  // perhaps in the middle of its own call stack. Locks it held are free.
  void cut_off();
  [[nodiscard]] bool is_cut_off() const { return cut_off_; }

  [[nodiscard]] std::uint64_t changes() const { return changes_; }
  [[nodiscard]] std::uint64_t reads() const { return reads_; }

  base::Result<InodePtr> open(std::string_view path, ports::Disk::Mode mode);
  base::Result<void> write(Inode& file, std::uint64_t offset, ByteView bytes);
  base::Result<ByteView> read(const Inode& file, std::uint64_t offset, std::uint64_t length);
  base::Result<void> sync(Inode& file);
  base::Result<void> truncate(Inode& file, std::uint64_t size);
  base::Result<void> make_dir(std::string_view path);
  base::Result<void> remove(std::string_view path);
  base::Result<void> rename(std::string_view from, std::string_view to);
  base::Result<void> sync_dir(std::string_view dir);

  // A lock of the volume that this process holds until unlock() or its end. Not numbered: it is the
  // operating system's and touches no device. Errors: busy, closed.
  base::Result<void> lock(std::string_view path);
  void unlock(std::string_view path);

  // Not numbered: what a process learns without touching the device.
  base::Result<std::vector<std::string>> list(std::string_view dir) const;
  base::Result<std::uint64_t> size(const Inode& file) const;
  [[nodiscard]] InodePtr find(std::string_view path) const;

  [[nodiscard]] Volume& volume() const { return volume_; }

  // Handles of open files; the face must outlive them all.
  void opened() { ++handles_; }
  void closed() { --handles_; }

 private:
  base::Result<void> gate(const Op& op);
  [[nodiscard]] base::Failure dead() const;
  void unlock_all();

  Volume& volume_;
  Watch watch_;
  bool cut_off_ = false;
  std::uint64_t changes_ = 0;
  std::uint64_t reads_ = 0;
  int handles_ = 0;
};

}  // namespace tillrig::disk
