#pragma once

#include "devices/port/certificate.hpp"
#include "pos/base/channel.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace tillrig::port {

// Whoever sees a connection as the wire does: what goes over it is sealed.
class Tap {
 public:
  virtual ~Tap() = default;
  virtual void sent(bool to_device, base::ByteView bytes) = 0;
  virtual void ended(bool by_device, bool reset) = 0;
};

// A device's TCP port behind TLS 1.2 or newer. Deadlines are not kept: a device waits for its till.
class TlsDoor {
 public:
  // Listens at an address ("127.0.0.1"), at any free port for 0. Errors: bad_input, exists.
  static base::Result<std::unique_ptr<TlsDoor>> open(const boost::asio::any_io_executor& executor,
                                                     const std::string& host, std::uint16_t port,
                                                     const Identity& identity);
  ~TlsDoor();
  TlsDoor(const TlsDoor&) = delete;
  TlsDoor& operator=(const TlsDoor&) = delete;

  // The next connection; its handshake is done with its first read, which fails with Code::tls when
  // the other end does not go along. Errors: closed.
  base::Awaitable<base::Result<base::Channel>> accept();
  [[nodiscard]] std::uint16_t port() const;
  void close();
  // Each connection from now on has one that this makes.
  void tap(std::function<std::shared_ptr<Tap>()> make);

 private:
  struct State;
  explicit TlsDoor(std::shared_ptr<State> state);

  std::shared_ptr<State> state_;
};

}  // namespace tillrig::port
