#include "sim/hosts/tls_network.hpp"

namespace tillrig::hosts {
namespace {

class DoorListener final : public ports::Listener {
 public:
  explicit DoorListener(std::unique_ptr<port::TlsDoor> door) : door_(std::move(door)) {}
  base::Awaitable<base::Result<base::Channel>> accept() override { return door_->accept(); }
  [[nodiscard]] std::uint16_t port() const override { return door_->port(); }
  void close() override { door_->close(); }

 private:
  std::unique_ptr<port::TlsDoor> door_;
};

class CaptureTap final : public port::Tap {
 public:
  explicit CaptureTap(Capture& capture) : capture_(capture), connection_(capture.connected()) {}
  void sent(bool to_device, base::ByteView bytes) override {
    capture_.sent(connection_, to_device, bytes);
  }
  void ended(bool by_device, bool reset) override { capture_.ended(connection_, by_device, reset); }

 private:
  Capture& capture_;
  int connection_;
};

constexpr std::int64_t kAnHour = 3600;
constexpr std::int64_t kAYear = 365 * 24 * kAnHour;

}  // namespace

base::Awaitable<base::Result<base::Channel>> TlsNetwork::connect(ports::Endpoint to,
                                                                 base::Instant /*deadline*/) {
  co_return base::fail(base::Code::not_allowed, "nobody connects to {} from a device", to.host);
}

base::Result<std::unique_ptr<ports::Listener>> TlsNetwork::listen(ports::Endpoint at) {
  auto door = port::TlsDoor::open(executor_, at.host, at.port, identity_);
  if (!door) return base::Failure(door.error());
  if (capture_ != nullptr) {
    (*door)->tap([capture = capture_] { return std::make_shared<CaptureTap>(*capture); });
  }
  return std::make_unique<DoorListener>(std::move(*door));
}

base::Result<TerminalIdentity> mint_terminal(std::int64_t now_s, const std::string& host) {
  port::Claim claim;
  claim.name = "tillrig terminal authority";
  claim.from = now_s - kAnHour;
  claim.until = now_s + kAYear;
  const auto authority = port::mint_authority(claim);
  if (!authority) return base::Failure(authority.error());
  claim.name = "P400Plus-52500006.test.terminal.adyen.com";
  claim.hosts = {claim.name, "localhost", "127.0.0.1", "::1"};
  if (host != "127.0.0.1" && host != "0.0.0.0" && host != "::") claim.hosts.push_back(host);
  auto terminal = port::mint(*authority, claim);
  if (!terminal) return base::Failure(terminal.error());
  return TerminalIdentity{std::move(*terminal), authority->certificate};
}

}  // namespace tillrig::hosts
