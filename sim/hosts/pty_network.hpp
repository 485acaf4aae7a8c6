#pragma once

#include "devices/port/pty.hpp"
#include "pos/ports/clock.hpp"
#include "pos/ports/network.hpp"

#include <memory>

namespace tillrig::hosts {

// A pseudo terminal as a network on which one can only listen: whoever listens is connected to the
// line, and a moment after having left it is again, as with a cable that is plugged in again.
class PtyNetwork final : public ports::Network {
 public:
  PtyNetwork(std::unique_ptr<port::Pty> pty, ports::Timer& timer, const ports::Clock& clock)
      : pty_(std::move(pty)), timer_(timer), clock_(clock) {}

  base::Awaitable<base::Result<base::Channel>> connect(ports::Endpoint to,
                                                       base::Instant deadline) override;
  base::Result<std::unique_ptr<ports::Listener>> listen(ports::Endpoint at) override;

 private:
  class Plug;

  std::unique_ptr<port::Pty> pty_;
  ports::Timer& timer_;
  const ports::Clock& clock_;
};

}  // namespace tillrig::hosts
