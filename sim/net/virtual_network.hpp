#pragma once

#include "pos/ports/network.hpp"
#include "sim/kernel/kernel.hpp"
#include "sim/net/link.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace tillrig::net {

struct Switchboard;
struct Host;

// Hosts by name and streams between them, on a kernel's time. Bytes leave at the line's rate,
// first come first served over all connections of a Link, and arrive after its latency; a connect
// takes a round trip. What is written waits in a send buffer until it has left, so that slow and
// held lines push back. Held bytes are sent anew, in order, when the line carries again; if their
// sender closed meanwhile they are dropped and its peer is reset.
//
// The kernel outlives the network's channels; the links outlive the network.
class VirtualNetwork {
 public:
  // Which line a connection goes over; null: a perfect one, of no latency.
  using Route = std::function<Link*(const std::string& from, const std::string& to)>;

  static constexpr std::size_t kSendBuffer = 256 * 1024;  // written, not yet on the line
  static constexpr std::size_t kWindow = 1024 * 1024;     // written, not yet read by the peer
  static constexpr std::size_t kSegment = 16 * 1024;      // what leaves at a time on a slow line

  explicit VirtualNetwork(kernel::Kernel& kernel, Route route = {});
  ~VirtualNetwork();
  VirtualNetwork(const VirtualNetwork&) = delete;
  VirtualNetwork& operator=(const VirtualNetwork&) = delete;

  // Makes a name resolve although nobody of that name was started yet.
  void add_host(const std::string& name);

 private:
  friend class HostNetwork;
  std::shared_ptr<Switchboard> board_;
};

// One process's face to the network: its calls run and wake on its lane. Its host's name resolves
// from here on, also after its death.
class HostNetwork final : public ports::Network {
 public:
  HostNetwork(VirtualNetwork& network, std::string host, kernel::Lane lane);
  ~HostNetwork() override;

  ports::Awaitable<ports::Result<ports::Channel>> connect(ports::Endpoint to,
                                                          ports::Instant deadline) override;
  // At this host, whatever name `at` has.
  ports::Result<std::unique_ptr<ports::Listener>> listen(ports::Endpoint at) override;

  // Called before each connect ("connect", 0) and write ("send", bytes) of the process takes
  // effect. It may call cut_off().
  using Boundary = std::function<void(std::string_view what, std::size_t bytes)>;
  void on_boundary(Boundary hook);

  // Inert from now on: nothing leaves any more, and calls under way or begun later never come
  // back. For a process that is killed within its own call, until its lane can be closed.
  void cut_off();
  // The process was killed: its listeners are gone, each peer gets what was sent and then a reset,
  // one-way latency from now. Call it before closing the lane.
  void die();

 private:
  std::shared_ptr<Host> host_;
};

}  // namespace tillrig::net
