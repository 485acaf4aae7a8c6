#include "sim/explore/scratch_folder.hpp"

#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

namespace tillrig::explore {

namespace fs = std::filesystem;

base::Result<void> ScratchFolder::make() {
  std::error_code error;
  std::string path = (fs::temp_directory_path(error) / "tillrig-XXXXXX").string();
  if (error || ::mkdtemp(path.data()) == nullptr) {
    return base::fail(base::Code::not_allowed,
                      "no folder for the run's processes can be made at {}: {}; set TMPDIR to a "
                      "folder that is there and writable",
                      path, error ? error.message() : std::strerror(errno));
  }
  path_ = std::move(path);
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);
  return {};
}

ScratchFolder::~ScratchFolder() {
  if (path_.empty()) return;
  // The kernel has killed them together with the process that started them (PR_SET_PDEATHSIG).
  while (::waitpid(-1, nullptr, 0) > 0 || errno == EINTR) {
  }
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

}  // namespace tillrig::explore
