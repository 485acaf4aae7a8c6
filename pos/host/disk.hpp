#pragma once

#include "pos/ports/disk.hpp"

#include <string>

namespace tillrig::host {

// A folder of the machine's file system as a volume. SQLite uses its own VFS on the same folder.
class FolderDisk final : public ports::Disk {
 public:
  explicit FolderDisk(std::string folder) : folder_(std::move(folder)) {}

  base::Result<std::unique_ptr<ports::File>> open(const std::string& path, Mode mode) override;
  base::Result<std::unique_ptr<ports::Lock>> lock(const std::string& path) override;
  std::uint64_t birth(const std::string& path) override;
  base::Result<void> make_dir(const std::string& path) override;
  base::Result<void> remove(const std::string& path) override;
  base::Result<void> rename(const std::string& from, const std::string& to) override;
  base::Result<std::vector<std::string>> list(const std::string& dir) override;
  base::Result<void> sync_dir(const std::string& dir) override;
  [[nodiscard]] std::string sqlite_vfs() const override { return ""; }
  [[nodiscard]] std::string sqlite_path(const std::string& path) const override {
    return full(path);
  }
  base::Duration take_debt() override { return {}; }

 private:
  [[nodiscard]] std::string full(const std::string& path) const;

  std::string folder_;
};

}  // namespace tillrig::host
