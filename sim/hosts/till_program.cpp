#include "sim/hosts/till_program.hpp"

#include "pos/base/spawn.hpp"
#include "pos/till/control_line.hpp"
#include "sim/hosts/host_process.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <unistd.h>

#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>

namespace tillrig::hosts {
namespace {

// Standard input as the till's control line, until `close`, the end of the input, or end().
class Input {
 public:
  Input(HostProcess& process, till::ControlLine& line, int descriptor)
      : process_(process), line_(line), input_(process.io(), descriptor) {
    line_.on_closed = [this] { process_.stop(); };
  }

  // Starts the till; process_.stop() when it cannot.
  base::Awaitable<void> start();
  // Hands on what comes, from the first moment on: a till can be spoken to while it starts.
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
  HostProcess& process_;
  till::ControlLine& line_;
  boost::asio::posix::stream_descriptor input_;
  bool ended_ = false;
  base::Result<void> outcome_;
};

base::Awaitable<void> Input::start() {
  auto started = co_await line_.start();
  if (started) co_return;
  outcome_ = std::move(started);
  process_.stop();
}

base::Awaitable<void> Input::serve() {
  std::string piece(4096, '\0');
  while (!ended_) {
    boost::system::error_code error;
    auto token = boost::asio::redirect_error(boost::asio::use_awaitable, error);
    auto into = boost::asio::buffer(piece);
    const std::size_t got = co_await input_.async_read_some(into, token);
    if (error) break;
    line_.feed(std::string_view(piece).substr(0, got));
  }
  auto closed = co_await line_.close();
  static_cast<void>(closed);  // the next start tells what is missing
  process_.stop();
}

}  // namespace

base::Result<void> run_till(till::Config config, const std::string& folder,
                            const std::string& trusted) {
  HostProcess process(folder);
  if (!trusted.empty()) {
    auto trust = host::TlsTrust::of(trusted);
    if (!trust) return base::Failure(trust.error());
    process.trust(std::move(*trust));
  }
  till::ControlLine line(process.ports(), std::move(config),
                         [](std::string_view said) { HostProcess::say(said); });
  std::unique_ptr<Input> input;
  try {
    input = std::make_unique<Input>(process, line, ::dup(STDIN_FILENO));
  } catch (const boost::system::system_error& error) {
    return base::fail(base::Code::bad_input,
                      "standard input is its control line and must be a pipe or a terminal: {}",
                      error.what());
  }
  auto starting = input->start();
  base::spawn(process.ports().executor, std::move(starting));
  auto serving = input->serve();
  base::spawn(process.ports().executor, std::move(serving));
  process.run([&input] { input->end(); });
  if (!input->outcome()) return input->outcome();
  // The till's loops wait for ever on what goes before them, so they are not unwound: the store is
  // closed, and the process ends here.
  std::_Exit(0);
}

}  // namespace tillrig::hosts
