#pragma once

#include "devices/terminal/driver.hpp"
#include "pos/till/devices/device_line.hpp"

#include <memory>
#include <string>

namespace tillrig::till {

// The card terminal at the till: carries what its driver writes and reads, and tells the till what
// it says. Decides nothing.
class TerminalLine final : public DeviceLine {
 public:
  TerminalLine(const ports::Ports& ports, ports::Endpoint at, DeviceHost& host,
               std::unique_ptr<terminal::TerminalDriver> driver);

  base::Awaitable<void> run() override;
  TerminalLine* terminal() override { return this; }

  // As those of the driver, now.
  Result<void> pay(const terminal::Charge& charge);
  Result<void> ask(const terminal::Charge& charge);
  Result<void> abort();
  Result<void> reverse(const terminal::Charge& charge, const terminal::CardSlip& slip);
  // Gives up this connection, and with it whatever is in flight, and connects anew: what the
  // terminal has not got over the old one it never gets.
  void renew();
  [[nodiscard]] std::string in_flight() const { return driver_->in_flight(); }
  [[nodiscard]] bool up() const { return up_; }
  [[nodiscard]] std::string bookmark() const { return driver_->bookmark(); }
  // It can be asked something.
  [[nodiscard]] bool idle() const { return up_ && driver_->in_flight().empty(); }
  [[nodiscard]] bool ready() const { return up_ && driver_->ready(); }

 private:
  struct Connection;
  base::Awaitable<void> write(std::shared_ptr<Connection> connection);
  base::Awaitable<void> read(std::shared_ptr<Connection> connection);
  void hand_on(Connection& connection);
  Result<void> begun(Result<void> question);
  void set_up(bool up);

  const ports::Ports& ports_;
  ports::Endpoint at_;
  DeviceHost& host_;
  std::unique_ptr<terminal::TerminalDriver> driver_;
  std::unique_ptr<ports::Alarm> work_;
  std::shared_ptr<Connection> current_;
  bool up_ = false;
};

}  // namespace tillrig::till
