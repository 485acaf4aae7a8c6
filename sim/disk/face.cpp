#include "sim/disk/face.hpp"

#include "pos/base/assert.hpp"

#include <algorithm>

namespace tillrig::disk {

using base::Result;

Face::Face(Volume& volume) : volume_(volume) {
  volume_.faces_.push_back(this);
  volume_.take_debt();  // what a dead process did not live to wait for
}

Face::~Face() {
  TILLRIG_ASSERT(handles_ == 0, "a process closes its files before its disk goes");
  std::erase(volume_.faces_, this);
  unlock_all();
}

void Face::unlock_all() {
  std::erase_if(volume_.locks_, [this](const auto& lock) { return lock.second == this; });
}

void Face::cut_off() {
  cut_off_ = true;
  std::erase(volume_.faces_, this);
  for (const auto& [path, file] : volume_.directory_.names()) {
    std::erase_if(file->locks, [this](const auto& lock) { return lock.second.process == this; });
  }
  unlock_all();
}

base::Failure Face::dead() const {
  return base::fail(base::Code::closed, "the process on the disk of {} is dead", volume_.name());
}

Result<void> Face::gate(const Op& op) {
  if (cut_off_) return dead();
  const bool change = disk::changes(op.kind);
  const std::uint64_t ordinal = change ? ++changes_ : ++reads_;
  if (watch_) watch_({ordinal, change, op});
  if (cut_off_) return dead();
  return {};
}

Result<InodePtr> Face::open(std::string_view path, ports::Disk::Mode mode) {
  using Mode = ports::Disk::Mode;
  const bool creates = (mode == Mode::create && !volume_.find(path)) || mode == Mode::create_new;
  const OpKind kind = creates ? OpKind::create : OpKind::open;
  if (auto ok = gate({kind, role_of(path), path, 0, 0, 0}); !ok) return tl::unexpected(ok.error());
  return volume_.open(path, mode);
}

Result<void> Face::write(Inode& file, std::uint64_t offset, ByteView bytes) {
  if (auto ok = gate({OpKind::write, file.role, file.path, offset, bytes.size(), 0}); !ok) {
    return ok;
  }
  return volume_.write(file, offset, bytes);
}

Result<ByteView> Face::read(const Inode& file, std::uint64_t offset, std::uint64_t length) {
  if (auto ok = gate({OpKind::read, file.role, file.path, offset, length, 0}); !ok) {
    return tl::unexpected(ok.error());
  }
  return volume_.read(file, offset, length);
}

Result<void> Face::sync(Inode& file) {
  if (auto ok = gate({OpKind::sync, file.role, file.path, 0, 0, 0}); !ok) return ok;
  return volume_.sync(file);
}

Result<void> Face::truncate(Inode& file, std::uint64_t size) {
  if (auto ok = gate({OpKind::truncate, file.role, file.path, size, 0, 0}); !ok) return ok;
  return volume_.truncate(file, size);
}

Result<void> Face::make_dir(std::string_view path) {
  if (auto ok = gate({OpKind::make_dir, role_of(path), path, 0, 0, 0}); !ok) return ok;
  return volume_.make_dir(path);
}

Result<void> Face::remove(std::string_view path) {
  if (auto ok = gate({OpKind::remove, role_of(path), path, 0, 0, 0}); !ok) return ok;
  return volume_.remove(path);
}

Result<void> Face::rename(std::string_view from, std::string_view to) {
  if (auto ok = gate({OpKind::rename, role_of(from), from, 0, 0, 0}); !ok) return ok;
  return volume_.rename(from, to);
}

Result<void> Face::sync_dir(std::string_view dir) {
  if (auto ok = gate({OpKind::sync_dir, role_of(dir), dir, 0, 0, 0}); !ok) return ok;
  return volume_.sync_dir(dir);
}

Result<void> Face::lock(std::string_view path) {
  if (cut_off_) return dead();
  const auto [at, free] = volume_.locks_.try_emplace(std::string(path), this);
  if (free) return {};
  return base::fail(base::Code::busy, "{} on the disk of {} is locked by another process", path,
                    volume_.name());
}

void Face::unlock(std::string_view path) {
  const auto at = volume_.locks_.find(path);
  if (at != volume_.locks_.end() && at->second == this) volume_.locks_.erase(at);
}

Result<std::vector<std::string>> Face::list(std::string_view dir) const {
  if (cut_off_) return dead();
  return volume_.list(dir);
}

Result<std::uint64_t> Face::size(const Inode& file) const {
  if (cut_off_) return dead();
  return file.image.size();
}

InodePtr Face::find(std::string_view path) const {
  return cut_off_ ? nullptr : volume_.find(path);
}

}  // namespace tillrig::disk
