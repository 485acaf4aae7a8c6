#pragma once

#include "pos/ports/disk.hpp"

namespace tillrig::world {

// The disk of what has none: a device, a line, the player. Every call is refused.
class NoDisk final : public ports::Disk {
 public:
  base::Result<std::unique_ptr<ports::File>> open(const std::string& path, Mode mode) override;
  base::Result<std::unique_ptr<ports::Lock>> lock(const std::string& path) override;
  base::Result<void> make_dir(const std::string& path) override;
  base::Result<void> remove(const std::string& path) override;
  base::Result<void> rename(const std::string& from, const std::string& to) override;
  base::Result<std::vector<std::string>> list(const std::string& dir) override;
  base::Result<void> sync_dir(const std::string& dir) override;
  [[nodiscard]] std::string sqlite_vfs() const override { return "none"; }
  [[nodiscard]] std::string sqlite_path(const std::string& path) const override { return path; }
  base::Duration take_debt() override { return {}; }

  static NoDisk& instance();  // has no state
};

}  // namespace tillrig::world
