#include "pos/ports/ports.hpp"

namespace tillrig::ports {

Awaitable<void> settle(const Ports& ports) {
  const Instant now = ports.clock.now();
  const Instant done = ports.disk.done_at(now);
  if (done > now) co_await ports.timer.sleep_until(done);
}

}  // namespace tillrig::ports
