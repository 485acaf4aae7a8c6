#pragma once

#include "pos/base/channel.hpp"

#include <memory>
#include <string>

namespace tillrig::ports {

using base::Awaitable;
using base::Channel;
using base::Instant;
using base::Result;

// Where to connect: a name or address, and a port. tls asks for a handshake after the connect.
struct Endpoint {
  std::string host;
  std::uint16_t port = 0;
  bool tls = false;
};

class Listener {
 public:
  virtual ~Listener() = default;
  // The next connection. Errors: closed.
  virtual Awaitable<Result<Channel>> accept() = 0;
  // The port actually bound (asked for 0: any free one).
  [[nodiscard]] virtual std::uint16_t port() const = 0;
  virtual void close() = 0;
};

class Network {
 public:
  virtual ~Network() = default;
  // Errors: refused, unreachable, dns, tls, timeout (the deadline passed: nobody answered), reset.
  virtual Awaitable<Result<Channel>> connect(Endpoint to, Instant deadline) = 0;
  // Errors: exists (the port is taken), not_allowed.
  virtual Result<std::unique_ptr<Listener>> listen(Endpoint at) = 0;
};

}  // namespace tillrig::ports
