#pragma once

#include "pos/ports/ports.hpp"
#include "sim/net/link.hpp"
#include "sim/net/tap.hpp"

#include <cstdint>
#include <memory>

namespace tillrig::net {

// A proxy between one till and the cloud, on ports only: the same code on a virtual and on a real
// network. It reads whole HTTP messages, asks the Link what becomes of each, and hands them on
// rebuilt (same method, target, fields in order and body; Content-Length and Connection written
// anew). A cloud that cannot be reached is a 502 in plain text, as a load balancer would say; a
// cloud that goes away within an exchange ends the till's connection the same way.
class Relay {
 public:
  struct Settings {
    ports::Endpoint listen_at;
    ports::Endpoint upstream;
    // Do the faults of connections here too: for real sockets, where no virtual network does them.
    // refuse, down and dns close the listener; silence accepts and forwards nothing; reset and tls
    // accept and cut off. What makes a line worse keeps whole messages back.
    bool connect_faults = false;
  };

  // Ports, link and tap outlive the relay; the executor may run its last steps after it is gone.
  Relay(const ports::Ports& ports, Settings settings, Link& link, Tap& tap);
  ~Relay();  // stops
  Relay(const Relay&) = delete;
  Relay& operator=(const Relay&) = delete;

  // Listens and serves from now on. Errors: as Network::listen.
  base::Result<void> start();
  // The port that tills connect to; known after start().
  [[nodiscard]] std::uint16_t port() const;
  // Ends all connections and tells the tap of the exchanges that were open.
  void stop();

  struct State;  // for its coroutines

 private:
  std::shared_ptr<State> state_;
};

}  // namespace tillrig::net
