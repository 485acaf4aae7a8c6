#include "pos/base/assert.hpp"
#include "sim/net/switchboard.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace tillrig::net {

namespace {

// When a connect that nobody answered is tried again, and when it is given up: Linux's SYN retries.
constexpr std::array<Duration, 6> kRetries = {std::chrono::seconds(1),  std::chrono::seconds(3),
                                              std::chrono::seconds(7),  std::chrono::seconds(15),
                                              std::chrono::seconds(31), std::chrono::seconds(63)};
constexpr Duration kGiveUp = std::chrono::seconds(127);

// One connect: what is known at the far side, and what came of it.
struct Handshake {
  std::shared_ptr<Host> from;
  ports::Endpoint to;
  Line* line = nullptr;
  bool refused = false;
  bool abandoned = false;
  std::shared_ptr<Connection> connection;

  // The first packet has come to the other host. Without an answer it was lost on the way.
  void arrive() {
    Switchboard& board = *from->board;
    if (board.gone || abandoned || from->dead) return;
    if (line->link != nullptr && line->link->holds()) return;
    const auto found = board.receptions.find({to.host, to.port});
    const auto reception = found == board.receptions.end() ? nullptr : found->second.lock();
    refused = reception == nullptr;
    TILLRIG_ASSERT(refused || reception->host != nullptr, "whoever can be reached listens");
    if (refused || reception->host->cut) return;
    std::shared_ptr<Host> server = reception->host->shared_from_this();
    connection = std::make_shared<Connection>(from->board, *line, from, std::move(server));
    connection->enter();
    reception->waiting.push_back(connection);
    reception->alarm->ring();
  }
};

base::Failure failure(const Host& host, const ports::Endpoint& to, base::Code code) {
  const char* what = "";
  switch (code) {
    case base::Code::unreachable:
      what = "there is no route, the line is down";
      break;
    case base::Code::refused:
      what = "the connection was refused";
      break;
    case base::Code::reset:
      what = "the connection was reset";
      break;
    case base::Code::dns:
      what = "the name did not resolve";
      break;
    case base::Code::tls:
      what = "the TLS handshake failed";
      break;
    default:
      what = "nothing answered until the deadline";
      break;
  }
  return base::fail(code, "{} could not connect to {}:{}: {}", host.name, to.host, to.port, what);
}

// What an obstacle is told as, and after how many trips over the line.
struct Telling {
  base::Code code = base::Code::timeout;
  int trips = 0;
};

Telling telling(Obstacle obstacle) {
  switch (obstacle) {
    case Obstacle::unreachable:
      return {base::Code::unreachable, 0};
    case Obstacle::refused:
      return {base::Code::refused, 2};
    case Obstacle::reset:
      return {base::Code::reset, 2};
    case Obstacle::dns:
      return {base::Code::dns, 0};
    case Obstacle::tls:
      return {base::Code::tls, 4};
    default:
      return {};
  }
}

Instant next_try(Instant began, Instant now) {
  for (const Duration after : kRetries) {
    if (began + after > now) return began + after;
  }
  return Instant::never();
}

// Fails at `when`, or with a timeout if the deadline is before that.
ports::Awaitable<ports::Result<ports::Channel>> fail_at(std::shared_ptr<Host> host,
                                                        ports::Endpoint to, base::Code code,
                                                        Instant when, Instant deadline) {
  const Instant until = std::min(when, deadline);
  co_await host->timer.sleep_until(until);
  if (deadline < when) code = base::Code::timeout;
  co_return failure(*host, to, code);
}

// The caller's side of a handshake. However the caller ends, the far side does not keep half of a
// connection.
class Attempt {
 public:
  Attempt(std::shared_ptr<Host> host, const ports::Endpoint& to, Line& line)
      : state_(std::make_shared<Handshake>()) {
    state_->from = std::move(host);
    state_->to = to;
    state_->line = &line;
  }
  ~Attempt() {
    state_->abandoned = true;
    if (state_->connection) state_->connection->abort(Connection::connector);
  }
  Attempt(const Attempt&) = delete;
  Attempt& operator=(const Attempt&) = delete;

  [[nodiscard]] bool refused() const { return state_->refused; }
  [[nodiscard]] bool answered() const { return state_->connection != nullptr; }

  // What stands in the way now; each fault met counts once.
  Obstacle meet() {
    Link* link = state_->line->link;
    if (link == nullptr) return Obstacle::none;
    const Link::Met met = link->connecting();
    if (met.obstacle != Obstacle::none && met.by != counted_) {
      counted_ = met.by;
      link->fired(met.by);
    }
    return met.obstacle;
  }

  // The first packet, or the answer to it, may be lost on the way.
  void send() {
    Switchboard& board = *state_->from->board;
    if (Link* const link = state_->line->link) {
      const bool there = link->carry(Way::up, 0).resent == 0;
      const bool back = link->carry(Way::down, 0).resent == 0;
      if (!there || !back) return;
    }
    const Duration latency = state_->line->latency();
    if (latency == Duration{}) {
      state_->arrive();
    } else {
      board.kernel.call_at(board.kernel.now() + latency, board.lane,
                           [state = state_] { state->arrive(); });
    }
  }

  base::Channel take() {
    TILLRIG_ASSERT(answered(), "only a connect that was answered gives a stream");
    return Connection::channel(std::move(state_->connection), Connection::connector);
  }

 private:
  std::shared_ptr<Handshake> state_;
  std::optional<words::FaultId> counted_;
};

}  // namespace

ports::Awaitable<ports::Result<ports::Channel>> dial(std::shared_ptr<Host> host, ports::Endpoint to,
                                                     Instant deadline) {
  host->boundary("connect", 0);
  if (host->cut) co_await host->timer.sleep_until(Instant::never());
  const Switchboard& board = *host->board;
  Line& line = host->board->line(host->name, to.host);
  const Instant began = board.kernel.now();
  const Instant end = std::min(deadline, began + kGiveUp);
  Attempt attempt(host, to, line);
  while (board.kernel.now() < end) {
    const Instant now = board.kernel.now();
    const Duration latency = line.latency();
    const Obstacle obstacle = attempt.meet();
    Telling told = telling(obstacle);
    if (obstacle == Obstacle::none && !board.names.contains(to.host)) {
      told.code = base::Code::dns;
    }
    if (obstacle == Obstacle::none && told.code != base::Code::dns && !attempt.answered()) {
      attempt.send();
      if (latency != Duration{}) {
        const Instant back = now + 2 * latency;
        const Instant until = std::min(back, end);
        co_await host->timer.sleep_until(until);
        if (until < back) break;
      }
      if (attempt.refused()) told.code = base::Code::refused;
    }
    if (told.code != base::Code::timeout) {
      const Instant known = board.kernel.now() + told.trips * latency;
      auto failing = fail_at(host, to, told.code, known, deadline);
      co_return co_await std::move(failing);
    }
    if (host->cut) co_await host->timer.sleep_until(Instant::never());
    const bool carries = obstacle == Obstacle::none && (!line.link || !line.link->holds());
    if (attempt.answered() && carries) co_return attempt.take();
    const Instant again = std::min(next_try(began, board.kernel.now()), end);
    co_await host->timer.sleep_until(again);
  }
  co_return failure(*host, to, base::Code::timeout);
}

}  // namespace tillrig::net
