#pragma once

#include "devices/terminal/host.hpp"
#include "pos/base/time.hpp"

#include <cstdint>
#include <deque>

namespace tillrig::terminal {

class CardMachine;

// The terminal's own line to its acquirer: it may be down whoever stands behind it.
class HostLine final : public Host {
 public:
  // Who answers; both outlive the line's use.
  void connect(Host& host, CardMachine& machine) {
    host_ = &host;
    machine_ = &machine;
  }
  // Another one answers from now on.
  void use(Host& host) { host_ = &host; }

  void send(const HostRequest& request, base::Instant now) override;
  // An answer on its way to the machine; lost while the line is down.
  void answered(const HostAnswer& answer, base::Instant now);
  void set_down(bool down) { down_ = down; }
  [[nodiscard]] bool down() const { return down_; }
  // Messages that did not come through.
  [[nodiscard]] std::uint64_t missed() const { return missed_; }

  void poll(base::Instant now);
  [[nodiscard]] base::Instant poll_at() const {
    return refused_.empty() ? base::Instant::never() : refused_at_;
  }

 private:
  Host* host_ = nullptr;
  CardMachine* machine_ = nullptr;
  bool down_ = false;
  std::uint64_t missed_ = 0;
  std::deque<std::uint64_t> refused_;  // not sent: told as soon as time is asked after
  base::Instant refused_at_;
};

}  // namespace tillrig::terminal
