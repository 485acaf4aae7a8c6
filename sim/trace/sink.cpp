#include "sim/trace/sink.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

namespace tillrig::trace {
namespace {

base::Code code_of(int error) {
  switch (error) {
    case ENOENT:
    case ENOTDIR:
      return base::Code::not_found;
    case EACCES:
    case EPERM:
    case EROFS:
      return base::Code::read_only;
    case ENOSPC:
    case EDQUOT:
      return base::Code::no_space;
    default:
      return base::Code::io;
  }
}

class FileSink final : public Sink {
 public:
  FileSink(std::string path, int fd) : path_(std::move(path)), fd_(fd) {}
  ~FileSink() override { ::close(fd_); }

  base::Result<void> append(base::ByteView bytes) override {
    while (!bytes.empty()) {
      const ssize_t written = ::write(fd_, bytes.data(), bytes.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) {
        const int error = errno;
        return base::fail(code_of(error),
                          "the timeline {} could not be written on ({}); what it holds so far is "
                          "readable, what follows in this run is not recorded",
                          path_, std::generic_category().message(error));
      }
      bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return {};
  }

  base::Result<void> flush() override { return {}; }

 private:
  std::string path_;
  int fd_;
};

}  // namespace

base::Result<void> MemorySink::append(base::ByteView bytes) {
  bytes_.append(bytes);
  return {};
}

base::Result<std::unique_ptr<Sink>> open_file_sink(const std::string& path) {
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (fd < 0) {
    const int error = errno;
    const auto folder = std::filesystem::path(path).parent_path();
    return base::fail(code_of(error),
                      "the timeline {} cannot be created ({}); name a folder that exists and that "
                      "you may write to, instead of {}",
                      path, std::generic_category().message(error),
                      folder.empty() ? std::string("this one") : folder.string());
  }
  return std::unique_ptr<Sink>(std::make_unique<FileSink>(path, fd));
}

}  // namespace tillrig::trace
