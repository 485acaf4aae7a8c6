#include "pos/till/devices/terminal_line.hpp"

#include "devices/terminal/nexo/driver.hpp"
#include "devices/terminal/zvt/driver.hpp"
#include "pos/base/spawn.hpp"

#include <fmt/format.h>

#include <charconv>
#include <string>
#include <utility>

namespace tillrig::till {
namespace {

using base::Instant;

constexpr base::Duration kWriteTerminalWithin = std::chrono::seconds(5);

}  // namespace

// One connection to the terminal, shared by its writer and its reader.
struct TerminalLine::Connection {
  base::Channel channel;
  bool open = true;
};

TerminalLine::TerminalLine(const ports::Ports& ports, ports::Endpoint at, DeviceHost& host,
                           std::unique_ptr<terminal::TerminalDriver> driver)
    : ports_(ports),
      at_(std::move(at)),
      host_(host),
      driver_(std::move(driver)),
      work_(ports.make_alarm()) {}

Result<void> TerminalLine::begun(Result<void> question) {
  work_->ring();
  return question;
}

Result<void> TerminalLine::pay(const terminal::Charge& charge) {
  return begun(driver_->pay(charge, ports_.clock.now()));
}

Result<void> TerminalLine::ask(const terminal::Charge& charge) {
  return begun(driver_->ask(charge, ports_.clock.now()));
}

Result<void> TerminalLine::abort() {
  return begun(driver_->abort(ports_.clock.now()));
}

Result<void> TerminalLine::reverse(const terminal::Charge& charge, const terminal::CardSlip& slip) {
  return begun(driver_->reverse(charge, slip, ports_.clock.now()));
}

void TerminalLine::renew() {
  if (!current_) return;
  current_->open = false;
  current_->channel->close();
  work_->ring();
}

void TerminalLine::set_up(bool up) {
  up_ = up;
  host_.terminal_line(up);
}

void TerminalLine::hand_on(Connection& connection) {
  for (const terminal::TerminalEvent& event : driver_->take_events()) {
    if (std::holds_alternative<terminal::HangUp>(event)) connection.open = false;
    host_.terminal_said(event);
  }
}

base::Awaitable<void> TerminalLine::run() {
  for (;;) {
    const Instant give_up = ports_.clock.now() + kConnectTimeout;
    auto connected = co_await ports_.network.connect(at_, give_up);
    if (connected) {
      auto connection = std::make_shared<Connection>();
      connection->channel = std::move(*connected);
      current_ = connection;
      driver_->line_up(ports_.clock.now());
      set_up(true);
      auto reading = read(connection);
      base::spawn(ports_.executor, std::move(reading));
      co_await write(connection);
      current_.reset();
      connection->open = false;
      connection->channel->close();
      driver_->line_down(ports_.clock.now());
      hand_on(*connection);
      set_up(false);
    }
    const Instant again = ports_.clock.now() + kReconnectPause;
    co_await ports_.timer.sleep_until(again);
  }
}

base::Awaitable<void> TerminalLine::write(std::shared_ptr<Connection> connection) {
  while (connection->open) {
    if (ports_.clock.now() >= driver_->poll_at()) driver_->poll(ports_.clock.now());
    hand_on(*connection);
    base::Bytes out = driver_->take_bytes();
    if (!out.empty()) {
      const Instant deadline = ports_.clock.now() + kWriteTerminalWithin;
      auto written = co_await connection->channel->write(std::move(out), deadline);
      if (!written) co_return;
      continue;
    }
    if (!connection->open) co_return;
    const Instant next = driver_->poll_at();
    co_await work_->sleep_until(next);
  }
}

base::Awaitable<void> TerminalLine::read(std::shared_ptr<Connection> connection) {
  while (connection->open) {
    const Instant for_ever = Instant::never();
    auto bytes = co_await connection->channel->read(kDeviceReadBytes, for_ever);
    if (!bytes || bytes->empty()) break;
    if (!connection->open) co_return;
    driver_->feed(*bytes, ports_.clock.now());
    work_->ring();
  }
  connection->open = false;
  work_->ring();
}

namespace terminal_line {
namespace {

std::string setting(const DeviceSettings& settings, std::string_view called) {
  const auto found = settings.find(called);
  return found == settings.end() ? std::string() : found->second;
}

std::unique_ptr<terminal::TerminalDriver> nexo_driver(const ports::Endpoint& at,
                                                      const DeviceSettings& settings) {
  terminal::nexo::DriverOptions options;
  options.sale_id = setting(settings, "till");
  options.host = fmt::format("{}:{}", at.host, at.port);
  options.poi_id = setting(settings, "poi");
  if (const std::string passphrase = setting(settings, "passphrase"); !passphrase.empty()) {
    terminal::nexo::Key& key = options.key.emplace();
    key.identifier = setting(settings, "key_id");
    key.passphrase = passphrase;
    const std::string version = setting(settings, "key_version");
    std::from_chars(version.data(), version.data() + version.size(), key.version);
  }
  return std::make_unique<terminal::nexo::NexoDriver>(std::move(options));
}

std::unique_ptr<terminal::TerminalDriver> zvt_driver(const DeviceSettings& settings) {
  terminal::zvt::DriverOptions options;
  if (std::string currency = setting(settings, "currency"); !currency.empty()) {
    options.currency = std::move(currency);
  }
  return std::make_unique<terminal::zvt::Driver>(std::move(options));
}

}  // namespace

std::unique_ptr<DeviceLine> attach(const ports::Ports& ports, ports::Endpoint at, DeviceHost& host,
                                   const DeviceSettings& settings) {
  const bool nexo = setting(settings, "protocol") == "nexo";
  auto driver = nexo ? nexo_driver(at, settings) : zvt_driver(settings);
  return std::make_unique<TerminalLine>(ports, std::move(at), host, std::move(driver));
}

const DeviceRole kRow{"terminal", attach};

}  // namespace terminal_line

}  // namespace tillrig::till
