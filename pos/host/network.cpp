#include "pos/host/network.hpp"

#include "pos/host/tcp_channel.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace tillrig::host {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

class TcpListener final : public ports::Listener {
 public:
  explicit TcpListener(tcp::acceptor acceptor)
      : acceptor_(std::make_shared<tcp::acceptor>(std::move(acceptor))),
        port_(acceptor_->local_endpoint().port()) {}
  ~TcpListener() override { close(); }

  base::Awaitable<base::Result<base::Channel>> accept() override { return accept_one(acceptor_); }
  [[nodiscard]] std::uint16_t port() const override { return port_; }
  void close() override {
    boost::system::error_code ignored;
    acceptor_->close(ignored);
  }

 private:
  static base::Awaitable<base::Result<base::Channel>> accept_one(
      std::shared_ptr<tcp::acceptor> acceptor) {
    boost::system::error_code error;
    tcp::socket socket(acceptor->get_executor());
    auto token = asio::redirect_error(asio::use_awaitable, error);
    co_await acceptor->async_accept(socket, token);
    if (error) co_return base::Failure(error_of(error, false, "accepting a connection"));
    socket.set_option(tcp::no_delay(true), error);
    co_return make_tcp_channel(std::move(socket));
  }

  std::shared_ptr<tcp::acceptor> acceptor_;
  std::uint16_t port_;
};

}  // namespace

base::Awaitable<base::Result<base::Channel>> TcpNetwork::connect(ports::Endpoint to,
                                                                 base::Instant deadline) {
  const std::string where = fmt::format("connecting to {}:{}", to.host, to.port);
  if (to.tls) co_return base::fail(base::Code::tls, "{}: TLS is not offered here", where);
  boost::system::error_code error;
  auto token = asio::redirect_error(asio::use_awaitable, error);
  tcp::socket socket(executor_);
  tcp::endpoint endpoint(asio::ip::make_address(to.host, error), to.port);
  if (error) {
    tcp::resolver resolver(executor_);
    const std::string service = std::to_string(to.port);
    auto found = co_await resolver.async_resolve(to.host, service, token);
    if (error) {
      co_return base::fail(base::Code::dns, "{}: the name did not resolve: {}", where,
                           error.message());
    }
    endpoint = found.begin()->endpoint();
  }
  socket.open(endpoint.protocol(), error);
  if (error) co_return base::Failure(error_of(error, false, where));
  DeadlineGuard guard(socket, deadline);
  co_await socket.async_connect(endpoint, token);
  if (error) co_return base::Failure(error_of(error, guard.passed(), where));
  socket.set_option(tcp::no_delay(true), error);
  co_return make_tcp_channel(std::move(socket));
}

base::Result<std::unique_ptr<ports::Listener>> TcpNetwork::listen(ports::Endpoint at) {
  const std::string where = fmt::format("listening at {}:{}", at.host, at.port);
  boost::system::error_code error;
  const auto address = asio::ip::make_address(at.host.empty() ? "127.0.0.1" : at.host, error);
  if (error) return base::fail(base::Code::bad_input, "{}: not an address", where);
  const tcp::endpoint endpoint(address, at.port);
  tcp::acceptor acceptor(executor_);
  acceptor.open(endpoint.protocol(), error);
  if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (error) return base::Failure(error_of(error, false, where));
  return std::make_unique<TcpListener>(std::move(acceptor));
}

}  // namespace tillrig::host
