#include "sim/app/progress.hpp"

#include "sim/app/say.hpp"
#include "sim/explore/worker_pool.hpp"
#include "sim/report/text.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

namespace tillrig::app {
namespace {

constexpr base::Duration kRedraw = std::chrono::milliseconds(100);
constexpr base::Duration kSilence = std::chrono::seconds(10);
constexpr std::size_t kBar = 24;  // columns

bool is_set(const char* name) {
  const char* const value = std::getenv(name);
  return value != nullptr && *value != '\0';
}

bool smart_terminal(int fd) {
  const char* const term = std::getenv("TERM");
  return ::isatty(fd) != 0 && term != nullptr && std::string_view(term) != "dumb";
}

std::size_t width() {
  winsize size = {};
  if (::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return 80;
  return size.ws_col;
}

// Steers the terminal, which complain() does not.
void draw(const std::string& text) {
  static_cast<void>(std::fwrite(text.data(), 1, text.size(), stderr));
}

// From what those that are done took; too few say nothing.
std::string time_left(base::Duration spent, std::size_t done, std::size_t total) {
  constexpr base::Duration kTooEarly = std::chrono::seconds(2);
  if (done == 0 || done >= total || spent < kTooEarly) return "";
  const base::Duration left =
      spent / static_cast<std::int64_t>(done) * static_cast<std::int64_t>(total - done);
  return fmt::format("  {} left", report::short_time(left));
}

}  // namespace

bool wants_colour() {
  if (is_set("NO_COLOR")) return false;
  if (is_set("FORCE_COLOR") || is_set("CLICOLOR_FORCE")) return true;
  return smart_terminal(STDOUT_FILENO);
}

Progress::Progress()
    : terminal_(smart_terminal(STDERR_FILENO)), began_(explore::wall_now()), last_(began_) {}

void Progress::at(std::size_t done, std::size_t failed, std::size_t total,
                  std::string_view now_playing) {
  const base::Instant now = explore::wall_now();
  if (!terminal_) {
    if (now - last_ < kSilence) return;
    last_ = now;
    say(fmt::format("{} of {} runs done, {} failed; playing {}\n", done, total, failed,
                    now_playing));
    return;
  }
  if (drawn_ && now - last_ < kRedraw) return;
  last_ = now;
  drawn_ = true;
  const std::size_t full = total == 0 ? 0 : std::min(done, total) * kBar / total;
  std::string line = fmt::format("[{}{}] {}/{}", std::string(full, '#'),
                                 std::string(kBar - full, '.'), done, total);
  if (failed != 0) line += fmt::format("  {} failed", failed);
  line += time_left(now - began_, done, total);
  line += fmt::format("  {}", now_playing);
  draw("\r\x1b[K" + std::string(report::first_columns(line, width() - 1)));
}

void Progress::print(std::string_view text) {
  clear();
  say(text);
  last_ = terminal_ ? base::Instant{0} : explore::wall_now();
}

void Progress::clear() {
  if (!drawn_) return;
  draw("\r\x1b[K");
  drawn_ = false;
}

}  // namespace tillrig::app
