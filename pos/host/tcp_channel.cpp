#include "pos/host/tcp_channel.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

namespace tillrig::host {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

// The socket lives as long as an operation on it or the channel, whichever is longer.
class TcpChannel final : public base::ByteChannel {
 public:
  explicit TcpChannel(tcp::socket socket)
      : socket_(std::make_shared<tcp::socket>(std::move(socket))) {}
  ~TcpChannel() override { close(); }

  base::Awaitable<base::Result<base::Bytes>> read(std::size_t most,
                                                  base::Instant deadline) override {
    return read_some(socket_, most, deadline);
  }
  base::Awaitable<base::Result<void>> write(base::Bytes bytes, base::Instant deadline) override {
    return write_all(socket_, std::move(bytes), deadline);
  }
  void close() override {
    boost::system::error_code ignored;
    socket_->shutdown(tcp::socket::shutdown_both, ignored);
    socket_->close(ignored);
  }
  void abort() override {
    boost::system::error_code ignored;
    socket_->set_option(asio::socket_base::linger(true, 0), ignored);  // a close sends RST
    socket_->close(ignored);
  }

 private:
  static base::Awaitable<base::Result<base::Bytes>> read_some(std::shared_ptr<tcp::socket> socket,
                                                              std::size_t most,
                                                              base::Instant deadline) {
    base::Bytes bytes(most, '\0');
    boost::system::error_code error;
    DeadlineGuard guard(socket->get_executor(), deadline);
    auto cancellable = asio::bind_cancellation_slot(guard.slot(), asio::use_awaitable);
    auto token = asio::redirect_error(cancellable, error);
    auto buffer = asio::buffer(bytes);
    const std::size_t got = co_await socket->async_read_some(buffer, token);
    if (error == asio::error::eof) co_return base::Bytes();
    if (error) co_return base::Failure(error_of(error, guard.passed(), "reading"));
    bytes.resize(got);
    co_return bytes;
  }

  static base::Awaitable<base::Result<void>> write_all(std::shared_ptr<tcp::socket> socket,
                                                       base::Bytes bytes, base::Instant deadline) {
    boost::system::error_code error;
    DeadlineGuard guard(socket->get_executor(), deadline);
    auto cancellable = asio::bind_cancellation_slot(guard.slot(), asio::use_awaitable);
    auto token = asio::redirect_error(cancellable, error);
    auto buffer = asio::buffer(bytes);
    co_await asio::async_write(*socket, buffer, token);
    if (error) co_return base::Failure(error_of(error, guard.passed(), "writing"));
    co_return base::Result<void>{};
  }

  std::shared_ptr<tcp::socket> socket_;
};

}  // namespace

base::Error error_of(const boost::system::error_code& error, bool timed_out,
                     const std::string& what) {
  base::Code code = base::Code::io;
  if (timed_out) {
    return {base::Code::timeout, what + ": nothing happened before the deadline"};
  }
  if (error == asio::error::connection_refused) code = base::Code::refused;
  if (error == asio::error::connection_reset) code = base::Code::reset;
  if (error == asio::error::broken_pipe) code = base::Code::reset;
  if (error == asio::error::host_unreachable) code = base::Code::unreachable;
  if (error == asio::error::network_unreachable) code = base::Code::unreachable;
  if (error == asio::error::timed_out) code = base::Code::timeout;
  if (error == asio::error::address_in_use) code = base::Code::exists;
  if (error == asio::error::operation_aborted) code = base::Code::closed;
  if (error == asio::error::bad_descriptor) code = base::Code::closed;
  if (error.category() == asio::error::get_netdb_category()) code = base::Code::dns;
  return {code, what + ": " + error.message()};
}

DeadlineGuard::DeadlineGuard(const asio::any_io_executor& executor, base::Instant deadline)
    : timer_(executor) {
  if (deadline == base::Instant::never()) return;
  timer_.expires_at(std::chrono::steady_clock::time_point(base::Duration{deadline.ns}));
  timer_.async_wait([passed = passed_, over = over_, this](boost::system::error_code error) {
    if (error || *over) return;
    *passed = true;
    cancel_.emit(asio::cancellation_type::terminal);
  });
}

DeadlineGuard::~DeadlineGuard() {
  *over_ = true;
}

base::Channel make_tcp_channel(tcp::socket socket) {
  return std::make_unique<TcpChannel>(std::move(socket));
}

}  // namespace tillrig::host
