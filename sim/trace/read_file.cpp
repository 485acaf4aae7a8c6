#include "sim/trace/read_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace tillrig::trace {
namespace {

constexpr std::size_t kStep = std::size_t{1} << 20;

base::Failure cannot_read(const std::string& path, int error) {
  const auto why = std::generic_category().message(error);
  const base::Code code = error == ENOENT || error == ENOTDIR ? base::Code::not_found
                          : error == EACCES || error == EPERM ? base::Code::not_allowed
                          : error == EISDIR                   ? base::Code::bad_input
                                                              : base::Code::io;
  return base::fail(code, "the timeline {} cannot be read ({}); give a .tlog file written by a run",
                    path, why);
}

}  // namespace

base::Result<base::Bytes> read_file(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return cannot_read(path, errno);
  struct stat about {};
  base::Bytes bytes;
  if (::fstat(fd, &about) == 0 && S_ISREG(about.st_mode)) {
    bytes.reserve(static_cast<std::size_t>(about.st_size) + kStep);
  }
  while (true) {
    const std::size_t had = bytes.size();
    bytes.resize(had + kStep);
    const ssize_t got = ::read(fd, bytes.data() + had, kStep);
    const int error = errno;
    bytes.resize(had + (got > 0 ? static_cast<std::size_t>(got) : 0));
    if (got < 0 && error == EINTR) continue;
    if (got == 0) break;
    if (got < 0) {
      ::close(fd);
      return cannot_read(path, error);
    }
  }
  ::close(fd);
  return bytes;
}

}  // namespace tillrig::trace
