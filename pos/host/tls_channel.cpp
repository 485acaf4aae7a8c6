#include "pos/host/tls_channel.hpp"

#include "pos/host/tcp_channel.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <utility>

namespace tillrig::host {

namespace asio = boost::asio;

struct TlsTrust::State {
  asio::ssl::context context{asio::ssl::context::tls_client};
};

namespace {

using asio::ip::tcp;
using TlsStream = asio::ssl::stream<tcp::socket>;

constexpr std::chrono::seconds kFarewellTime{1};  // for the other end's word that it has heard ours

base::Error tls_error(const boost::system::error_code& error, bool timed_out,
                      const std::string& what) {
  if (timed_out || error.category() != asio::error::get_ssl_category()) {
    return error_of(error, timed_out, what);
  }
  return {base::Code::tls, what + ": " + error.message()};
}

// Whoever waits on it keeps its stream alive.
class TlsChannel final : public base::ByteChannel {
 public:
  explicit TlsChannel(std::shared_ptr<TlsStream> stream) : stream_(std::move(stream)) {}
  ~TlsChannel() override { leave(); }

  base::Awaitable<base::Result<base::Bytes>> read(std::size_t most,
                                                  base::Instant deadline) override {
    return read_some(stream_, most, deadline);
  }
  base::Awaitable<base::Result<void>> write(base::Bytes bytes, base::Instant deadline) override {
    return write_all(stream_, std::move(bytes), deadline);
  }
  void close() override { leave(); }
  void abort() override {
    if (std::exchange(left_, true)) return;
    boost::system::error_code ignored;
    stream_->next_layer().set_option(asio::socket_base::linger(true, 0), ignored);
    stream_->next_layer().close(ignored);
  }

 private:
  static base::Awaitable<base::Result<base::Bytes>> read_some(std::shared_ptr<TlsStream> stream,
                                                              std::size_t most,
                                                              base::Instant deadline) {
    base::Bytes bytes(most, '\0');
    boost::system::error_code error;
    DeadlineGuard guard(stream->get_executor(), deadline);
    auto cancellable = asio::bind_cancellation_slot(guard.slot(), asio::use_awaitable);
    auto token = asio::redirect_error(cancellable, error);
    auto buffer = asio::buffer(bytes);
    const std::size_t got = co_await stream->async_read_some(buffer, token);
    if (error == asio::error::eof) co_return base::Bytes();
    if (error == asio::ssl::error::stream_truncated) {
      co_return base::fail(base::Code::reset, "reading: the line ended without a farewell (TLS)");
    }
    if (error) co_return base::Failure(tls_error(error, guard.passed(), "reading"));
    bytes.resize(got);
    co_return bytes;
  }

  static base::Awaitable<base::Result<void>> write_all(std::shared_ptr<TlsStream> stream,
                                                       base::Bytes bytes, base::Instant deadline) {
    boost::system::error_code error;
    DeadlineGuard guard(stream->get_executor(), deadline);
    auto cancellable = asio::bind_cancellation_slot(guard.slot(), asio::use_awaitable);
    auto token = asio::redirect_error(cancellable, error);
    auto buffer = asio::buffer(bytes);
    co_await asio::async_write(*stream, buffer, token);
    if (error) co_return base::Failure(tls_error(error, guard.passed(), "writing"));
    co_return base::Result<void>{};
  }

  // Says farewell, and waits a moment for the other end's.
  void leave() {
    if (std::exchange(left_, true)) return;
    boost::system::error_code ignored;
    stream_->next_layer().cancel(ignored);
    auto timer = std::make_shared<asio::steady_timer>(stream_->get_executor(), kFarewellTime);
    auto end = [stream = stream_, timer](const boost::system::error_code&) {
      boost::system::error_code unheard;
      stream->next_layer().close(unheard);
      timer->cancel();
    };
    timer->async_wait(end);
    stream_->async_shutdown(end);
  }

  std::shared_ptr<TlsStream> stream_;
  bool left_ = false;
};

}  // namespace

TlsTrust::TlsTrust() : state_(std::make_shared<State>()) {
  boost::system::error_code ignored;
  SSL_CTX_set_min_proto_version(state_->context.native_handle(), TLS1_2_VERSION);
  state_->context.set_default_verify_paths(ignored);
}

base::Result<TlsTrust> TlsTrust::of(const std::string& authorities) {
  TlsTrust trust;
  trust.state_ = std::make_shared<State>();
  SSL_CTX_set_min_proto_version(trust.state_->context.native_handle(), TLS1_2_VERSION);
  boost::system::error_code error;
  trust.state_->context.add_certificate_authority(asio::buffer(authorities), error);
  if (error) {
    return base::fail(base::Code::bad_input,
                      "an authority is to be trusted whose certificate cannot be read: {}",
                      error.message());
  }
  return trust;
}

base::Awaitable<base::Result<base::Channel>> make_tls_channel(tcp::socket socket, TlsTrust trust,
                                                              std::string host,
                                                              base::Instant deadline) {
  const std::string what = "the TLS handshake with " + host;
  auto stream = std::make_shared<TlsStream>(std::move(socket), trust.state()->context);
  boost::system::error_code error;
  static_cast<void>(asio::ip::make_address(host, error));
  if (error) {
    SSL_ctrl(stream->native_handle(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
             host.data());
  }
  stream->set_verify_mode(asio::ssl::verify_peer);
  stream->set_verify_callback(asio::ssl::host_name_verification(host));
  error = {};
  DeadlineGuard guard(stream->get_executor(), deadline);
  auto cancellable = asio::bind_cancellation_slot(guard.slot(), asio::use_awaitable);
  auto token = asio::redirect_error(cancellable, error);
  co_await stream->async_handshake(asio::ssl::stream_base::client, token);
  if (!error) co_return std::make_unique<TlsChannel>(std::move(stream));
  const long verified = SSL_get_verify_result(stream->native_handle());
  if (!guard.passed() && verified != X509_V_OK) {
    co_return base::fail(base::Code::tls, "{}: its certificate is not believed: {}", what,
                         X509_verify_cert_error_string(verified));
  }
  base::Error failed = tls_error(error, guard.passed(), what);
  if (error == asio::ssl::error::stream_truncated || error == asio::error::eof) {
    failed.code = base::Code::tls;
  }
  co_return base::Failure(std::move(failed));
}

}  // namespace tillrig::host
