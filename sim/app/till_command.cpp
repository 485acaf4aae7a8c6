#include "pos/base/spawn.hpp"
#include "pos/till/control.hpp"
#include "pos/till/till.hpp"
#include "sim/app/commands.hpp"
#include "sim/app/exit_codes.hpp"
#include "sim/app/host_process.hpp"
#include "sim/app/mutant_names.hpp"
#include "sim/app/output_file.hpp"
#include "sim/app/say.hpp"
#include "sim/app/shop_file.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <unistd.h>

#include <cstdlib>
#include <memory>

namespace tillrig::app {
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
  [[nodiscard]] int exit_code() const { return exit_code_; }

 private:
  base::Awaitable<bool> read_more();
  base::Awaitable<void> carry_out(std::string line);
  base::Awaitable<void> close();

  HostProcess& process_;
  till::Till& till_;
  boost::asio::posix::stream_descriptor input_;
  std::string unread_;
  bool ended_ = false;
  int exit_code_ = kHeld;
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
    complain("tillrig till: " + started.error().what + "\n");
    exit_code_ = kBlocked;
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

base::Result<till::Config> configure(const TillOptions& options) {
  till::Config config;
  config.name = options.name;
  config.day = options.day;
  auto mutants = read_mutants(options.mutants);
  if (!mutants) return base::Failure(mutants.error());
  config.mutants = *mutants;
  const auto cloud = read_endpoint("--cloud", options.cloud);
  if (!cloud) return base::Failure(cloud.error());
  config.cloud.endpoint = *cloud;
  if (!options.scanner.empty()) {
    const auto scanner = read_endpoint("--scanner", options.scanner);
    if (!scanner) return base::Failure(scanner.error());
    config.scanner = *scanner;
  }
  if (!options.printer.empty()) {
    const auto printer = read_endpoint("--printer", options.printer);
    if (!printer) return base::Failure(printer.error());
    config.printer = *printer;
  }
  config.connectivity.heartbeat /= options.pace;
  config.connectivity.probe_timeout /= options.pace;
  auto shop = read_shop(options.fixture);
  if (!shop) return base::Failure(shop.error());
  config.currency = shop->currency;
  config.catalogue = std::move(shop->catalogue);
  config.shop = std::move(shop->text);
  if (auto made = make_folder(options.data); !made) return base::Failure(made.error());
  return config;
}

}  // namespace

int till(const TillOptions& options) {
  auto config = configure(options);
  if (!config) {
    complain("tillrig till: " + config.error().what + "\n");
    return kBadInput;
  }
  HostProcess process(options.data);
  LineScreen screen;
  till::Till till(process.ports(), *std::move(config), screen);
  std::unique_ptr<ControlLine> control;
  try {
    control = std::make_unique<ControlLine>(process, till, ::dup(STDIN_FILENO));
  } catch (const boost::system::system_error& error) {
    complain("tillrig till: standard input is its control line and must be a pipe or a terminal: " +
             std::string(error.what()) + "\n");
    return kBadInput;
  }
  auto serving = control->serve();
  base::spawn(process.ports().executor, std::move(serving));
  process.run([&control] { control->end(); });
  // The till's loops wait for ever on what goes before them, so they are not unwound: the store is
  // closed, and the process ends here.
  std::_Exit(control->exit_code());
}

}  // namespace tillrig::app
