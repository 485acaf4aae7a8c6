#pragma once

#include "devices/printer/driver.hpp"
#include "pos/till/devices/device_line.hpp"

#include <map>
#include <memory>
#include <string>

namespace tillrig::till {

// The receipt printer at the till: writes jobs, asks for proof, says on the screen what keeps it
// from printing. A job whose proof never came is not sent again: it may stand on the paper.
class PrinterLine final : public DeviceLine {
 public:
  PrinterLine(const ports::Ports& ports, ports::Endpoint at, DeviceHost& host);

  base::Awaitable<void> run() override;
  void print(const Receipt& receipt) override { (void)queue(receipt); }
  printer::JobId queue(const Receipt& receipt);

 private:
  struct Connection;
  [[nodiscard]] bool left_alone() const;
  base::Awaitable<void> write_jobs(std::shared_ptr<Connection> connection);
  base::Awaitable<void> read_answers(std::shared_ptr<Connection> connection);
  void say(const printer::PrinterStatus& status);
  void printed(const printer::JobId& job);

  const ports::Ports& ports_;
  ports::Endpoint at_;
  DeviceHost& host_;
  printer::PrinterDriver driver_;
  std::map<printer::JobId, std::string> documents_;  // of the jobs that are not proved yet
  std::unique_ptr<ports::Alarm> work_;
};

}  // namespace tillrig::till
