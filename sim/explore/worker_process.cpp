#include "sim/explore/worker_process.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace tillrig::explore {
namespace {

constexpr std::size_t kKeptErrors = 4096;  // bytes
constexpr int kExecFailed = 127;

// Our environment with changes, in the form that execve takes.
class Environment {
 public:
  explicit Environment(const std::vector<std::pair<std::string, std::string>>& changes) {
    for (const auto& [name, value] : changes) texts_.push_back(name + "=" + value);
    for (char** at = environ; *at != nullptr; ++at) {
      const std::string_view entry(*at);
      const std::string_view name = entry.substr(0, entry.find('='));
      const bool changed = std::any_of(changes.begin(), changes.end(),
                                       [&](const auto& change) { return change.first == name; });
      if (!changed) texts_.emplace_back(entry);
    }
    for (std::string& text : texts_) entries_.push_back(text.data());
    entries_.push_back(nullptr);
  }
  [[nodiscard]] char** get() { return entries_.data(); }

 private:
  std::vector<std::string> texts_;
  std::vector<char*> entries_;
};

// In the child: only calls that are safe between fork and exec.
[[noreturn]] void become_worker(int line, int errors, pid_t parent, char** environment) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(kExecFailed);
  // A terminal's Ctrl-C reaches everybody; the parent decides what becomes of us.
  ::signal(SIGINT, SIG_IGN);
  const int nothing = ::open("/dev/null", O_RDONLY);
  // Out of the way first: one of them may stand where another is to be put.
  const int line_away = ::fcntl(line, F_DUPFD, 10);
  const int errors_away = ::fcntl(errors, F_DUPFD, 10);
  ::dup2(nothing, STDIN_FILENO);
  ::dup2(errors_away, STDOUT_FILENO);
  ::dup2(errors_away, STDERR_FILENO);
  ::dup2(line_away, kWorkerLine);
  ::close(line_away);
  ::close(errors_away);
  char program[] = "tillrig";
  char command[] = "worker";
  char* const arguments[] = {program, command, nullptr};
  ::execve("/proc/self/exe", arguments, environment);
  ::_exit(kExecFailed);
}

}  // namespace

base::Result<std::unique_ptr<WorkerProcess>> WorkerProcess::start(
    const std::vector<std::pair<std::string, std::string>>& environment) {
  const auto failed = [](std::string_view what) {
    return base::fail(base::Code::io, "a worker process cannot be started: {}: {}", what,
                      std::strerror(errno));
  };
  int lines[2];
  int errors[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, lines) != 0) return failed("socketpair");
  if (::pipe2(errors, O_CLOEXEC) != 0) {
    ::close(lines[0]);
    ::close(lines[1]);
    return failed("pipe");
  }
  Environment changed(environment);
  const pid_t parent = ::getpid();
  const pid_t pid = ::fork();
  if (pid == 0) become_worker(lines[1], errors[1], parent, changed.get());
  ::close(lines[1]);
  ::close(errors[1]);
  if (pid < 0) {
    ::close(lines[0]);
    ::close(errors[0]);
    return failed("fork");
  }
  ::fcntl(errors[0], F_SETFL, O_NONBLOCK);
  return std::unique_ptr<WorkerProcess>(new WorkerProcess(pid, lines[0], errors[0]));
}

WorkerProcess::~WorkerProcess() {
  kill();
  ::close(line_);
  ::close(errors_);
}

void WorkerProcess::send(const std::string& line) {
  const std::string text = line + "\n";
  std::size_t sent = 0;
  while (sent < text.size()) {
    const ssize_t put = ::send(line_, text.data() + sent, text.size() - sent, MSG_NOSIGNAL);
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) return;  // it died: the end of its line says so
    sent += static_cast<std::size_t>(put);
  }
}

bool WorkerProcess::receive() {
  char piece[16 * 1024];
  for (;;) {
    const ssize_t got = ::recv(line_, piece, sizeof piece, MSG_DONTWAIT);
    if (got > 0) {
      received_.append(piece, static_cast<std::size_t>(got));
      continue;
    }
    if (got < 0 && errno == EINTR) continue;
    return got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
  }
}

void WorkerProcess::receive_errors() {
  char piece[4096];
  for (;;) {
    const ssize_t got = ::read(errors_, piece, sizeof piece);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    error_text_.append(piece, static_cast<std::size_t>(got));
    if (error_text_.size() > kKeptErrors) error_text_.erase(0, error_text_.size() - kKeptErrors);
  }
}

std::optional<std::string> WorkerProcess::next_line() {
  const std::size_t end = received_.find('\n');
  if (end == std::string::npos) return std::nullopt;
  std::string line = received_.substr(0, end);
  received_.erase(0, end + 1);
  return line;
}

void WorkerProcess::finish() {
  ::shutdown(line_, SHUT_WR);
}

std::string WorkerProcess::reap() {
  if (pid_ <= 0) return "";
  int status = 0;
  // It may still have more to say than the pipe holds.
  for (;;) {
    receive_errors();
    const pid_t got = ::waitpid(pid_, &status, WNOHANG);
    if (got == pid_) break;
    if (got < 0 && errno != EINTR) return "a worker process was lost";
    ::usleep(1000);
  }
  pid_ = -1;
  receive_errors();
  std::string how;
  if (WIFSIGNALED(status)) {
    const int signal = WTERMSIG(status);
    how = fmt::format("the process that played it was ended by signal {} ({})", signal,
                      ::strsignal(signal));
  } else if (WEXITSTATUS(status) != 0) {
    how = fmt::format("the process that played it ended with code {}", WEXITSTATUS(status));
  } else {
    return "";
  }
  return error_text_.empty() ? how : how + "; it said: " + error_text_;
}

void WorkerProcess::kill() {
  if (pid_ <= 0) return;
  ::kill(pid_, SIGKILL);
  static_cast<void>(::waitpid(pid_, nullptr, 0));
  pid_ = -1;
}

}  // namespace tillrig::explore
