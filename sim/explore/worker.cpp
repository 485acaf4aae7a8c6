#include "sim/explore/worker.hpp"

#include "sim/explore/run_json.hpp"
#include "sim/explore/run_player.hpp"
#include "sim/explore/worker_process.hpp"

#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <clocale>
#include <string>

namespace tillrig::explore {
namespace {

// The next line from the parent; false at the end.
bool read_line(std::string& unread, std::string& line) {
  for (;;) {
    const std::size_t end = unread.find('\n');
    if (end != std::string::npos) {
      line = unread.substr(0, end);
      unread.erase(0, end + 1);
      return true;
    }
    char piece[4096];
    const ssize_t got = ::read(kWorkerLine, piece, sizeof piece);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    unread.append(piece, static_cast<std::size_t>(got));
  }
}

bool write_line(std::string line) {
  line += '\n';
  std::size_t sent = 0;
  while (sent < line.size()) {
    const ssize_t put = ::send(kWorkerLine, line.data() + sent, line.size() - sent, MSG_NOSIGNAL);
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) return false;
    sent += static_cast<std::size_t>(put);
  }
  return true;
}

}  // namespace

base::Result<void> serve_as_worker() {
  // As a program of this user would: nothing that is played may depend on it. A locale that is not
  // there leaves us in "C", and whoever compares our results must know.
  const bool had = std::setlocale(LC_ALL, "") != nullptr;
  const std::string locale = had ? std::setlocale(LC_CTYPE, nullptr) : "";
  RunPlayer player;
  std::string unread;
  std::string line;
  while (read_line(unread, line)) {
    const auto request = read_request(line);
    if (!request) {
      return base::fail(base::Code::bad_input,
                        "{}; this command is started by \"tillrig run\", not by hand",
                        request.error().what);
    }
    RunResult result = player.play(*request);
    result.locale = locale;
    if (!write_line(write_run(result))) break;
  }
  return {};
}

}  // namespace tillrig::explore
