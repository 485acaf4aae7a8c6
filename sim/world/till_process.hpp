#pragma once

#include "pos/till/control_line.hpp"
#include "sim/disk/volume_disk.hpp"
#include "sim/world/virtual_ports.hpp"

#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace tillrig::world {

// One run of our till's program in virtual time, from start to kill or close: it hears lines and
// says lines, as the real one does on its standard input and output.
class TillProcess {
 public:
  struct Listener {
    std::function<void(std::string_view line)> said;
    std::function<void(base::Error why)> ended;  // by itself
    std::function<void()> port_call;             // one is about to take effect
  };

  TillProcess(VirtualWorld& world, const std::string& till, unsigned run, disk::Volume& volume,
              ports::Clock& clock, till::Config config, Recording& recording, Listener listener);
  ~TillProcess();

  void begin();
  void hear(std::string line);
  [[nodiscard]] kernel::Lane lane() const { return ports_.lane(); }
  // From this instant it can change nothing any more, whatever its code goes on to do. The object
  // is destroyed later, by an event that is not its own.
  void cut_off();

 private:
  static base::Awaitable<void> run(TillProcess* self);

  VirtualWorld& world_;
  VirtualPorts ports_;
  disk::VolumeDisk disk_;
  Listener listener_;
  std::unique_ptr<till::ControlLine> till_;
  bool cut_off_ = false;
};

}  // namespace tillrig::world
