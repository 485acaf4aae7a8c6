#include "pos/oms/server.hpp"

#include "pos/base/spawn.hpp"
#include "pos/wire/body_sum.hpp"

#include <algorithm>
#include <utility>

namespace tillrig::oms {

using base::Awaitable;
using base::Channel;
using base::HttpRequest;
using base::HttpResponse;

namespace {

constexpr std::size_t kReadAtOnce = 64 * 1024;
constexpr std::string_view kUploads = "/v1/sync/up";

HttpResponse refuse_message(bool large, std::string_view what) {
  HttpResponse response = large ? problem(413, "too_large", what) : problem(400, "bad_http", what);
  response.keep_alive = false;
  return response;
}

}  // namespace

// One connection, and how long the peer has for what it is at. Listed with the server for as long
// as it lives, however it ends.
struct Server::Conversation {
  Conversation(Server& owner, Channel connected)
      : server(owner), channel(std::move(connected)), number(++owner.accepted_) {
    server.open_.emplace(number, this);
    expect_request();
  }
  ~Conversation() { server.open_.erase(number); }
  Conversation(const Conversation&) = delete;
  Conversation& operator=(const Conversation&) = delete;

  void expect_request() {
    deadline = server.ports_.clock.now() + kIdle;
    begun = false;
  }
  void note_bytes() {
    if (!begun) deadline = server.ports_.clock.now() + kMessage;
    begun = true;
  }

  Server& server;
  Channel channel;
  std::uint64_t number;
  base::HttpReader<HttpRequest> requests{wire::kBodyLimit};
  base::Instant deadline;
  bool begun = false;  // some bytes of the next request are here
};

Server::Server(ports::Ports ports, Api& api, std::unique_ptr<ports::Listener> listener,
               std::uint32_t uploads_per_second)
    : ports_(std::move(ports)), api_(&api), listener_(std::move(listener)) {
  if (uploads_per_second > 0) {
    between_uploads_ = base::Duration(std::chrono::seconds(1)) / uploads_per_second;
  }
}

Awaitable<void> Server::serve(std::shared_ptr<Server> self) {
  co_await ports::settle(self->ports_);  // of opening the database
  while (!self->stopped_) {
    auto accepted = co_await self->listener_->accept();
    if (self->stopped_) co_return;
    if (!accepted && accepted.error().code == base::Code::closed) co_return;
    if (!accepted) {
      const base::Instant again = self->ports_.clock.now() + kAfterFailedAccept;
      co_await self->ports_.timer.sleep_until(again);
      continue;
    }
    if (!self->make_room()) continue;  // the channel closes as it goes
    auto work = serve_connection(self, *std::move(accepted));
    base::spawn(self->ports_.executor, std::move(work));
  }
}

Awaitable<void> Server::serve_connection(std::shared_ptr<Server> self, Channel channel) {
  if (self->stopped_) co_return;
  Conversation with(*self, std::move(channel));
  co_await self->converse(with);
}

void Server::stop() {
  stopped_ = true;
  api_ = nullptr;
  listener_->close();
  for (const auto& [number, conversation] : open_) conversation->channel->close();
}

bool Server::make_room() {
  if (open_.size() < kConnections) return true;
  auto oldest = open_.end();
  for (auto at = open_.begin(); at != open_.end(); ++at) {
    if (at->second->begun) continue;
    if (oldest == open_.end() || at->second->deadline < oldest->second->deadline) oldest = at;
  }
  if (oldest == open_.end()) return false;
  oldest->second->channel->close();
  open_.erase(oldest);
  return true;
}

Awaitable<void> Server::converse(Conversation& with) {
  for (;;) {
    auto request = with.requests.next();
    if (!request) {
      const bool more = co_await read_more(with);
      if (!more) co_return;
      continue;
    }
    const bool goes_on = co_await answer(with, *request);
    if (!goes_on) co_return;
    with.expect_request();
  }
}

// True when bytes came in; false when the conversation is over. What is not HTTP gets an answer
// that says so, and then the connection ends.
Awaitable<bool> Server::read_more(Conversation& with) {
  const auto bytes = co_await with.channel->read(kReadAtOnce, with.deadline);
  if (stopped_ || !bytes || bytes->empty()) co_return false;
  with.note_bytes();
  const auto fed = with.requests.feed(*bytes);
  if (fed) co_return true;
  const bool large = fed.error().code == base::Code::too_large;
  const HttpResponse response = refuse_message(large, fed.error().what);
  co_await send(with, response);
  co_return false;
}

base::Instant Server::next_turn() {
  const base::Instant turn = std::max(ports_.clock.now(), next_upload_);
  next_upload_ = turn + between_uploads_;
  return turn;
}

Awaitable<bool> Server::answer(Conversation& with, const HttpRequest& request) {
  if (between_uploads_ > base::Duration{} && request.target == kUploads) {
    const base::Instant turn = next_turn();
    if (turn > ports_.clock.now()) co_await ports_.timer.sleep_until(turn);
    if (stopped_) co_return false;
  }
  HttpResponse response = api_->handle(request);
  response.keep_alive = request.keep_alive;
  wire::add_sum(response.fields, response.body);
  co_await ports::settle(ports_);
  if (stopped_) co_return false;
  const bool sent = co_await send(with, response);
  co_return sent && !stopped_ && request.keep_alive;
}

Awaitable<bool> Server::send(Conversation& with, const HttpResponse& response) {
  base::Bytes bytes = base::write_http(response);
  const base::Instant deadline = ports_.clock.now() + kMessage;
  const auto sent = co_await with.channel->write(std::move(bytes), deadline);
  co_return sent.has_value();
}

}  // namespace tillrig::oms
