#pragma once

#include "pos/ports/ports.hpp"
#include "sim/kernel/executor.hpp"
#include "sim/kernel/kernel.hpp"
#include "sim/kernel/ports.hpp"
#include "sim/net/lan_switch.hpp"
#include "sim/net/link.hpp"
#include "sim/net/virtual_network.hpp"
#include "sim/world/recording.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <string>

namespace tillrig::world {

// What everybody in a simulated world shares: time, the network, and each till's line to the cloud.
struct VirtualWorld {
  VirtualWorld(std::uint64_t seed_, base::WallTime start_);

  net::Link& add_line(const std::string& till, net::Conditions conditions);
  // Where a till's line begins: the host that it takes for the cloud.
  static std::string line_host(const std::string& till) { return till + ".wan"; }

  kernel::Kernel kernel;
  std::uint64_t seed;
  base::WallTime start;
  kernel::Lane player;
  kernel::LaneClock clock;
  std::map<std::string, std::unique_ptr<net::Link>> lines;  // by the host where each begins
  net::LanSwitch lan;                                       // between the tills
  net::VirtualNetwork network;
};

// The ports of one lane of a simulated world: a process, a device or a line. Destroying it closes
// the lane; whatever ran there must still be alive then, and goes after.
class VirtualPorts {
 public:
  // `scope` names its random streams; `clock` is the machine's, the world's if left out.
  VirtualPorts(VirtualWorld& world, const std::string& host, const std::string& scope,
               Recording& recording, ports::Clock* clock = nullptr);
  ~VirtualPorts();
  VirtualPorts(const VirtualPorts&) = delete;
  VirtualPorts& operator=(const VirtualPorts&) = delete;

  [[nodiscard]] ports::Ports ports(ports::Disk& disk);
  [[nodiscard]] ports::Ports ports();  // with a disk that refuses everything
  [[nodiscard]] net::HostNetwork& network() { return *network_; }
  [[nodiscard]] kernel::Lane lane() const { return lane_; }

  // Its notes reach the recording no more, its bytes the network neither.
  void cut_off();
  // Unwinds every coroutine of the lane. Not from an event of the lane itself.
  void close_lane();

 private:
  class MutedRecorder;

  VirtualWorld& world_;
  kernel::Lane lane_;
  ports::Clock& clock_;
  kernel::LaneTimer timer_;
  kernel::NamedStreams entropy_;
  std::unique_ptr<net::HostNetwork> network_;
  std::unique_ptr<MutedRecorder> recorder_;
  bool closed_ = false;
};

}  // namespace tillrig::world
