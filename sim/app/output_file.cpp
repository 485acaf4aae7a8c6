#include "sim/app/output_file.hpp"

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

Result<void> put(const std::string& path, std::string_view text) {
  std::FILE* file = std::fopen(path.c_str(), "wb");
  if (file == nullptr) return fail(Code::io, "{}", std::strerror(errno));
  const bool written = std::fwrite(text.data(), 1, text.size(), file) == text.size();
  const int why = errno;
  if (std::fclose(file) != 0 || !written) return fail(Code::io, "{}", std::strerror(why));
  return {};
}

}  // namespace

Result<void> can_write(const std::string& path) {
  std::error_code error;
  if (fs::is_directory(path, error)) {
    return fail(Code::io, "{} is a folder; expected the name of a file to write", path);
  }
  const std::string trial = beside(path);
  auto written = put(trial, "");
  if (!written) {
    return fail(Code::io,
                "{} cannot be written: {}; choose a path in a folder that is there and "
                "writable",
                path, written.error().what);
  }
  fs::remove(trial, error);
  return {};
}

Result<void> write_whole(const std::string& path, std::string_view text) {
  const std::string part = beside(path);
  std::error_code error;
  auto written = put(part, text);
  if (written) fs::rename(part, path, error);
  if (!written || error) {
    const std::string why = written ? error.message() : written.error().what;
    fs::remove(part, error);
    return fail(Code::io, "{} could not be written: {}", path, why);
  }
  return {};
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
