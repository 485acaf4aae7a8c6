#pragma once

#include "devices/printer/simulated.hpp"
#include "devices/scanner/simulated.hpp"
#include "pos/ports/ports.hpp"
#include "sim/words/fault.hpp"
#include "sim/world/recording.hpp"

#include <deque>
#include <memory>
#include <string>

namespace tillrig::world {

// A simulated device standing at an address, for whichever till connects: the same on virtual lines
// and on real sockets. One connection at a time; a new one takes the place of the old.

class ScannerPost final : public words::Target {
 public:
  ScannerPost(ports::Ports ports, ports::Endpoint at);

  // Listens; after this the address is taken. Errors: exists.
  base::Result<std::uint16_t> open();
  base::Awaitable<void> serve();
  // Reads a code: its bytes go down the line as soon as a till is connected.
  void scan(std::string_view code);

 private:
  base::Awaitable<void> write_out();

  ports::Ports ports_;
  ports::Endpoint at_;
  std::unique_ptr<ports::Listener> listener_;
  std::shared_ptr<base::ByteChannel> channel_;  // whoever waits on it keeps it alive
  scanner::SimulatedScanner scanner_{scanner::Frame{}};
  std::deque<base::Bytes> out_;
  std::unique_ptr<ports::Alarm> work_;
};

class PrinterPost final : public words::Target {
 public:
  PrinterPost(ports::Ports ports, ports::Endpoint at, std::string till, Recording& recording);

  base::Result<std::uint16_t> open();
  base::Awaitable<void> serve();

  [[nodiscard]] std::string_view whose() const override { return till_; }
  [[nodiscard]] printer::SimulatedPrinter& printer() { return printer_; }
  [[nodiscard]] base::Instant now() const { return ports_.clock.now(); }
  // Sends what the printer says of its own accord (a cover opened, paper put in).
  void say(base::Bytes reply);
  // Puts receipts that were cut since the last call on the tapes.
  void collect();

 private:
  base::Awaitable<void> write_out();

  ports::Ports ports_;
  ports::Endpoint at_;
  std::string till_;
  Recording& recording_;
  std::unique_ptr<ports::Listener> listener_;
  std::shared_ptr<base::ByteChannel> channel_;  // whoever waits on it keeps it alive
  printer::SimulatedPrinter printer_;
  std::size_t collected_ = 0;
  base::Bytes out_;
  std::unique_ptr<ports::Alarm> work_;
};

}  // namespace tillrig::world
