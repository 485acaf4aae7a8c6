#include "pos/host/network.hpp"

#include "pos/host/clock.hpp"
#include "pos/host/tcp_channel.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <vector>

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

// A lookup under way. The system's cannot be called off, so it may outlive whoever asked.
struct Lookup {
  explicit Lookup(const asio::any_io_executor& executor) : resolver(executor), answered(executor) {}
  tcp::resolver resolver;
  asio::steady_timer answered;  // cancelled when the answer is here
  std::vector<tcp::endpoint> endpoints;
  boost::system::error_code error = asio::error::timed_out;
};

// What a host says without asking anybody: an address, or localhost, which is this machine whatever
// its files and servers say (RFC 6761, section 6.3). None for every other name.
std::vector<tcp::endpoint> known_endpoints(const ports::Endpoint& to) {
  boost::system::error_code error;
  const auto address = asio::ip::make_address(to.host, error);
  if (!error) return {tcp::endpoint(address, to.port)};
  if (to.host != "localhost" && !to.host.ends_with(".localhost")) return {};
  return {tcp::endpoint(asio::ip::address_v6::loopback(), to.port),
          tcp::endpoint(asio::ip::address_v4::loopback(), to.port)};
}

// The addresses of a name, at least one. Errors: dns.
base::Awaitable<base::Result<std::vector<tcp::endpoint>>> resolve(asio::any_io_executor executor,
                                                                  ports::Endpoint to,
                                                                  base::Instant deadline) {
  auto lookup = std::make_shared<Lookup>(executor);
  lookup->resolver.async_resolve(
      to.host, std::to_string(to.port),
      [lookup](const boost::system::error_code& error, const tcp::resolver::results_type& found) {
        lookup->error = error;
        for (const auto& entry : found) lookup->endpoints.push_back(entry.endpoint());
        lookup->answered.cancel();
      });
  lookup->answered.expires_at(point_of(deadline));
  boost::system::error_code ignored;
  auto token = asio::redirect_error(asio::use_awaitable, ignored);
  co_await lookup->answered.async_wait(token);
  if (lookup->error || lookup->endpoints.empty()) {
    co_return base::fail(base::Code::dns, "the name {} did not resolve: {}", to.host,
                         lookup->error.message());
  }
  co_return std::move(lookup->endpoints);
}

}  // namespace

base::Awaitable<base::Result<base::Channel>> TcpNetwork::connect(ports::Endpoint to,
                                                                 base::Instant deadline) {
  const std::string where = fmt::format("connecting to {}:{}", to.host, to.port);
  boost::system::error_code error;
  std::vector<tcp::endpoint> endpoints = known_endpoints(to);
  if (endpoints.empty()) {
    auto found = co_await resolve(executor_, to, deadline);
    if (!found) co_return base::within(where, found.error());
    endpoints = std::move(*found);
  }
  // A name may have several, with nobody at some of them: localhost is ::1 and 127.0.0.1.
  for (const tcp::endpoint& endpoint : endpoints) {
    tcp::socket socket(executor_);
    socket.open(endpoint.protocol(), error);
    if (error) continue;
    DeadlineGuard guard(executor_, deadline);
    auto cancellable = asio::bind_cancellation_slot(guard.slot(), asio::use_awaitable);
    auto token = asio::redirect_error(cancellable, error);
    co_await socket.async_connect(endpoint, token);
    if (guard.passed()) co_return base::Failure(error_of(error, true, where));
    if (error) continue;
    socket.set_option(tcp::no_delay(true), error);
    if (!to.tls) co_return make_tcp_channel(std::move(socket));
    if (!trust_) trust_.emplace();
    auto greeting = make_tls_channel(std::move(socket), *trust_, to.host, deadline);
    co_return co_await std::move(greeting);
  }
  co_return base::Failure(error_of(error, false, where));
}

bool is_loopback(const ports::Endpoint& at) {
  boost::system::error_code error;
  const auto address = asio::ip::make_address(at.host.empty() ? "127.0.0.1" : at.host, error);
  if (error) return at.host == "localhost";
  const bool mapped = address.is_v6() && address.to_v6().is_v4_mapped();
  return mapped ? asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6()).is_loopback()
                : address.is_loopback();
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
