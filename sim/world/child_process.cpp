#include "sim/world/child_process.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace tillrig::world {

base::Result<std::unique_ptr<ChildProcess>> ChildProcess::start(
    boost::asio::any_io_executor executor, const std::vector<std::string>& argv) {
  int in[2];
  int out[2];
  if (::pipe2(in, O_CLOEXEC) != 0) {
    return base::fail(base::Code::io, "no pipe for {}: {}", argv.front(), std::strerror(errno));
  }
  if (::pipe2(out, O_CLOEXEC) != 0) {
    ::close(in[0]);
    ::close(in[1]);
    return base::fail(base::Code::io, "no pipe for {}: {}", argv.front(), std::strerror(errno));
  }
  std::vector<char*> words;
  for (const std::string& word : argv) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  const int parent = ::getpid();
  const int pid = ::fork();
  if (pid == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent) ::_exit(127);  // the rig died before the line above
    ::dup2(in[0], STDIN_FILENO);
    ::dup2(out[1], STDOUT_FILENO);
    // Asio's sockets outlive an exec: a listener that the rig closes would stay open in the child.
    ::close_range(STDERR_FILENO + 1, ~0U, 0);
    ::execv(words[0], words.data());
    ::_exit(127);
  }
  ::close(in[0]);
  ::close(out[1]);
  if (pid < 0) {
    ::close(in[1]);
    ::close(out[0]);
    return base::fail(base::Code::io, "{} does not start: {}", argv.front(), std::strerror(errno));
  }
  return std::unique_ptr<ChildProcess>(new ChildProcess(std::move(executor), pid, in[1], out[0]));
}

ChildProcess::ChildProcess(boost::asio::any_io_executor executor, int pid, int in, int out)
    : pid_(pid),
      in_(in),
      out_(std::make_shared<boost::asio::posix::stream_descriptor>(std::move(executor), out)) {}

ChildProcess::~ChildProcess() {
  kill();
  ::close(in_);
}

base::Awaitable<base::Result<std::string>> ChildProcess::read_line() {
  constexpr std::size_t kChunk = 64 * 1024;
  const std::shared_ptr<boost::asio::posix::stream_descriptor> out = out_;
  for (;;) {
    const std::size_t end = buffer_.find('\n');
    if (end != std::string::npos) {
      std::string line = buffer_.substr(0, end);
      buffer_.erase(0, end + 1);
      co_return line;
    }
    std::string chunk(kChunk, '\0');
    boost::system::error_code error;
    auto token = boost::asio::redirect_error(boost::asio::use_awaitable, error);
    auto into = boost::asio::buffer(chunk);
    const std::size_t got = co_await out->async_read_some(into, token);
    if (error) co_return base::fail(base::Code::closed, "the process has ended");
    buffer_.append(chunk, 0, got);
  }
}

void ChildProcess::write_line(const std::string& line) {
  const std::string text = line + "\n";
  std::size_t sent = 0;
  while (sent < text.size()) {
    const ssize_t put = ::write(in_, text.data() + sent, text.size() - sent);
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) return;
    sent += static_cast<std::size_t>(put);
  }
}

void ChildProcess::kill() {
  if (pid_ <= 0) return;
  ::kill(pid_, SIGKILL);
  reap();
}

void ChildProcess::terminate() {
  if (pid_ <= 0) return;
  ::kill(pid_, SIGTERM);
  reap();
}

void ChildProcess::reap() {
  int status = 0;
  while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  pid_ = -1;
}

}  // namespace tillrig::world
