#include "sim/world/process.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace tillrig::world {
namespace {

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
[[noreturn]] void become(const Process::Launch& launch, char** words, char** environment,
                         pid_t parent) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(kExecFailed);  // we died before the line above
  ::signal(SIGPIPE, SIG_DFL);
  if (launch.ignores_interrupt) ::signal(SIGINT, SIG_IGN);
  constexpr int kMost = 8;
  constexpr int kAway = 32;  // out of the way first: one may stand where another is to be put
  int away[kMost];
  int count = 0;
  for (const auto& [ours, theirs] : launch.descriptors) {
    if (count < kMost) away[count++] = ::fcntl(ours, F_DUPFD, kAway);
  }
  const int nothing = ::open("/dev/null", O_RDWR);
  ::dup2(nothing, STDIN_FILENO);
  ::dup2(nothing, STDOUT_FILENO);
  int highest = STDERR_FILENO;
  for (int i = 0; i < count; ++i) {
    const int theirs = launch.descriptors[static_cast<std::size_t>(i)].second;
    ::dup2(away[i], theirs);
    highest = std::max(highest, theirs);
  }
  // Asio's sockets outlive an exec: a listener that we close would stay open in the child.
  ::close_range(static_cast<unsigned>(highest) + 1, ~0U, 0);
  ::execve(launch.program.c_str(), words, environment);
  ::_exit(kExecFailed);
}

Ended ended_as(int status) {
  if (WIFSIGNALED(status)) return {true, WTERMSIG(status)};
  return {false, WEXITSTATUS(status)};
}

}  // namespace

Descriptor::~Descriptor() {
  if (fd_ >= 0) ::close(fd_);
}

void Descriptor::send_line(std::string line) const {
  line += '\n';
  std::size_t sent = 0;
  while (sent < line.size()) {
    const ssize_t put = ::send(fd_, line.data() + sent, line.size() - sent, MSG_NOSIGNAL);
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) return;
    sent += static_cast<std::size_t>(put);
  }
}

base::Result<std::pair<Descriptor, Descriptor>> socket_pair() {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
    return base::fail(base::Code::io, "no line to a process: {}", std::strerror(errno));
  }
  return std::pair(Descriptor(ends[0]), Descriptor(ends[1]));
}

base::Result<std::pair<Descriptor, Descriptor>> pipe_pair() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) {
    return base::fail(base::Code::io, "no pipe to a process: {}", std::strerror(errno));
  }
  return std::pair(Descriptor(ends[0]), Descriptor(ends[1]));
}

std::string Ended::text() const {
  if (by_signal) return fmt::format("was ended by signal {} ({})", number, ::strsignal(number));
  return fmt::format("ended with code {}", number);
}

base::Result<Process> Process::start(const Launch& launch) {
  std::vector<std::string> texts = launch.argv;
  std::vector<char*> words;
  for (std::string& text : texts) words.push_back(text.data());
  words.push_back(nullptr);
  Environment environment(launch.environment);
  const pid_t parent = ::getpid();
  const pid_t pid = ::fork();
  if (pid == 0) become(launch, words.data(), environment.get(), parent);
  if (pid < 0) {
    return base::fail(base::Code::io, "{} does not start: {}", launch.argv.front(),
                      std::strerror(errno));
  }
  return Process(pid);
}

void Process::ask_to_end() const {
  if (pid_ > 0) ::kill(pid_, SIGTERM);
}

void Process::stop() const {
  if (pid_ > 0) ::kill(pid_, SIGSTOP);
}

void Process::go_on() const {
  if (pid_ > 0) ::kill(pid_, SIGCONT);
}

std::optional<Ended> Process::ended() {
  if (pid_ <= 0) return Ended{};
  int status = 0;
  const pid_t got = ::waitpid(pid_, &status, WNOHANG);
  if (got == 0 || (got < 0 && errno == EINTR)) return std::nullopt;
  pid_ = -1;
  return got > 0 ? ended_as(status) : Ended{};
}

void Process::kill() {
  if (pid_ <= 0) return;
  ::kill(pid_, SIGKILL);
  while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
  }
  pid_ = -1;
}

}  // namespace tillrig::world
