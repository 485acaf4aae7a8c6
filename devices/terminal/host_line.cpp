#include "devices/terminal/host_line.hpp"

#include "devices/terminal/machine.hpp"

#include <utility>

namespace tillrig::terminal {

void HostLine::send(const HostRequest& request, base::Instant now) {
  if (!down_) {
    host_->send(request, now);
    return;
  }
  ++missed_;
  refused_.push_back(request.id);
  refused_at_ = now;
}

void HostLine::answered(const HostAnswer& answer, base::Instant now) {
  if (down_) {
    ++missed_;
  } else {
    machine_->answered(answer, now);
  }
}

void HostLine::poll(base::Instant now) {
  for (const std::uint64_t id : std::exchange(refused_, {})) {
    machine_->answered({id, Verdict::unknown, Reason::no_host, {}, {}, {}}, now);
  }
}

}  // namespace tillrig::terminal
