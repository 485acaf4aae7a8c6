#pragma once

#include "sim/disk/face.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace tillrig::disk {

// A face registered with SQLite under a name of its own ("tillrig-7") for as long as this object
// lives. Made for one connection at a time in locking_mode EXCLUSIVE: WAL works only if that mode
// is set before the first access, for there is no shared memory. Connections close before it goes.
class Vfs {
 public:
  struct Options {
    // Milliseconds since 1970 that SQL's date functions see; null: they stand still at 0.
    std::function<std::int64_t()> wall_ms;
  };

  Vfs(Face& face, Options options);
  ~Vfs();
  Vfs(const Vfs&) = delete;
  Vfs& operator=(const Vfs&) = delete;

  [[nodiscard]] const std::string& name() const;

 private:
  struct Registered;
  std::unique_ptr<Registered> registered_;
};

}  // namespace tillrig::disk
