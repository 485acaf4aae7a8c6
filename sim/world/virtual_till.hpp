#pragma once

#include "pos/till/till.hpp"
#include "sim/disk/volume_disk.hpp"
#include "sim/kernel/executor.hpp"
#include "sim/kernel/ports.hpp"
#include "sim/net/link.hpp"
#include "sim/net/relay.hpp"
#include "sim/net/virtual_network.hpp"
#include "sim/world/boundary.hpp"
#include "sim/world/device_posts.hpp"
#include "sim/world/recording.hpp"
#include "sim/world/setup.hpp"
#include "sim/world/virtual_ports.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace tillrig::world {

// A command on its way to a till and back. The till may die before it answers.
struct Call {
  explicit Call(std::unique_ptr<ports::Alarm> alarm_) : alarm(std::move(alarm_)) {}

  void finish(base::Result<till::Answer> with) {
    if (answer) return;
    answer.emplace(std::move(with));
    alarm->ring();
  }

  std::unique_ptr<ports::Alarm> alarm;  // of whoever waits
  std::optional<base::Result<till::Answer>> answer;
};

// One run of the till's app, from start to kill or close.
class TillProcess {
 public:
  TillProcess(VirtualWorld& world, const std::string& till, unsigned run, disk::Volume& volume,
              till::Config config, Recording& recording);
  ~TillProcess();

  // From this instant it can change nothing any more, whatever its code goes on to do. The object
  // is destroyed later, by an event that is not its own.
  void cut_off();
  [[nodiscard]] bool is_cut_off() const { return cut_off_; }

  void begin(std::shared_ptr<Call> call);  // start()
  void command(till::Command command, std::shared_ptr<Call> call);

  std::function<void()> before_port_call;

 private:
  class MutedScreen;

  static base::Awaitable<void> carry_start(till::Till& till, std::shared_ptr<Call> call);
  static base::Awaitable<void> carry(till::Till& till, till::Command command,
                                     std::shared_ptr<Call> call);
  std::shared_ptr<Call> keep(std::shared_ptr<Call> call);

  VirtualWorld& world_;
  VirtualPorts ports_;
  disk::VolumeDisk disk_;
  std::unique_ptr<MutedScreen> screen_;
  std::unique_ptr<till::Till> till_;
  std::vector<std::weak_ptr<Call>> calls_;
  bool cut_off_ = false;
};

// A till with all that outlives its app: disk, line, devices.
class VirtualTill {
 public:
  VirtualTill(VirtualWorld& world, std::string name, const Setup& setup, Recording& recording);
  ~VirtualTill();

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] disk::Volume& volume() { return volume_; }
  [[nodiscard]] net::Link& link() { return link_; }
  [[nodiscard]] ScannerPost& scanner() { return *scanner_; }
  [[nodiscard]] PrinterPost& printer() { return *printer_; }
  [[nodiscard]] PortCalls& calls() { return calls_; }
  [[nodiscard]] TillProcess* process() { return process_.get(); }

  // Puts the relay and the devices in place.
  base::Result<void> open();
  TillProcess& start_process();
  // Cuts the app off and hands the remains over, to be destroyed by another lane's event.
  std::unique_ptr<TillProcess> kill_process();

  std::function<void()> die;  // told when a port call is the one to die before

 private:
  VirtualWorld& world_;
  std::string name_;
  const Setup& setup_;
  Recording& recording_;
  disk::Volume volume_;
  net::Link& link_;
  VirtualPorts line_ports_;
  VirtualPorts device_ports_;
  ports::Ports relay_ports_;
  std::unique_ptr<net::Relay> relay_;
  std::unique_ptr<ScannerPost> scanner_;
  std::unique_ptr<PrinterPost> printer_;
  PortCalls calls_;
  std::unique_ptr<TillProcess> process_;
  unsigned runs_ = 0;
};

}  // namespace tillrig::world
