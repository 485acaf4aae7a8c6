#pragma once

#include "pos/base/bytes.hpp"
#include "pos/base/result.hpp"

#include <memory>
#include <string>

namespace tillrig::trace {

// Where a Writer's bytes go, in order. append() takes whole chunks; after it failed the bytes
// behind the last whole chunk are anybody's guess, which a Reader copes with.
class Sink {
 public:
  Sink() = default;
  Sink(const Sink&) = delete;
  Sink& operator=(const Sink&) = delete;
  virtual ~Sink() = default;

  virtual base::Result<void> append(base::ByteView bytes) = 0;
  // All that was appended outlives this process (not the machine: a timeline is not a ledger).
  virtual base::Result<void> flush() = 0;
};

class MemorySink final : public Sink {
 public:
  base::Result<void> append(base::ByteView bytes) override;
  base::Result<void> flush() override { return {}; }
  [[nodiscard]] const base::Bytes& bytes() const { return bytes_; }

 private:
  base::Bytes bytes_;
};

// A new file, or an old one emptied. Unbuffered: what append() took is the kernel's. Errors:
// not_found (no such folder), read_only (no permission), no_space, io.
base::Result<std::unique_ptr<Sink>> open_file_sink(const std::string& path);

}  // namespace tillrig::trace
