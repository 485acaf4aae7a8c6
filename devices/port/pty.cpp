#include "devices/port/pty.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <fcntl.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace tillrig::port {

struct Pty::Line {
  explicit Line(const boost::asio::any_io_executor& executor) : master(executor) {}
  boost::asio::posix::stream_descriptor master;
  bool connected = false;
};

class Pty::End final : public base::ByteChannel {
 public:
  explicit End(std::shared_ptr<Line> line) : line_(std::move(line)) { line_->connected = true; }
  ~End() override { leave(); }

  base::Awaitable<base::Result<base::Bytes>> read(std::size_t most,
                                                  base::Instant /*deadline*/) override {
    const std::shared_ptr<Line> line = line_;
    std::string piece(most, '\0');
    boost::system::error_code error;
    auto token = boost::asio::redirect_error(boost::asio::use_awaitable, error);
    auto into = boost::asio::buffer(piece);
    const std::size_t got = co_await line->master.async_read_some(into, token);
    if (closed_ || error) co_return base::fail(base::Code::closed, "the serial line was left");
    piece.resize(got);
    co_return piece;
  }

  base::Awaitable<base::Result<void>> write(base::Bytes bytes,
                                            base::Instant /*deadline*/) override {
    const std::shared_ptr<Line> line = line_;
    boost::system::error_code error;
    auto token = boost::asio::redirect_error(boost::asio::use_awaitable, error);
    auto from = boost::asio::buffer(bytes);
    co_await boost::asio::async_write(line->master, from, token);
    if (closed_ || error) co_return base::fail(base::Code::closed, "the serial line was left");
    co_return base::Result<void>{};
  }

  void close() override { leave(); }

 private:
  void leave() {
    if (std::exchange(closed_, true)) return;
    line_->connected = false;
    boost::system::error_code ignored;
    line_->master.cancel(ignored);
  }

  std::shared_ptr<Line> line_;
  bool closed_ = false;
};

Pty::Pty(const boost::asio::any_io_executor& executor) : line_(std::make_shared<Line>(executor)) {}

Pty::~Pty() {
  if (other_ >= 0) ::close(other_);
}

base::Result<std::unique_ptr<Pty>> Pty::open(const boost::asio::any_io_executor& executor) {
  const auto failed = [](int descriptor) {
    const int why = errno;
    if (descriptor >= 0) ::close(descriptor);
    return base::fail(base::Code::io, "this machine gives no pseudo terminal: {}",
                      std::strerror(why));
  };
  const int master = ::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (master < 0 || ::grantpt(master) != 0 || ::unlockpt(master) != 0) return failed(master);
  char path[128];
  if (::ptsname_r(master, path, sizeof(path)) != 0) return failed(master);
  std::unique_ptr<Pty> pty(new Pty(executor));
  pty->path_ = path;
  pty->other_ = ::open(path, O_RDWR | O_NOCTTY | O_CLOEXEC);
  termios mode{};
  if (pty->other_ < 0 || ::tcgetattr(pty->other_, &mode) != 0) return failed(master);
  ::cfmakeraw(&mode);
  if (::tcsetattr(pty->other_, TCSANOW, &mode) != 0) return failed(master);
  boost::system::error_code error;
  pty->line_->master.assign(master, error);
  if (error) return failed(master);
  return pty;
}

base::Channel Pty::connect() {
  return std::make_unique<End>(line_);
}

bool Pty::connected() const {
  return line_->connected;
}

}  // namespace tillrig::port
