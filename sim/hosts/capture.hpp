#pragma once

#include "pos/ports/clock.hpp"
#include "pos/ports/network.hpp"
#include "sim/trace/pcapng.hpp"

#include <fstream>
#include <memory>
#include <optional>
#include <string>

namespace tillrig::hosts {

// A file in which everything stands that goes over a device's connections, for tshark.
class Capture {
 public:
  // Errors: io, when the file cannot be written.
  static base::Result<std::unique_ptr<Capture>> open(const std::string& path,
                                                     const ports::Clock& clock,
                                                     std::string_view name, std::uint16_t port);

  int connected();
  void sent(int connection, bool to_device, base::ByteView bytes);
  void ended(int connection, bool by_device, bool reset);

 private:
  Capture(std::ofstream file, const ports::Clock& clock) : file_(std::move(file)), clock_(clock) {}
  [[nodiscard]] std::int64_t now() const { return clock_.wall().ms * 1'000'000; }

  std::ofstream file_;
  const ports::Clock& clock_;
  std::optional<trace::Pcapng> packets_;
};

// Whoever listens here is listened to.
class CapturedNetwork final : public ports::Network {
 public:
  CapturedNetwork(ports::Network& network, Capture& capture)
      : network_(network), capture_(capture) {}

  base::Awaitable<base::Result<base::Channel>> connect(ports::Endpoint to,
                                                       base::Instant deadline) override {
    return network_.connect(std::move(to), deadline);
  }
  base::Result<std::unique_ptr<ports::Listener>> listen(ports::Endpoint at) override;

 private:
  ports::Network& network_;
  Capture& capture_;
};

}  // namespace tillrig::hosts
