#pragma once

#include "sim/kernel/kernel.hpp"
#include "sim/kernel/ports.hpp"
#include "sim/net/connection.hpp"
#include "sim/net/virtual_network.hpp"

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>

namespace tillrig::net {

// Streams that have not been taken by accept() wait here.
struct Reception {
  Host* host = nullptr;  // whose it is; null once closed
  std::uint16_t port = 0;
  std::deque<std::shared_ptr<Connection>> waiting;
  std::unique_ptr<ports::Alarm> alarm;
};

// What all connections over one Link share. A null link is a perfect line.
struct Line {
  Link* link = nullptr;
  Instant busy[2] = {};  // until when each side is sending
  std::uint64_t watch = 0;
  std::map<std::uint64_t, std::weak_ptr<Connection>> live;  // by number

  [[nodiscard]] Duration latency() const { return link ? link->latency() : Duration{}; }
};

// A process on the network, and what it has open.
struct Host : std::enable_shared_from_this<Host> {
  Host(std::shared_ptr<Switchboard> b, std::string n, kernel::Lane l);

  // Tells the process's observer, who may cut it off.
  void boundary(std::string_view what, std::size_t bytes) const {
    if (on_boundary && !cut) on_boundary(what, bytes);
  }

  std::shared_ptr<Switchboard> board;
  std::string name;
  kernel::Lane lane;
  kernel::LaneTimer timer;
  HostNetwork::Boundary on_boundary;
  bool cut = false;
  bool dead = false;
  std::map<std::uint64_t, std::weak_ptr<Connection>> open;  // by number
  std::map<std::uint16_t, std::weak_ptr<Reception>> receptions;
};

// The insides of a VirtualNetwork, shared with everything on it, since channels may outlive it.
struct Switchboard {
  Switchboard(kernel::Kernel& k, VirtualNetwork::Route r)
      : kernel(k), lane(k.open_lane("network")), route(std::move(r)) {}

  // The line between two hosts; made on first use.
  Line& line(const std::string& from, const std::string& to);

  kernel::Kernel& kernel;
  kernel::Lane lane;  // on which bytes arrive
  VirtualNetwork::Route route;
  bool gone = false;  // the network was taken away: nothing moves any more
  std::set<std::string> names;
  std::map<std::pair<std::string, std::uint16_t>, std::weak_ptr<Reception>> receptions;
  std::map<Link*, Line> lines;  // never walked but to take leave
  std::uint64_t connections = 0;
};

inline Host::Host(std::shared_ptr<Switchboard> b, std::string n, kernel::Lane l)
    : board(std::move(b)), name(std::move(n)), lane(l), timer(board->kernel, l) {}

// HostNetwork::connect for a host that may outlive its face.
ports::Awaitable<ports::Result<ports::Channel>> dial(std::shared_ptr<Host> host, ports::Endpoint to,
                                                     Instant deadline);

}  // namespace tillrig::net
