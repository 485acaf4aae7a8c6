#include "sim/hosts/pty_network.hpp"

#include <utility>

namespace tillrig::hosts {
namespace {

constexpr base::Duration kReplug = std::chrono::milliseconds(200);

}  // namespace

class PtyNetwork::Plug final : public ports::Listener {
 public:
  explicit Plug(PtyNetwork& network) : network_(network) {}

  base::Awaitable<base::Result<base::Channel>> accept() override {
    while (!closed_ && network_.pty_->connected()) {
      const base::Instant again = network_.clock_.now() + kReplug;
      co_await network_.timer_.sleep_until(again);
    }
    if (closed_) co_return base::fail(base::Code::closed, "the serial line was unplugged");
    co_return network_.pty_->connect();
  }
  [[nodiscard]] std::uint16_t port() const override { return 0; }
  void close() override { closed_ = true; }

 private:
  PtyNetwork& network_;
  bool closed_ = false;
};

base::Awaitable<base::Result<base::Channel>> PtyNetwork::connect(ports::Endpoint to,
                                                                 base::Instant /*deadline*/) {
  co_return base::fail(base::Code::unreachable, "{} cannot be reached over a serial line", to.host);
}

base::Result<std::unique_ptr<ports::Listener>> PtyNetwork::listen(ports::Endpoint /*at*/) {
  return std::make_unique<Plug>(*this);
}

}  // namespace tillrig::hosts
