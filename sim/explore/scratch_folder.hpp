#pragma once

#include "pos/base/result.hpp"

#include <cstddef>
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

  // Also clears away what runs that were killed have left there. Errors: not_allowed.
  base::Result<void> make();
  // Empty until made.
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
  int alive_ = -1;
};

// Removes the folders of runs that were killed before they could, and gives how many. Those of runs
// that still live, of others, and whatever else is called so are left.
std::size_t clear_leftovers(const std::string& among);

}  // namespace tillrig::explore
