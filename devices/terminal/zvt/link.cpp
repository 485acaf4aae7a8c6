#include "devices/terminal/zvt/link.hpp"

#include "devices/terminal/zvt/serial_link.hpp"
#include "devices/terminal/zvt/tcp_link.hpp"

namespace tillrig::terminal::zvt {

base::Bytes Link::take_bytes() {
  return std::exchange(out_, {});
}

std::vector<LinkEvent> Link::take_events() {
  return std::exchange(events_, {});
}

std::unique_ptr<Link> make_link(Framing framing, const Timers& timers) {
  if (framing == Framing::serial) return std::make_unique<SerialLink>(timers);
  return std::make_unique<TcpLink>(timers);
}

}  // namespace tillrig::terminal::zvt
