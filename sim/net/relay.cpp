#include "sim/net/relay.hpp"

#include "pos/base/assert.hpp"
#include "pos/ports/exchange.hpp"
#include "sim/net/relay_session.hpp"
#include "sim/net/relay_state.hpp"

#include <boost/asio/co_spawn.hpp>

#include <algorithm>
#include <exception>
#include <utility>
#include <vector>

namespace tillrig::net {

namespace {

constexpr Duration kListenAgain = std::chrono::milliseconds(50);  // when the port is still taken

// Whether who connects now is to find nobody listening.
bool shuts(Obstacle obstacle) {
  return obstacle == Obstacle::unreachable || obstacle == Obstacle::refused ||
         obstacle == Obstacle::dns;
}

std::vector<std::shared_ptr<Session>> hold_on(
    const std::map<std::uint64_t, std::weak_ptr<Session>>& sessions) {
  std::vector<std::shared_ptr<Session>> all;
  for (const auto& [connection, one] : sessions) {
    if (auto session = one.lock()) all.push_back(std::move(session));
  }
  return all;
}

// Whether the connection is cut off as soon as it is made.
bool turned_away(Relay::State& relay) {
  if (!relay.settings.connect_faults) return false;
  const Link::Met met = relay.link.connecting();
  if (met.obstacle == Obstacle::none) return false;
  relay.link.fired(met.by);
  return met.obstacle != Obstacle::silence;
}

Awaitable<void> accept_all(std::shared_ptr<Relay::State> relay,
                           std::shared_ptr<ports::Listener> listener) {
  for (;;) {
    auto accepted = co_await listener->accept();
    if (!accepted || relay->stopped) co_return;
    Channel till = std::move(*accepted);
    if (turned_away(*relay)) {
      till->abort();
      continue;
    }
    const std::uint64_t connection = relay->tap.next_connection();
    auto session = std::make_shared<Session>(relay, connection, std::move(till));
    relay->sessions.emplace(connection, session);
    launch(relay->ports.executor, Session::serve(std::move(session)));
  }
}

// Opens and shuts the listener as the line's faults come and go by time.
Awaitable<void> follow_line(std::shared_ptr<Relay::State> relay) {
  while (!relay->stopped) {
    relay->follow(relay);
    Instant until = relay->link.next_change();
    if (!relay->listener && !shuts(relay->link.connecting().obstacle)) {
      until = std::min(until, relay->ports.clock.now() + kListenAgain);
    }
    co_await relay->change->sleep_until(until);
  }
}

}  // namespace

void launch(const boost::asio::any_io_executor& executor, Awaitable<void> work) {
  boost::asio::co_spawn(executor, std::move(work), [](const std::exception_ptr& escaped) {
    TILLRIG_ASSERT(!escaped, "an exception left a coroutine of the relay");
  });
}

Awaitable<void> deliver_aside(std::shared_ptr<Relay::State> relay,
                              std::shared_ptr<OpenExchange> open, base::HttpRequest request,
                              Duration after, words::FaultId late_by) {
  if (after > Duration{}) {
    const Instant when = relay->ports.clock.now() + after;
    co_await relay->ports.timer.sleep_until(when);
    if (relay->stopped) co_return;
  }
  const Instant patience = relay->ports.clock.now() + kUpstreamPatience;
  auto connected = co_await relay->ports.network.connect(relay->settings.upstream, patience);
  if (relay->stopped) co_return;
  if (!connected) {
    relay->done(*open, Party::cloud);
    co_return;
  }
  Channel cloud = std::move(*connected);
  request.keep_alive = false;
  Bytes message = base::write_http(request);
  ports::ExchangeOptions options;
  options.body_limit = kRelayBodyLimit;
  options.sent = [relay, open, late_by] {
    if (relay->stopped) return;
    relay->reached(*open);
    if (late_by != 0) relay->link.fired(late_by);
  };
  base::ByteChannel& line = *cloud;
  auto exchanging = ports::exchange(line, std::move(message), std::move(options));
  auto response = co_await std::move(exchanging);
  if (relay->stopped) co_return;
  if (response) relay->answered(*open, *response);
  relay->done(*open, Party::cloud);
}

Result<void> Relay::State::listen(const std::shared_ptr<State>& self) {
  ports::Endpoint at = settings.listen_at;
  if (port != 0) at.port = port;
  auto made = ports.network.listen(at);
  if (!made) return base::Failure(made.error());
  listener = std::move(*made);
  port = listener->port();
  launch(ports.executor, accept_all(self, listener));
  return {};
}

void Relay::State::stop() {
  if (stopped) return;
  stopped = true;
  link.unwatch(watch);
  if (listener) listener->close();
  if (change) change->ring();
  for (const auto& session : hold_on(sessions)) {
    session->close();
    session->look_again();
  }
  for (const auto& [number, open] : exchanges) tap.finished(open->exchange);
  exchanges.clear();
}

std::shared_ptr<OpenExchange> Relay::State::begin(std::uint64_t connection,
                                                  const base::HttpRequest& request) {
  auto open = std::make_shared<OpenExchange>();
  Exchange& e = open->exchange;
  e.till = link.till();
  e.number = tap.next_exchange();
  e.connection = connection;
  e.sent = ports.clock.now();
  e.method = request.method;
  e.target = request.target;
  e.body = request.body;
  e.encoding = request.fields.get("Content-Encoding");
  exchanges.emplace(e.number, open);
  tap.begun(e);
  return open;
}

void Relay::State::reached(OpenExchange& open) {
  if (open.exchange.reached_cloud == Instant::never()) {
    open.exchange.reached_cloud = ports.clock.now();
  }
  tap.reached(open.exchange);
}

void Relay::State::answered(OpenExchange& open, const base::HttpResponse& response) {
  if (open.exchange.cloud_status != 0) return;
  open.exchange.cloud_status = response.status;
  open.exchange.cloud_answer = response.body;
}

void Relay::State::done(OpenExchange& open, Party party) {
  if (party == Party::till) open.exchange.ended = ports.clock.now();
  if (--open.sides > 0) return;
  const auto at = exchanges.find(open.exchange.number);
  if (at == exchanges.end()) return;
  const auto last = std::move(at->second);
  exchanges.erase(at);
  tap.finished(last->exchange);
}

Instant Relay::State::crossing(Way way, std::size_t bytes) {
  const Passage passage = link.carry(way, bytes);
  const Instant now = ports.clock.now();
  if (passage.bytes_per_second == 0) return now + passage.delay();
  Instant& taken = busy[way == Way::up ? 0 : 1];
  taken = std::max(taken, now) + passage.sending_time(bytes);
  return taken + passage.delay();
}

void Relay::State::cut(words::FaultId id) {
  for (const auto& session : hold_on(sessions)) {
    link.fired(id);
    session->abort();
  }
}

void Relay::State::follow(const std::shared_ptr<State>& self) {
  const Link::Met met = link.connecting();
  if (shuts(met.obstacle)) {
    if (listener) {
      link.fired(met.by);
      listener->close();
      listener.reset();
    }
  } else if (!listener) {
    // A port that is still taken is tried again by follow_line().
    static_cast<void>(listen(self));
  }
  for (const auto& session : hold_on(sessions)) session->look_again();
}

Relay::Relay(const ports::Ports& ports, Settings settings, Link& link, Tap& tap)
    : state_(std::make_shared<State>(ports, std::move(settings), link, tap)) {}

Relay::~Relay() {
  stop();
}

Result<void> Relay::start() {
  const auto listening = state_->listen(state_);
  if (!listening || !state_->settings.connect_faults) return listening;
  state_->change = state_->ports.make_alarm();
  State* state = state_.get();
  state_->watch = state_->link.watch([state](const Link::Change& change) {
    if (change.cuts_live) state->cut(change.id);
    state->change->ring();
  });
  launch(state_->ports.executor, follow_line(state_));
  return {};
}

std::uint16_t Relay::port() const {
  return state_->port;
}

void Relay::stop() {
  state_->stop();
}

}  // namespace tillrig::net
