#pragma once

#include "devices/port/tls_door.hpp"
#include "pos/ports/network.hpp"
#include "sim/hosts/capture.hpp"

#include <boost/asio/any_io_executor.hpp>

namespace tillrig::hosts {

// A network on which one can only listen, behind TLS, as somebody with a certificate.
class TlsNetwork final : public ports::Network {
 public:
  // `capture`: what goes over its connections, sealed as it is; null: nobody listens.
  TlsNetwork(boost::asio::any_io_executor executor, port::Identity identity, Capture* capture)
      : executor_(std::move(executor)), identity_(std::move(identity)), capture_(capture) {}

  base::Awaitable<base::Result<base::Channel>> connect(ports::Endpoint to,
                                                       base::Instant deadline) override;
  base::Result<std::unique_ptr<ports::Listener>> listen(ports::Endpoint at) override;

 private:
  boost::asio::any_io_executor executor_;
  port::Identity identity_;
  Capture* capture_;
};

// A terminal's certificate, made for a run that begins now, and its authority's: the names are
// those that tills of its make look for.
struct TerminalIdentity {
  port::Identity terminal;
  std::string authority;  // PEM
};
base::Result<TerminalIdentity> mint_terminal(std::int64_t now_s, const std::string& host);

}  // namespace tillrig::hosts
