#include "sim/net/virtual_network.hpp"

#include "pos/base/assert.hpp"
#include "sim/net/switchboard.hpp"

#include <utility>
#include <vector>

namespace tillrig::net {

namespace {

// The streams of a table that are still there, so that it may change while they are told.
std::vector<std::shared_ptr<Connection>> hold_on(
    const std::map<std::uint64_t, std::weak_ptr<Connection>>& table) {
  std::vector<std::shared_ptr<Connection>> all;
  for (const auto& [number, one] : table) {
    if (auto connection = one.lock()) all.push_back(std::move(connection));
  }
  return all;
}

void tell(Line& line, const Link::Change& change) {
  for (const auto& connection : hold_on(line.live)) {
    if (change.cuts_live) {
      line.link->fired(change.id);
      connection->reset();
    } else {
      connection->pump();
    }
  }
}

void shut(Reception& reception) {
  Host* host = std::exchange(reception.host, nullptr);
  if (host == nullptr) return;
  host->receptions.erase(reception.port);
  host->board->receptions.erase({host->name, reception.port});
  for (const auto& connection : reception.waiting) connection->abort(Connection::acceptor);
  reception.waiting.clear();
  reception.alarm->ring();
}

ports::Awaitable<ports::Result<ports::Channel>> take(std::shared_ptr<Host> host,
                                                     std::shared_ptr<Reception> reception) {
  for (;;) {
    if (host->cut) co_await host->timer.sleep_until(Instant::never());
    if (reception->host == nullptr) {
      co_return base::fail(base::Code::closed, "{} no longer listens at port {}", host->name,
                           reception->port);
    }
    if (!reception->waiting.empty()) {
      auto connection = std::move(reception->waiting.front());
      reception->waiting.pop_front();
      co_return Connection::channel(std::move(connection), Connection::acceptor);
    }
    co_await reception->alarm->sleep_until(Instant::never());
  }
}

// A listener of a process that was cut off may have gone without a word.
bool taken(const Host& host, std::uint16_t port) {
  const auto found = host.board->receptions.find({host.name, port});
  return found != host.board->receptions.end() && !found->second.expired();
}

class VirtualListener final : public ports::Listener {
 public:
  VirtualListener(std::shared_ptr<Host> host, std::shared_ptr<Reception> reception)
      : host_(std::move(host)), reception_(std::move(reception)) {}
  ~VirtualListener() override { close(); }

  ports::Awaitable<ports::Result<ports::Channel>> accept() override {
    return take(host_, reception_);
  }
  [[nodiscard]] std::uint16_t port() const override { return reception_->port; }
  void close() override {
    if (!host_->cut) shut(*reception_);
  }

 private:
  std::shared_ptr<Host> host_;
  std::shared_ptr<Reception> reception_;
};

}  // namespace

Line& Switchboard::line(const std::string& from, const std::string& to) {
  Link* link = route ? route(from, to) : nullptr;
  Line& found = lines[link];
  if (link != nullptr && found.link == nullptr) {
    found.link = link;
    found.watch = link->watch([line = &found](const Link::Change& change) { tell(*line, change); });
  }
  return found;
}

VirtualNetwork::VirtualNetwork(kernel::Kernel& kernel, Route route)
    : board_(std::make_shared<Switchboard>(kernel, std::move(route))) {}

VirtualNetwork::~VirtualNetwork() {
  board_->gone = true;
  for (auto& [link, line] : board_->lines) {
    if (link != nullptr) link->unwatch(line.watch);
  }
}

void VirtualNetwork::add_host(const std::string& name) {
  board_->names.insert(name);
}

HostNetwork::HostNetwork(VirtualNetwork& network, std::string host, kernel::Lane lane) {
  network.add_host(host);
  host_ = std::make_shared<Host>(network.board_, std::move(host), lane);
}

HostNetwork::~HostNetwork() = default;

ports::Awaitable<ports::Result<ports::Channel>> HostNetwork::connect(ports::Endpoint to,
                                                                     ports::Instant deadline) {
  return dial(host_, std::move(to), deadline);
}

ports::Result<std::unique_ptr<ports::Listener>> HostNetwork::listen(ports::Endpoint at) {
  constexpr std::uint16_t kFirstFree = 49152;  // RFC 6335, 6: dynamic ports
  if (host_->cut || host_->dead) {
    return base::fail(base::Code::not_allowed, "{} cannot listen: its process was killed",
                      host_->name);
  }
  std::uint16_t port = at.port;
  if (port == 0) {
    port = kFirstFree;
    while (port != 0 && taken(*host_, port)) ++port;
  }
  if (port == 0 || taken(*host_, port)) {
    return base::fail(base::Code::exists,
                      "port {} of {} is taken; close its listener first or take another", at.port,
                      host_->name);
  }
  auto reception = std::make_shared<Reception>();
  reception->host = host_.get();
  reception->port = port;
  reception->alarm = kernel::make_alarm(host_->board->kernel, host_->lane);
  host_->board->receptions[{host_->name, port}] = reception;
  host_->receptions[port] = reception;
  return std::make_unique<VirtualListener>(host_, std::move(reception));
}

void HostNetwork::on_boundary(Boundary hook) {
  host_->on_boundary = std::move(hook);
}

void HostNetwork::cut_off() {
  host_->cut = true;
}

void HostNetwork::die() {
  if (host_->dead) return;
  host_->dead = true;
  const auto receptions = host_->receptions;
  for (const auto& [port, reception] : receptions) {
    if (const auto open = reception.lock()) shut(*open);
  }
  for (const auto& connection : hold_on(host_->open)) {
    for (const auto side : {Connection::connector, Connection::acceptor}) {
      if (connection->belongs(side, *host_)) connection->die(side);
    }
  }
  host_->cut = true;
}

}  // namespace tillrig::net
