#pragma once

#include "pos/ports/ports.hpp"
#include "sim/kernel/executor.hpp"
#include "sim/kernel/kernel.hpp"
#include "sim/kernel/ports.hpp"
#include "sim/net/virtual_network.hpp"
#include "sim/world/recording.hpp"

#include <cstdint>
#include <memory>
#include <string>

namespace tillrig::world {

// What everybody in a simulated world shares.
struct VirtualWorld {
  VirtualWorld(std::uint64_t seed_, base::WallTime start_)
      : network(kernel), seed(seed_), start(start_), player(kernel.open_lane("player")) {}

  kernel::Kernel kernel;
  net::VirtualNetwork network;
  std::uint64_t seed;
  base::WallTime start;
  kernel::Lane player;
};

// The ports of one lane of a simulated world: a process, a device or a line. Destroying it closes
// the lane; whatever ran there must still be alive then, and goes after.
class VirtualPorts {
 public:
  // `scope` names its random streams; `disk` may be null for what has none.
  VirtualPorts(VirtualWorld& world, const std::string& host, const std::string& scope,
               Recording& recording);
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
  kernel::LaneClock clock_;
  kernel::LaneTimer timer_;
  kernel::NamedStreams entropy_;
  std::unique_ptr<net::HostNetwork> network_;
  std::unique_ptr<MutedRecorder> recorder_;
  bool closed_ = false;
};

}  // namespace tillrig::world
