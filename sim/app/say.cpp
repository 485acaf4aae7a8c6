#include "sim/app/say.hpp"

#include "pos/base/visible.hpp"
#include "sim/app/exit_codes.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

namespace tillrig::app {
namespace {

int first_error = 0;  // of standard output; it is one for the whole process

}  // namespace

bool say(std::string_view text) {
  if (first_error != 0) return false;
  errno = 0;
  const bool written = std::fwrite(text.data(), 1, text.size(), stdout) == text.size();
  const bool flushed = std::fflush(stdout) == 0;
  if (!written || !flushed) first_error = errno != 0 ? errno : EIO;
  return first_error == 0;
}

void complain(std::string_view text) {
  const std::string safe = base::visible(text);
  static_cast<void>(std::fwrite(safe.data(), 1, safe.size(), stderr));
}

int after_output(int code) {
  // Who read us through a pipe and has gone had enough.
  if (first_error == 0 || first_error == EPIPE) return code;
  complain(
      fmt::format("tillrig: standard output could not be written and is cut: {}; make room or "
                  "send it elsewhere\n",
                  std::strerror(first_error)));
  return code == kHeld ? kBroke : code;
}

}  // namespace tillrig::app
