#pragma once

#include "pos/ports/disk.hpp"
#include "sim/disk/face.hpp"
#include "sim/disk/vfs.hpp"

#include <memory>
#include <string>
#include <vector>

namespace tillrig::disk {

// The disk port of one simulated process. Several come and go on one volume, one after the other,
// as the till is killed and started again; files and SQLite connections close before it goes.
class VolumeDisk : public ports::Disk {
 public:
  explicit VolumeDisk(Volume& volume, Vfs::Options options = {})
      : face_(volume), vfs_(face_, std::move(options)) {}

  void on_boundary(Face::Watch watch) { face_.on_boundary(std::move(watch)); }
  void cut_off() { face_.cut_off(); }
  [[nodiscard]] const Face& face() const { return face_; }

  base::Result<std::unique_ptr<ports::File>> open(const std::string& path, Mode mode) override;
  base::Result<std::unique_ptr<ports::Lock>> lock(const std::string& path) override;
  std::uint64_t birth(const std::string& path) override;
  base::Result<void> make_dir(const std::string& path) override;
  base::Result<void> remove(const std::string& path) override;
  base::Result<void> rename(const std::string& from, const std::string& to) override;
  base::Result<std::vector<std::string>> list(const std::string& dir) override;
  base::Result<void> sync_dir(const std::string& dir) override;
  [[nodiscard]] std::string sqlite_vfs() const override { return vfs_.name(); }
  [[nodiscard]] std::string sqlite_path(const std::string& path) const override { return path; }
  base::Duration take_debt() override { return face_.volume().take_debt(); }

 private:
  Face face_;
  Vfs vfs_;
};

}  // namespace tillrig::disk
