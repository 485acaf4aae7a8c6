#include "sim/app/line_file.hpp"

#include <cerrno>
#include <cstring>

namespace tillrig::app {

base::Result<void> LineFile::open(const std::string& path) {
  path_ = path;
  file_.reset(std::fopen(path.c_str(), "we"));
  if (file_) return {};
  return base::fail(base::Code::not_allowed,
                    "{} cannot be written: {}; expected a file in a folder that is there and yours",
                    path, std::strerror(errno));
}

void LineFile::write(std::string_view lines) {
  if (!file_ || error_ != 0) return;
  errno = 0;
  const bool whole = std::fwrite(lines.data(), 1, lines.size(), file_.get()) == lines.size();
  if (!whole || std::fflush(file_.get()) != 0) error_ = errno != 0 ? errno : EIO;
}

base::Result<void> LineFile::close() {
  file_.reset();
  if (error_ == 0) return {};
  return base::fail(base::Code::io, "{} is cut: {}; make room or name another file", path_,
                    std::strerror(error_));
}

}  // namespace tillrig::app
