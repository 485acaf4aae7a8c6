#include "sim/hosts/till_program.hpp"

#include "pos/base/spawn.hpp"
#include "pos/till/control.hpp"
#include "sim/hosts/host_process.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <unistd.h>

#include <cstdlib>
#include <memory>

namespace tillrig::hosts {
namespace {

constexpr std::size_t kLongestLine = 64 * 1024;

// What the cashier sees, as lines.
class LineScreen final : public till::Screen {
 public:
  void show(const till::Shown& shown) override { HostProcess::say(till::write_shown(shown)); }
};

// The till's control line on standard input and output: one request after the other.
class ControlLine {
 public:
  ControlLine(HostProcess& process, till::Till& till, int input)
      : process_(process), till_(till), input_(process.io(), input) {}

  // Starts the till and carries out what comes, until `close`, the end of the input, or end().
  base::Awaitable<void> serve();
  // As the end of the input.
  void end() {
    boost::system::error_code ignored;
    input_.cancel(ignored);
    ended_ = true;
  }
  // Why the till did not start.
  [[nodiscard]] const base::Result<void>& outcome() const { return outcome_; }

 private:
  base::Awaitable<bool> read_more();
  base::Awaitable<void> carry_out(std::string line);
  base::Awaitable<void> close();

  HostProcess& process_;
  till::Till& till_;
  boost::asio::posix::stream_descriptor input_;
  std::string unread_;
  bool ended_ = false;
  base::Result<void> outcome_;
};

base::Awaitable<bool> ControlLine::read_more() {
  if (ended_) co_return false;
  std::string piece(4096, '\0');
  boost::system::error_code error;
  auto token = boost::asio::redirect_error(boost::asio::use_awaitable, error);
  auto into = boost::asio::buffer(piece);
  const std::size_t got = co_await input_.async_read_some(into, token);
  if (error) co_return false;
  unread_.append(piece, 0, got);
  co_return unread_.size() <= kLongestLine;
}

base::Awaitable<void> ControlLine::carry_out(std::string line) {
  auto request = till::read_request(line);
  if (!request) {
    HostProcess::say(till::write_answer(0, base::Failure(request.error())));
    co_return;
  }
  auto answer = co_await till_.handle(std::move(request->command));
  HostProcess::say(till::write_answer(request->id, answer));
}

base::Awaitable<void> ControlLine::close() {
  till::Command command;
  command.verb = till::Command::Verb::close;
  static_cast<void>(co_await till_.handle(command));
}

base::Awaitable<void> ControlLine::serve() {
  auto started = co_await till_.start();
  if (!started) {
    outcome_ = std::move(started);
    process_.stop();
    co_return;
  }
  while (!till_.closed()) {
    const std::size_t end = unread_.find('\n');
    if (end == std::string::npos) {
      const bool more = co_await read_more();
      if (!more) break;
      continue;
    }
    std::string line = unread_.substr(0, end);
    unread_.erase(0, end + 1);
    if (!line.empty()) co_await carry_out(std::move(line));
  }
  if (!till_.closed()) co_await close();
  process_.stop();
}

}  // namespace

base::Result<void> run_till(till::Config config, const std::string& folder) {
  HostProcess process(folder);
  LineScreen screen;
  till::Till till(process.ports(), std::move(config), screen);
  std::unique_ptr<ControlLine> control;
  try {
    control = std::make_unique<ControlLine>(process, till, ::dup(STDIN_FILENO));
  } catch (const boost::system::system_error& error) {
    return base::fail(base::Code::bad_input,
                      "standard input is its control line and must be a pipe or a terminal: {}",
                      error.what());
  }
  auto serving = control->serve();
  base::spawn(process.ports().executor, std::move(serving));
  process.run([&control] { control->end(); });
  if (!control->outcome()) return control->outcome();
  // The till's loops wait for ever on what goes before them, so they are not unwound: the store is
  // closed, and the process ends here.
  std::_Exit(0);
}

}  // namespace tillrig::hosts
