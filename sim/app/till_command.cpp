#include "pos/base/spawn.hpp"
#include "pos/till/control_line.hpp"
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

// Standard input as the till's control line, until `close`, the end of the input, or end().
class Input {
 public:
  Input(HostProcess& process, till::ControlLine& line, int descriptor)
      : process_(process), line_(line), input_(process.io(), descriptor) {
    line_.on_closed = [this] { process_.stop(); };
  }

  // Starts the till and hands on what comes.
  base::Awaitable<void> serve();
  // As the end of the input.
  void end() {
    boost::system::error_code ignored;
    input_.cancel(ignored);
    ended_ = true;
  }
  [[nodiscard]] int exit_code() const { return exit_code_; }

 private:
  HostProcess& process_;
  till::ControlLine& line_;
  boost::asio::posix::stream_descriptor input_;
  bool ended_ = false;
  int exit_code_ = kHeld;
};

base::Awaitable<void> Input::serve() {
  auto started = co_await line_.start();
  if (!started) {
    complain("tillrig till: " + started.error().what + "\n");
    exit_code_ = kBlocked;
    process_.stop();
    co_return;
  }
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
  if (!closed) complain("tillrig till: " + closed.error().what + "\n");
  process_.stop();
}

// Errors: bad_input, not_found.
base::Result<void> attach(std::string_view device, till::Config& config) {
  const std::size_t equals = device.find('=');
  if (equals == std::string_view::npos) {
    return base::fail(base::Code::bad_input,
                      "--device is \"{}\"; expected ROLE=HOST:PORT, as in scanner=127.0.0.1:4001",
                      device);
  }
  const auto role = till::find_device_role(device.substr(0, equals));
  if (!role) return base::within("--device", role.error());
  const auto at = read_endpoint("--device", device.substr(equals + 1));
  if (!at) return base::Failure(at.error());
  config.devices.insert_or_assign(std::string((*role)->role), *at);
  return {};
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
  config.cloud = *cloud;
  for (const std::string& device : options.devices) {
    if (auto attached = attach(device, config); !attached) return base::Failure(attached.error());
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
  till::ControlLine line(process.ports(), *std::move(config),
                         [](std::string_view said) { HostProcess::say(said); });
  std::unique_ptr<Input> input;
  try {
    input = std::make_unique<Input>(process, line, ::dup(STDIN_FILENO));
  } catch (const boost::system::system_error& error) {
    complain("tillrig till: standard input is its control line and must be a pipe or a terminal: " +
             std::string(error.what()) + "\n");
    return kBadInput;
  }
  auto serving = input->serve();
  base::spawn(process.ports().executor, std::move(serving));
  process.run([&input] { input->end(); });
  // The till's loops wait for ever on what goes before them, so they are not unwound: the store is
  // closed, and the process ends here.
  std::_Exit(input->exit_code());
}

}  // namespace tillrig::app
