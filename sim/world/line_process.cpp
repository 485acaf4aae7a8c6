#include "sim/world/line_process.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <unistd.h>

namespace tillrig::world {

using base::Code;
using base::fail;
using base::Result;

Result<std::shared_ptr<LineProcess>> LineProcess::start(boost::asio::any_io_executor executor,
                                                        const std::vector<std::string>& argv) {
  auto in = socket_pair();
  if (!in) return base::Failure(in.error());
  auto out = pipe_pair();
  if (!out) return base::Failure(out.error());
  Process::Launch launch;
  launch.program = argv.front();
  launch.argv = argv;
  launch.descriptors = {{in->second.get(), STDIN_FILENO}, {out->second.get(), STDOUT_FILENO}};
  auto process = Process::start(launch);
  if (!process) return base::Failure(process.error());
  return std::shared_ptr<LineProcess>(new LineProcess(std::move(executor), *std::move(process),
                                                      std::move(in->first), std::move(out->first)));
}

LineProcess::LineProcess(boost::asio::any_io_executor executor, Process process, Descriptor in,
                         Descriptor out)
    : process_(std::move(process)), in_(std::move(in)), out_(std::move(executor), out.release()) {}

base::Awaitable<Result<std::string>> LineProcess::read_line(std::shared_ptr<LineProcess> self) {
  constexpr std::size_t kChunk = 64 * 1024;
  std::size_t searched = 0;
  for (;;) {
    const std::size_t end = self->buffer_.find('\n', searched);
    if (end != std::string::npos) {
      std::string line = self->buffer_.substr(0, end);
      self->buffer_.erase(0, end + 1);
      co_return line;
    }
    searched = self->buffer_.size();
    std::string chunk(kChunk, '\0');
    boost::system::error_code error;
    auto token = boost::asio::redirect_error(boost::asio::use_awaitable, error);
    auto into = boost::asio::buffer(chunk);
    const std::size_t got = co_await self->out_.async_read_some(into, token);
    if (error) co_return fail(Code::closed, "the process has ended");
    self->buffer_.append(chunk, 0, got);
  }
}

base::Awaitable<Result<void>> LineProcess::end(std::shared_ptr<LineProcess> self,
                                               const ports::Ports& ports, base::Duration patience) {
  using namespace std::chrono_literals;  // NOLINT(google-build-using-namespace)
  constexpr base::Duration kGlance = 5ms;
  self->process_.ask_to_end();
  const base::Instant give_up = ports.clock.now() + patience;
  while (!self->process_.ended()) {
    if (ports.clock.now() >= give_up) {
      self->process_.kill();
      co_return fail(Code::timeout, "did not end when asked to and was killed");
    }
    const base::Instant soon = ports.clock.now() + kGlance;
    co_await ports.timer.sleep_until(soon);
  }
  co_return Result<void>{};
}

}  // namespace tillrig::world
