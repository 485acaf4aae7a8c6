#include "sim/explore/worker_process.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>

namespace tillrig::explore {
namespace {

constexpr std::size_t kKeptErrors = 4096;  // bytes

}  // namespace

base::Result<std::unique_ptr<WorkerProcess>> WorkerProcess::start(
    const std::vector<std::pair<std::string, std::string>>& environment) {
  auto line = world::socket_pair();
  if (!line) return base::Failure(line.error());
  auto errors = world::pipe_pair();
  if (!errors) return base::Failure(errors.error());
  world::Process::Launch launch;
  launch.program = "/proc/self/exe";
  launch.argv = {"tillrig", "worker"};
  launch.environment = environment;
  launch.ignores_interrupt = true;
  launch.descriptors = {{errors->second.get(), STDOUT_FILENO},
                        {errors->second.get(), STDERR_FILENO},
                        {line->second.get(), kWorkerLine}};
  auto process = world::Process::start(launch);
  if (!process) return base::within("a worker process", process.error());
  ::fcntl(errors->first.get(), F_SETFL, O_NONBLOCK);
  return std::unique_ptr<WorkerProcess>(
      new WorkerProcess(*std::move(process), std::move(line->first), std::move(errors->first)));
}

bool WorkerProcess::receive() {
  char piece[16 * 1024];
  for (;;) {
    const ssize_t got = ::recv(line_.get(), piece, sizeof piece, MSG_DONTWAIT);
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
    const ssize_t got = ::read(errors_.get(), piece, sizeof piece);
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
  ::shutdown(line_.get(), SHUT_WR);
}

std::string WorkerProcess::reap() {
  if (!process_.runs()) return "";
  std::optional<world::Ended> ended;
  while (!ended) {
    receive_errors();  // it may still have more to say than the pipe holds
    ended = process_.ended();
    if (!ended) ::usleep(1000);
  }
  receive_errors();
  if (ended->orderly()) return "";
  const std::string how = "the process that played it " + ended->text();
  return error_text_.empty() ? how : how + "; it said: " + error_text_;
}

}  // namespace tillrig::explore
