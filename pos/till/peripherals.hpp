#pragma once

#include "devices/printer/driver.hpp"
#include "devices/scanner/driver.hpp"
#include "pos/ports/ports.hpp"

#include <functional>
#include <memory>
#include <string>

namespace tillrig::till {

// The scanner at the till: keeps the connection, hands codes on. Runs until the process ends.
class ScannerLine {
 public:
  struct Listener {
    std::function<void(const scanner::Scan&)> scan;
    std::function<void(const scanner::Reject&)> reject;
  };

  ScannerLine(const ports::Ports& ports, ports::Endpoint at, Listener listener);
  base::Awaitable<void> run();

 private:
  void hand_on(const scanner::Reading& reading);

  const ports::Ports& ports_;
  ports::Endpoint at_;
  Listener listener_;
  scanner::ScannerDriver driver_;
};

// The receipt printer at the till: keeps the connection, writes jobs, asks for proof. A job whose
// proof never came is not sent again: it may stand on the paper.
class PrinterLine {
 public:
  struct Listener {
    std::function<void(const printer::PrinterStatus&)> status;
    std::function<void(printer::JobId)> done;
    std::function<void(printer::JobId)> in_doubt;  // the connection went while it was being printed
  };

  PrinterLine(const ports::Ports& ports, ports::Endpoint at, Listener listener);
  printer::JobId print(base::Bytes job);
  base::Awaitable<void> run();

 private:
  struct Connection;
  [[nodiscard]] bool left_alone() const;
  base::Awaitable<void> write_jobs(std::shared_ptr<Connection> connection);
  base::Awaitable<void> read_answers(std::shared_ptr<Connection> connection);

  const ports::Ports& ports_;
  ports::Endpoint at_;
  Listener listener_;
  printer::PrinterDriver driver_;
  std::unique_ptr<ports::Alarm> work_;
};

}  // namespace tillrig::till
