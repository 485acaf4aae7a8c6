#include "devices/port/tls_door.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <openssl/ssl.h>

#include <utility>

namespace tillrig::port {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using DoorStream = asio::ssl::stream<tcp::socket>;

constexpr std::chrono::seconds kFarewell{1};  // for the other end's word that it has heard ours

base::Error what_of(const boost::system::error_code& error, const std::string& doing) {
  base::Code code = base::Code::io;
  if (error == asio::error::connection_reset || error == asio::error::broken_pipe) {
    code = base::Code::reset;
  } else if (error == asio::error::operation_aborted || error == asio::error::bad_descriptor) {
    code = base::Code::closed;
  } else if (error.category() == asio::error::get_ssl_category()) {
    code = base::Code::tls;
  }
  return {code, doing + ": " + error.message()};
}

// Told of each read and write of what OpenSSL has or wants on the wire.
long on_wire(BIO* bio, int what, const char* bytes, std::size_t /*size*/, int /*argi*/,
             long /*argl*/, int result, std::size_t* done) {
  auto* const tap = reinterpret_cast<Tap*>(BIO_get_callback_arg(bio));
  const bool read = what == (BIO_CB_READ | BIO_CB_RETURN);
  const bool written = what == (BIO_CB_WRITE | BIO_CB_RETURN);
  if ((read || written) && result > 0 && done != nullptr) tap->sent(read, {bytes, *done});
  return result;
}

// A stream that is listened to, with its listener.
std::shared_ptr<DoorStream> make_stream(tcp::socket socket, asio::ssl::context& context,
                                        const std::shared_ptr<Tap>& tap) {
  auto stream = std::make_unique<DoorStream>(std::move(socket), context);
  if (tap != nullptr) {
    BIO* const wire = SSL_get_rbio(stream->native_handle());
    BIO_set_callback_arg(wire, reinterpret_cast<char*>(tap.get()));
    BIO_set_callback_ex(wire, on_wire);
  }
  const auto end = [tap](DoorStream* ended) { delete ended; };
  return {stream.release(), end};
}

// One connection. Whoever waits on it keeps its stream alive.
class DoorChannel final : public base::ByteChannel {
 public:
  DoorChannel(std::shared_ptr<DoorStream> stream, std::shared_ptr<Tap> tap)
      : stream_(std::move(stream)), tap_(std::move(tap)) {}
  ~DoorChannel() override { leave(); }

  base::Awaitable<base::Result<base::Bytes>> read(std::size_t most,
                                                  base::Instant /*deadline*/) override {
    return read_some(stream_, most, std::exchange(greets_, false));
  }
  base::Awaitable<base::Result<void>> write(base::Bytes bytes,
                                            base::Instant /*deadline*/) override {
    return write_all(stream_, std::move(bytes));
  }
  void close() override { leave(); }
  void abort() override {
    if (std::exchange(left_, true)) return;
    if (tap_ != nullptr) tap_->ended(true, true);
    boost::system::error_code ignored;
    stream_->next_layer().set_option(asio::socket_base::linger(true, 0), ignored);
    stream_->next_layer().close(ignored);
  }

 private:
  static base::Awaitable<base::Result<base::Bytes>> read_some(std::shared_ptr<DoorStream> stream,
                                                              std::size_t most, bool greets) {
    boost::system::error_code error;
    if (greets) {
      auto greeted = asio::redirect_error(asio::use_awaitable, error);
      co_await stream->async_handshake(asio::ssl::stream_base::server, greeted);
      if (error) co_return base::Failure(what_of(error, "the TLS handshake"));
    }
    base::Bytes bytes(most, '\0');
    auto token = asio::redirect_error(asio::use_awaitable, error);
    auto buffer = asio::buffer(bytes);
    const std::size_t got = co_await stream->async_read_some(buffer, token);
    if (error == asio::error::eof || error == asio::ssl::error::stream_truncated) {
      co_return base::Bytes();
    }
    if (error) co_return base::Failure(what_of(error, "reading"));
    bytes.resize(got);
    co_return bytes;
  }

