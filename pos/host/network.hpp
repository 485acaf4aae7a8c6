#pragma once

#include "pos/ports/network.hpp"

#include <boost/asio/any_io_executor.hpp>

namespace tillrig::host {

// Whether only this machine reaches what listens there.
bool is_loopback(const ports::Endpoint& at);

// TCP on this machine. Names are resolved by the system; TLS is not offered yet, and an endpoint
// that asks for it is refused with Code::tls.
class TcpNetwork final : public ports::Network {
 public:
  explicit TcpNetwork(boost::asio::any_io_executor executor) : executor_(std::move(executor)) {}
  base::Awaitable<base::Result<base::Channel>> connect(ports::Endpoint to,
                                                       base::Instant deadline) override;
  base::Result<std::unique_ptr<ports::Listener>> listen(ports::Endpoint at) override;

 private:
  boost::asio::any_io_executor executor_;
};

}  // namespace tillrig::host
