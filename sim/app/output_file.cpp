#include "sim/app/output_file.hpp"

#include "sim/app/say.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

namespace tillrig::app {
namespace {

namespace fs = std::filesystem;
using base::Code;
using base::fail;
using base::Result;

std::string beside(const std::string& path) {
  return fmt::format("{}.{}.part", path, ::getpid());
}

Result<void> put(std::FILE* file, std::string_view text) {
  if (file == nullptr) return fail(Code::io, "{}", std::strerror(errno));
  const bool written = std::fwrite(text.data(), 1, text.size(), file) == text.size();
  int why = written ? 0 : errno;
  if (std::fclose(file) != 0 && why == 0) why = errno;
  if (why != 0) return fail(Code::io, "{}", std::strerror(why));
  return {};
}

// What stands at a path is not ours to replace: it is neither free nor a regular file.
bool is_taken(const std::string& path) {
  std::error_code error;
  const fs::file_status there = fs::status(path, error);
  return fs::exists(there) && !fs::is_regular_file(there);
}

// The same file as standard output has: it is written there, or each would overwrite the other.
bool is_standard_output(const std::string& path) {
  struct stat there = {};
  struct stat ours = {};
  return ::stat(path.c_str(), &there) == 0 && ::fstat(STDOUT_FILENO, &ours) == 0 &&
         there.st_dev == ours.st_dev && there.st_ino == ours.st_ino;
}

// Where links lead in the end, also when nothing is there. Errors: io, they lead round.
Result<std::string> follow(std::string path) {
  constexpr int kMostLinks = 40;  // as the kernel
  std::error_code error;
  for (int i = 0; i < kMostLinks && fs::is_symlink(path, error); ++i) {
    const fs::path to = fs::read_symlink(path, error);
    if (error) break;
    path = to.is_absolute() ? to.string() : (fs::path(path).parent_path() / to).string();
  }
  if (fs::is_symlink(path, error)) return fail(Code::io, "{}", std::strerror(ELOOP));
  return path;
}

Result<void> put_beside(const std::string& link, std::string_view text) {
  const auto path = follow(link);
  if (!path) return base::Failure(path.error());
  const std::string part = beside(*path);
  std::error_code error;
  auto written = put(std::fopen(part.c_str(), "wb"), text);
  if (written) {
    fs::rename(part, *path, error);
    if (error) written = fail(Code::io, "{}", error.message());
  }
  if (!written) fs::remove(part, error);
  return written;
}

// Neither made nor cut: there is something that takes bytes.
Result<void> put_into(const std::string& path, std::string_view text) {
  const int opened = ::open(path.c_str(), O_WRONLY | O_NOCTTY | O_CLOEXEC);
  return put(opened < 0 ? nullptr : ::fdopen(opened, "wb"), text);
}

}  // namespace

Result<void> can_write(const std::string& path) {
  std::error_code error;
  if (fs::is_directory(path, error)) {
    return fail(Code::io, "{} is a folder; expected the name of a file to write", path);
  }
  if (is_standard_output(path)) return {};
  Result<void> written;
  if (is_taken(path)) {
    // Not opened: whoever reads a pipe would take that for all there is.
    if (::access(path.c_str(), W_OK) != 0) written = fail(Code::io, "{}", std::strerror(errno));
  } else if (const auto place = follow(path); !place) {
    written = base::Failure(place.error());
  } else {
    const std::string trial = beside(*place);
    written = put(std::fopen(trial.c_str(), "wb"), "");
    if (written) fs::remove(trial, error);
  }
  if (written) return {};
  return fail(Code::io,
              "{} cannot be written: {}; choose a path in a folder that is there and writable",
              path, written.error().what);
}

Result<void> write_whole(const std::string& path, std::string_view text) {
  if (is_standard_output(path)) {
    say(text);  // after_output() tells when that failed
    return {};
  }
  const auto written = is_taken(path) ? put_into(path, text) : put_beside(path, text);
  if (written) return {};
  return fail(Code::io, "{} could not be written: {}", path, written.error().what);
}

Result<void> make_folder(const std::string& path) {
  std::error_code error;
  fs::create_directories(path, error);
  if (!fs::is_directory(path)) {
    return fail(Code::io, "the folder {} cannot be made: {}; choose another place", path,
                error ? error.message() : "a file of that name is in the way");
  }
  const std::string trial = path + "/tillrig";
  if (auto ok = can_write(trial); !ok) {
    return fail(Code::io, "the folder {} is not writable; choose another place", path);
  }
  return {};
}

}  // namespace tillrig::app