  static base::Awaitable<base::Result<void>> write_all(std::shared_ptr<DoorStream> stream,
                                                       base::Bytes bytes) {
    boost::system::error_code error;
    auto token = asio::redirect_error(asio::use_awaitable, error);
    auto buffer = asio::buffer(bytes);
    co_await asio::async_write(*stream, buffer, token);
    if (error) co_return base::Failure(what_of(error, "writing"));
    co_return base::Result<void>{};
  }

  // Says farewell, and waits a moment for the other end's.
  void leave() {
    if (std::exchange(left_, true)) return;
    boost::system::error_code ignored;
    stream_->next_layer().cancel(ignored);
    auto timer = std::make_shared<asio::steady_timer>(stream_->get_executor(), kFarewell);
    auto end = [stream = stream_, timer, tap = tap_](const boost::system::error_code&) {
      boost::system::error_code unheard;
      if (tap != nullptr) tap->ended(true, false);
      stream->next_layer().close(unheard);
      timer->cancel();
    };
    timer->async_wait(end);
    stream_->async_shutdown(end);
  }

  std::shared_ptr<DoorStream> stream_;
  std::shared_ptr<Tap> tap_;  // null: nobody listens
  bool greets_ = true;
  bool left_ = false;
};

}  // namespace

struct TlsDoor::State {
  explicit State(const asio::any_io_executor& executor)
      : context(asio::ssl::context::tls_server), acceptor(executor) {}
  asio::ssl::context context;
  tcp::acceptor acceptor;
  std::uint16_t port = 0;
  std::function<std::shared_ptr<Tap>()> make_tap{};
};

TlsDoor::TlsDoor(std::shared_ptr<State> state) : state_(std::move(state)) {}

TlsDoor::~TlsDoor() {
  close();
}

base::Result<std::unique_ptr<TlsDoor>> TlsDoor::open(const asio::any_io_executor& executor,
                                                     const std::string& host, std::uint16_t port,
                                                     const Identity& identity) {
  const std::string where = "listening at " + host + ":" + std::to_string(port);
  boost::system::error_code error;
  const auto address = asio::ip::make_address(host, error);
  if (error) return base::fail(base::Code::bad_input, "{}: not an address", where);
  auto state = std::make_shared<State>(executor);
  SSL_CTX_set_min_proto_version(state->context.native_handle(), TLS1_2_VERSION);
  state->context.use_certificate_chain(asio::buffer(identity.certificate), error);
  if (!error) {
    state->context.use_private_key(asio::buffer(identity.key), asio::ssl::context::pem, error);
  }
  if (error) return base::fail(base::Code::bad_input, "{}: {}", where, error.message());
  const tcp::endpoint endpoint(address, port);
  state->acceptor.open(endpoint.protocol(), error);
  if (!error) state->acceptor.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) state->acceptor.bind(endpoint, error);
  if (!error) state->acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (error) {
    const bool taken = error == asio::error::address_in_use;
    return base::fail(taken ? base::Code::exists : base::Code::io, "{}: {}", where,
                      error.message());
  }
  state->port = state->acceptor.local_endpoint().port();
  return std::unique_ptr<TlsDoor>(new TlsDoor(std::move(state)));
}

base::Awaitable<base::Result<base::Channel>> TlsDoor::accept() {
  const std::shared_ptr<State> state = state_;
  boost::system::error_code error;
  tcp::socket socket(state->acceptor.get_executor());
  auto token = asio::redirect_error(asio::use_awaitable, error);
  co_await state->acceptor.async_accept(socket, token);
  if (error) co_return base::Failure(what_of(error, "accepting a connection"));
  socket.set_option(tcp::no_delay(true), error);
  std::shared_ptr<Tap> tap;
  if (state->make_tap) tap = state->make_tap();
  auto stream = make_stream(std::move(socket), state->context, tap);
  co_return std::make_unique<DoorChannel>(std::move(stream), std::move(tap));
}

std::uint16_t TlsDoor::port() const {
  return state_->port;
}

void TlsDoor::tap(std::function<std::shared_ptr<Tap>()> make) {
  state_->make_tap = std::move(make);
}

void TlsDoor::close() {
  boost::system::error_code ignored;
  state_->acceptor.close(ignored);
}

}  // namespace tillrig::port
