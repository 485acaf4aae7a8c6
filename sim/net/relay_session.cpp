#include "sim/net/relay_session.hpp"

#include "pos/ports/exchange.hpp"

#include <charconv>
#include <utility>

namespace tillrig::net {

namespace {

base::HttpResponse plain(int status, std::string_view why) {
  base::HttpResponse answer;
  answer.status = status;
  answer.fields.add("Content-Type", "text/plain");
  answer.body = why;
  return answer;
}

// Damages a body so that it is no JSON any more, whatever it was.
void garble(Bytes& body) {
  for (std::size_t i = 0; i < body.size(); i += 7) body[i] = '}';
}

void flip(Bytes& body, std::uint64_t bit) {
  bit %= body.size() * 8;
  body[bit / 8] = static_cast<char>(static_cast<unsigned char>(body[bit / 8]) ^ (1U << (bit % 8)));
}

// What an answer's Retry-After says; zero: nothing, or not in seconds.
Duration asked_to_wait(const base::HttpResponse& answer) {
  const std::string_view text = answer.fields.get("Retry-After");
  std::uint32_t seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  const bool whole = error == std::errc{} && end == text.data() + text.size();
  return whole ? std::chrono::seconds(seconds) : Duration{};
}

}  // namespace

Session::Session(std::shared_ptr<Relay::State> relay, std::uint64_t connection, Channel till)
    : relay_(std::move(relay)),
      connection_(connection),
      till_(std::move(till)),
      requests_(kRelayBodyLimit) {
  if (relay_->settings.connect_faults) change_ = relay_->ports.make_alarm();
}

Session::~Session() {
  relay_->sessions.erase(connection_);
}

void Session::close() {
  till_->close();
  if (cloud_) cloud_->close();
}

void Session::abort() {
  till_->abort();
  if (change_) change_->ring();
}

void Session::look_again() {
  if (change_) change_->ring();
}

Awaitable<void> Session::serve(std::shared_ptr<Session> session) {
  bool more = true;
  while (more && !session->relay_->stopped) {
    auto request = co_await session->next_request();
    if (!request) break;
    more = co_await session->exchange(std::move(*request));
  }
  session->close();
}

Awaitable<std::optional<base::HttpRequest>> Session::next_request() {
  for (;;) {
    std::optional<base::HttpRequest> request = requests_.next();
    if (request) co_return request;
    auto bytes = co_await till_->read(kRelayRead, Instant::never());
    if (relay_->stopped || !bytes || bytes->empty()) co_return request;
    const auto fed = requests_.feed(*bytes);
    if (!fed) {
      base::HttpResponse answer = plain(400, fed.error().what);
      answer.keep_alive = false;
      Bytes text = base::write_http(answer);
      auto written = co_await till_->write(std::move(text), Instant::never());
      co_return request;
    }
  }
}

Awaitable<bool> Session::exchange(base::HttpRequest request) {
  const Open open = relay_->begin(connection_, request);
  const bool carried = co_await carries(Way::up, request.body.size() + request.target.size());
  if (relay_->stopped) co_return false;
  if (!carried) {
    relay_->done(*open, Party::till);
    co_return false;
  }
  Verdict verdict = relay_->link.judge(request);
  if (verdict.answer) {
    base::HttpResponse answer = std::move(*verdict.answer);
    answer.keep_alive = request.keep_alive;
    auto replying = reply(open, std::move(answer), verdict.as_cloud, false);
    co_return co_await std::move(replying);
  }
  if (verdict.forge) verdict.forge(request);
  if (verdict.flip_up && !request.body.empty()) flip(request.body, *verdict.flip_up);
  if (verdict.late) {
    ++open->sides;
    launch(relay_->ports.executor,
           deliver_aside(relay_, open, std::move(request), *verdict.late, verdict.late_by));
  }
  if (verdict.late || verdict.lose_request) {
    co_await till_gone(Instant::never());
    if (!relay_->stopped) relay_->done(*open, Party::till);
    co_return false;
  }
  auto forwarding = forward(open, std::move(request), std::move(verdict));
  co_return co_await std::move(forwarding);
}

Awaitable<bool> Session::forward(Open open, base::HttpRequest request, Verdict verdict) {
  if (verdict.twice) {
    ++open->sides;
    launch(relay_->ports.executor, deliver_aside(relay_, open, request, Duration{}, 0));
  }
  const bool keep_alive = request.keep_alive;
  auto asking = ask_cloud(open, std::move(request));
  std::optional<base::HttpResponse> response = co_await std::move(asking);
  if (relay_->stopped) co_return false;
  if (!response) {
    relay_->done(*open, Party::till);
    co_return false;
  }
  bool from_cloud = open->exchange.cloud_status != 0;
  bool gone = false;
  if (verdict.slow > Duration{}) {
    const Instant due = relay_->ports.clock.now() + verdict.slow;
    gone = co_await till_gone(due);
  }
  if (!gone && verdict.lose_answer && verdict.hang) gone = co_await till_gone(Instant::never());
  if (relay_->stopped) co_return false;
  if (gone || verdict.lose_answer) {
    relay_->done(*open, Party::till);
    co_return false;
  }
  if (verdict.lie && from_cloud) verdict.lie(*response);
  if (verdict.garble && from_cloud && !response->body.empty()) {
    garble(response->body);
    from_cloud = false;
  }
  if (verdict.flip_down && from_cloud && !response->body.empty()) {
    flip(response->body, *verdict.flip_down);
    from_cloud = false;
  }
  response->keep_alive = keep_alive && response->keep_alive;
  auto replying = reply(open, std::move(*response), from_cloud, verdict.truncate);
  co_return co_await std::move(replying);
}

Awaitable<std::optional<base::HttpResponse>> Session::ask_cloud(Open open,
                                                                base::HttpRequest request) {
  std::optional<base::HttpResponse> response;
  if (!cloud_) {
    const Instant patience = relay_->ports.clock.now() + kUpstreamPatience;
    auto connected = co_await relay_->ports.network.connect(relay_->settings.upstream, patience);
    if (!connected) {
      response.emplace(plain(502, "the service behind this address does not answer"));
      co_return response;
    }
    cloud_ = std::move(*connected);
  }
  request.keep_alive = true;
  Bytes message = base::write_http(request);
  ports::ExchangeOptions options;
  options.body_limit = kRelayBodyLimit;
  options.sent = [this, open] {
    if (!relay_->stopped) relay_->reached(*open);
  };
  base::ByteChannel& line = *cloud_;
  auto exchanging = ports::exchange(line, std::move(message), std::move(options));
  auto answer = co_await std::move(exchanging);
  if (relay_->stopped) co_return response;
  if (answer) {
    response = std::move(*answer);
    relay_->answered(*open, *response);
    if (!response->keep_alive) cloud_.reset();
    co_return response;
  }
  // A cloud that broke off in the middle or said what is no HTTP has finished in an orderly way.
  const bool broken = answer.error().code != base::Code::closed &&
                      answer.error().code != base::Code::too_large &&
                      answer.error().code != base::Code::protocol;
  if (broken) {
    abort();
  } else {
    close();
  }
  co_return response;
}

Awaitable<bool> Session::reply(Open open, base::HttpResponse response, bool from_cloud,
                               bool truncate) {
  Bytes message = base::write_http(response);
  if (truncate) {
    const std::size_t half = (response.body.size() + 1) / 2;
    message.resize(message.size() - (half == 0 ? 2 : half));
  }
  const bool carried = co_await carries(Way::down, message.size());
  if (relay_->stopped) co_return false;
  if (carried) {
    auto written = co_await till_->write(std::move(message), Instant::never());
    if (relay_->stopped) co_return false;
    if (written) {
      open->exchange.status = response.status;
      open->exchange.from_cloud = from_cloud && !truncate;
      if (!truncate) open->exchange.retry_after = asked_to_wait(response);
      open->exchange.answer = std::move(response.body);
    }
    if (written && !truncate) {
      relay_->done(*open, Party::till);
      co_return response.keep_alive;
    }
  }
  relay_->done(*open, Party::till);
  co_return false;
}

Awaitable<bool> Session::till_gone(Instant deadline) {
  for (;;) {
    auto bytes = co_await till_->read(kRelayRead, deadline);
    if (relay_->stopped) co_return true;
    if (!bytes) co_return bytes.error().code != base::Code::timeout || deadline == Instant::never();
    if (bytes->empty()) co_return true;
    const auto fed = requests_.feed(*bytes);
    if (!fed) co_return true;
  }
}

Awaitable<bool> Session::crosses(Way way, std::size_t bytes) {
  const Instant now = relay_->ports.clock.now();
  const Instant there = relay_->crossing(way, bytes);
  if (there <= now) co_return true;
  const bool gone = co_await till_gone(there);
  co_return !gone;
}

Awaitable<bool> Session::carries(Way way, std::size_t bytes) {
  constexpr Duration kGlance = std::chrono::milliseconds(1);
  if (!relay_->settings.connect_faults) co_return true;
  auto crossing = crosses(way, bytes);
  const bool crossed = co_await std::move(crossing);
  if (!crossed || relay_->stopped) co_return false;
  if (!relay_->link.holds()) co_return true;
  relay_->link.held();
  while (!relay_->stopped && relay_->link.holds()) {
    const Instant until = relay_->link.next_change();
    co_await change_->sleep_until(until);
  }
  if (relay_->stopped) co_return false;
  const Instant soon = relay_->ports.clock.now() + kGlance;
  const bool gone = co_await till_gone(soon);
  co_return !gone;
}

}  // namespace tillrig::net
