#pragma once

#include "pos/host/tls_channel.hpp"
#include "pos/ports/network.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <optional>
#include <utility>

namespace tillrig::host {

// Whether only this machine reaches what listens there.
bool is_loopback(const ports::Endpoint& at);

// TCP on this machine, with TLS where an endpoint asks for it. Names are resolved by the system.
class TcpNetwork final : public ports::Network {
 public:
  explicit TcpNetwork(boost::asio::any_io_executor executor) : executor_(std::move(executor)) {}
  // Whom to believe from now on; until then the system's authorities.
  void trust(TlsTrust trust) { trust_ = std::move(trust); }
  base::Awaitable<base::Result<base::Channel>> connect(ports::Endpoint to,
                                                       base::Instant deadline) override;
  base::Result<std::unique_ptr<ports::Listener>> listen(ports::Endpoint at) override;

 private:
  boost::asio::any_io_executor executor_;
  std::optional<TlsTrust> trust_;  // nothing: nobody has asked for TLS yet
};

}  // namespace tillrig::host
