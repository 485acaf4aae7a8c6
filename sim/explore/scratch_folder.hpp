#pragma once

#include "pos/base/result.hpp"

#include <string>

namespace tillrig::explore {

// A folder among the temporary ones for what the processes of a live run keep. With it their
// descendants are ours to await: those of a process that was killed in the middle come to us, so
// that nothing writes into the folder any more when it goes.
class ScratchFolder {
 public:
  ScratchFolder() = default;
  // Waits for the end of every process that we still have, and removes the folder with all in it.
  ~ScratchFolder();
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;

  // Errors: not_allowed.
  base::Result<void> make();
  // Empty until made.
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace tillrig::explore
