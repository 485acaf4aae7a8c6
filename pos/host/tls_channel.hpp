#pragma once

#include "pos/base/channel.hpp"
#include "pos/base/result.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <memory>
#include <string>

namespace tillrig::host {

// Whom this machine believes when others say who they are: the system's authorities, or those of a
// PEM text.
class TlsTrust {
 public:
  // The system's.
  TlsTrust();
  // Errors: bad_input, when the text holds no certificate.
  static base::Result<TlsTrust> of(const std::string& authorities);

  struct State;
  [[nodiscard]] const std::shared_ptr<State>& state() const { return state_; }

 private:
  std::shared_ptr<State> state_;
};

// A TLS 1.2 or newer connection over a connected socket, to whoever `host` is. Errors: tls, with
// why its certificate is not believed; timeout, reset.
base::Awaitable<base::Result<base::Channel>> make_tls_channel(boost::asio::ip::tcp::socket socket,
                                                              TlsTrust trust, std::string host,
                                                              base::Instant deadline);

}  // namespace tillrig::host
