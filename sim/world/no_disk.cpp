#include "sim/world/no_disk.hpp"

namespace tillrig::world {
namespace {

base::Failure none(const std::string& path) {
  return base::fail(base::Code::not_found, "there is no disk here for {}", path);
}

}  // namespace

base::Result<std::unique_ptr<ports::File>> NoDisk::open(const std::string& path, Mode /*mode*/) {
  return none(path);
}
base::Result<std::unique_ptr<ports::Lock>> NoDisk::lock(const std::string& path) {
  return none(path);
}
base::Result<void> NoDisk::make_dir(const std::string& path) {
  return none(path);
}
base::Result<void> NoDisk::remove(const std::string& path) {
  return none(path);
}
base::Result<void> NoDisk::rename(const std::string& from, const std::string& /*to*/) {
  return none(from);
}
base::Result<std::vector<std::string>> NoDisk::list(const std::string& dir) {
  return none(dir);
}
base::Result<void> NoDisk::sync_dir(const std::string& dir) {
  return none(dir);
}

NoDisk& NoDisk::instance() {
  static NoDisk disk;
  return disk;
}

}  // namespace tillrig::world
