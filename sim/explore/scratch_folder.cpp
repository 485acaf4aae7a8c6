#include "sim/explore/scratch_folder.hpp"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

namespace tillrig::explore {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kBegin = "tillrig-";
constexpr const char* kAlive = "alive";  // locked as long as the run lives; the lock dies with it

int lock_alive(const fs::path& folder, int more_flags) {
  const int file = ::open((folder / kAlive).c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW | more_flags,
                          S_IRUSR | S_IWUSR);
  if (file < 0) return -1;
  if (::flock(file, LOCK_EX | LOCK_NB) == 0) return file;
  ::close(file);
  return -1;
}

bool is_ours(const fs::path& folder) {
  struct stat status = {};
  return ::lstat(folder.c_str(), &status) == 0 && S_ISDIR(status.st_mode) &&
         status.st_uid == ::geteuid();
}

}  // namespace

std::size_t clear_leftovers(const std::string& among) {
  std::size_t cleared = 0;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(among, error)) {
    const fs::path& folder = entry.path();
    if (!folder.filename().string().starts_with(kBegin) || !is_ours(folder)) continue;
    const int alive = lock_alive(folder, 0);
    if (alive < 0) continue;  // it lives, or is none of a run
    std::error_code ignored;
    if (fs::remove_all(folder, ignored) > 0 && !ignored) ++cleared;
    ::close(alive);
  }
  return cleared;
}

base::Result<void> ScratchFolder::make() {
  std::error_code error;
  const fs::path among = fs::temp_directory_path(error);
  std::string path = (among / (std::string(kBegin) + "XXXXXX")).string();
  if (error || ::mkdtemp(path.data()) == nullptr) {
    return base::fail(base::Code::not_allowed,
                      "no folder for the run's processes can be made at {}: {}; set TMPDIR to a "
                      "folder that is there and writable",
                      path, error ? error.message() : std::strerror(errno));
  }
  path_ = std::move(path);
  alive_ = lock_alive(path_, O_CREAT);
  clear_leftovers(among.string());
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
  if (alive_ >= 0) ::close(alive_);
}

}  // namespace tillrig::explore
