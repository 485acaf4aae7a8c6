#include "pos/till/devices/terminal_line.hpp"

#include "devices/terminal/zvt/driver.hpp"
#include "pos/base/spawn.hpp"

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

std::unique_ptr<DeviceLine> attach(const ports::Ports& ports, ports::Endpoint at, DeviceHost& host,
                                   const DeviceSettings& settings) {
  terminal::zvt::DriverOptions options;
  const auto currency = settings.find("currency");
  if (currency != settings.end()) options.currency = currency->second;
  return std::make_unique<TerminalLine>(
      ports, std::move(at), host, std::make_unique<terminal::zvt::Driver>(std::move(options)));
}

const DeviceRole kRow{"terminal", attach};

}  // namespace terminal_line

}  // namespace tillrig::till
