#pragma once

#include "pos/till/command.hpp"
#include "sim/net/link.hpp"
#include "sim/net/relay.hpp"
#include "sim/world/child_process.hpp"
#include "sim/world/device_posts.hpp"
#include "sim/world/recording.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace tillrig::world {

// A real till process with what outlives it: its line through our proxy and its devices at our
// ports.
class LiveTill {
 public:
  LiveTill(const ports::Ports& ports, std::string name, Recording& recording);
  ~LiveTill();

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] net::Link& link() { return link_; }
  [[nodiscard]] ScannerPost& scanner() { return scanner_; }
  [[nodiscard]] PrinterPost& printer() { return printer_; }
  [[nodiscard]] bool running() const { return process_ != nullptr; }

  // Takes the ports of proxy and devices.
  base::Result<void> open(std::uint16_t cloud_port);
  // argv without the addresses, which are added here. Returns when the till shows its first page or
  // a prompt.
  base::Awaitable<base::Result<void>> start(std::vector<std::string> argv);
  base::Awaitable<base::Result<till::Answer>> ask(till::Command command);
  void kill();
  void stop();  // after the till closed itself

 private:
  struct Waiting {
    std::unique_ptr<ports::Alarm> alarm;
    std::optional<base::Result<till::Answer>> answer;
  };

  static base::Awaitable<void> read_output(LiveTill* self, std::shared_ptr<ChildProcess> process);
  void heard(const std::string& line);
  void forget_process();

  const ports::Ports& ports_;
  std::string name_;
  Recording& recording_;
  std::unique_ptr<ports::Recorder> recorder_;
  net::Link link_;
  std::unique_ptr<net::Relay> relay_;
  ScannerPost scanner_;
  PrinterPost printer_;
  std::uint16_t scanner_port_ = 0;
  std::uint16_t printer_port_ = 0;
  std::shared_ptr<ChildProcess> process_;
  std::map<std::int64_t, std::shared_ptr<Waiting>> waiting_;
  std::int64_t last_id_ = 0;
  bool first_page_ = false;
};

}  // namespace tillrig::world
