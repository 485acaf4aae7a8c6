#include "sim/hosts/capture.hpp"

#include <utility>

namespace tillrig::hosts {
namespace {

class CapturedChannel final : public base::ByteChannel {
 public:
  CapturedChannel(base::Channel channel, Capture& capture)
      : channel_(std::move(channel)), capture_(capture), connection_(capture.connected()) {}
  ~CapturedChannel() override { capture_.ended(connection_, true, false); }

  base::Awaitable<base::Result<base::Bytes>> read(std::size_t most,
                                                  base::Instant deadline) override {
    auto reading = channel_->read(most, deadline);
    auto bytes = co_await std::move(reading);
    if (bytes && !bytes->empty()) {
      capture_.sent(connection_, true, *bytes);
    } else {
      const bool reset = !bytes && bytes.error().code == base::Code::reset;
      capture_.ended(connection_, false, reset);
    }
    co_return bytes;
  }
  base::Awaitable<base::Result<void>> write(base::Bytes bytes, base::Instant deadline) override {
    capture_.sent(connection_, false, bytes);
    return channel_->write(std::move(bytes), deadline);
  }
  void close() override {
    capture_.ended(connection_, true, false);
    channel_->close();
  }
  void abort() override {
    capture_.ended(connection_, true, true);
    channel_->abort();
  }

 private:
  base::Channel channel_;
  Capture& capture_;
  int connection_;
};

class CapturedListener final : public ports::Listener {
 public:
  CapturedListener(std::unique_ptr<ports::Listener> listener, Capture& capture)
      : listener_(std::move(listener)), capture_(capture) {}

  base::Awaitable<base::Result<base::Channel>> accept() override {
    return accept_at(listener_.get(), &capture_);
  }
  [[nodiscard]] std::uint16_t port() const override { return listener_->port(); }
  void close() override { listener_->close(); }

 private:
  static base::Awaitable<base::Result<base::Channel>> accept_at(ports::Listener* listener,
                                                                Capture* capture) {
    auto accepted = co_await listener->accept();
    if (!accepted) co_return accepted;
    co_return std::make_unique<CapturedChannel>(std::move(*accepted), *capture);
  }

  std::unique_ptr<ports::Listener> listener_;
  Capture& capture_;
};

}  // namespace

base::Result<std::unique_ptr<Capture>> Capture::open(const std::string& path,
                                                     const ports::Clock& clock,
                                                     std::string_view name, std::uint16_t port) {
  std::ofstream file(path, std::ios::binary);
  if (!file) return base::fail(base::Code::io, "{} cannot be written", path);
  std::unique_ptr<Capture> capture(new Capture(std::move(file), clock));
  Capture* const self = capture.get();
  capture->packets_.emplace(
      [self](base::ByteView bytes) {
        self->file_.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
        self->file_.flush();
      },
      name, port);
  return capture;
}

int Capture::connected() {
  return packets_->connected(now());
}

void Capture::sent(int connection, bool to_device, base::ByteView bytes) {
  packets_->sent(connection, to_device, bytes, now());
}

void Capture::ended(int connection, bool by_device, bool reset) {
  packets_->ended(connection, by_device, reset, now());
}

base::Result<std::unique_ptr<ports::Listener>> CapturedNetwork::listen(ports::Endpoint at) {
  auto listener = network_.listen(std::move(at));
  if (!listener) return base::Failure(listener.error());
  return std::make_unique<CapturedListener>(std::move(*listener), capture_);
}

}  // namespace tillrig::hosts
