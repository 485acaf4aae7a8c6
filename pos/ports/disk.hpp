#pragma once

#include "pos/base/bytes.hpp"
#include "pos/base/result.hpp"
#include "pos/base/time.hpp"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace tillrig::ports {

using base::Bytes;
using base::ByteView;
using base::Duration;
using base::Instant;
using base::Result;

// One open file. Offsets and sizes in bytes. Errors: io, no_space, read_only, closed.
class File {
 public:
  virtual ~File() = default;
  // All of the bytes or an error; after an error any part of them may be in the file.
  virtual Result<void> write_at(std::uint64_t offset, ByteView bytes) = 0;
  // Up to `length` bytes; fewer at the end of the file.
  virtual Result<Bytes> read_at(std::uint64_t offset, std::size_t length) = 0;
  // Content on stable storage (fdatasync). After an error the file is never to be trusted again in
  // this run, whatever a later sync says (storage 0.3).
  virtual Result<void> sync() = 0;
  virtual Result<std::uint64_t> size() = 0;
  virtual Result<void> truncate(std::uint64_t size) = 0;
};

// Held for as long as it lives: nobody else has the lock of this path, in this process or another.
class Lock {
 public:
  virtual ~Lock() = default;
};

// One volume: a folder of its own, flat names with '/' below it. Calls return at once; a simulated
// disk's latency is a debt, which whoever drives the caller waits for: settle() in ports.hpp.
class Disk {
 public:
  enum class Mode {
    read,
    write,
    create,      // made if it is not there
    create_new,  // made; `exists` if it is there, and that file is left alone
  };

  virtual ~Disk() = default;
  virtual Result<std::unique_ptr<File>> open(const std::string& path, Mode mode) = 0;
  // A lock by the name of a file, which is made and never removed. It dies with the process,
  // however that ends. Errors: busy (somebody has it; nobody waits), io and friends.
  virtual Result<std::unique_ptr<Lock>> lock(const std::string& path) = 0;
  // Which making of this file it is: a copy of it has another one, and so has what is put back from
  // a copy. 0: this disk cannot tell, or there is no such file.
  virtual std::uint64_t birth(const std::string& /*path*/) { return 0; }
  virtual Result<void> make_dir(const std::string& path) = 0;
  virtual Result<void> remove(const std::string& path) = 0;
  virtual Result<void> rename(const std::string& from, const std::string& to) = 0;
  // Names of the files directly in a folder, sorted; empty if there is no such folder.
  virtual Result<std::vector<std::string>> list(const std::string& dir) = 0;
  // Names made, renamed and removed in the folder on stable storage.
  virtual Result<void> sync_dir(const std::string& dir) = 0;

  // How SQLite reaches the same volume: the name of a registered VFS (empty: the built-in one) and
  // the path to hand to sqlite3_open_v2 for one of our paths.
  [[nodiscard]] virtual std::string sqlite_vfs() const = 0;
  [[nodiscard]] virtual std::string sqlite_path(const std::string& path) const = 0;

  // Simulated time that the calls since the last take_debt() would have taken; zero on a real disk.
  virtual Duration take_debt() = 0;
  // When it has done all that was asked of it, one thing after the other, if it is `now`; `now`
  // when nothing was asked since the last look.
  Instant done_at(Instant now) {
    const Duration debt = take_debt();
    if (debt == Duration::zero()) return now;
    busy_until_ = std::max(busy_until_, now) + debt;
    return busy_until_;
  }

 private:
  Instant busy_until_;
};

}  // namespace tillrig::ports
