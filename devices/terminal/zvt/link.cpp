#include "devices/terminal/zvt/link.hpp"

#include "devices/terminal/zvt/serial_link.hpp"
#include "devices/terminal/zvt/tcp_link.hpp"

namespace tillrig::terminal::zvt {

namespace {

constexpr std::size_t kMostNoise = 256;  // told at a time

}  // namespace

void Link::tell_noise(base::Bytes bytes, std::string_view why) {
  if (bytes.empty()) return;
  auto* const before = events_.empty() ? nullptr : std::get_if<Noise>(&events_.back());
  if (before != nullptr && before->why == why && before->bytes.size() < kMostNoise) {
    before->bytes += bytes;
  } else {
    events_.emplace_back(Noise{std::move(bytes), std::string(why)});
  }
}

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
