#include "pos/sync/cloud_client.hpp"

#include "pos/ports/exchange.hpp"

#include <charconv>

namespace tillrig::sync {
namespace {

constexpr std::size_t kPackFrom = 1024;  // smaller bodies gain nothing from zstd

Duration retry_after(const base::HttpResponse& response) {
  constexpr std::int64_t kLongestSeconds = 3600;  // an absurd value must not park the lane for ever
  const std::string_view text = response.fields.get("retry-after");
  std::int64_t seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (error != std::errc{} || end != text.data() + text.size() || seconds < 0) return {};
  return std::chrono::seconds(std::min(seconds, kLongestSeconds));
}

}  // namespace

CloudClient::CloudClient(const ports::Ports& ports, ports::Endpoint cloud, std::string till)
    : ports_(ports), cloud_(std::move(cloud)), till_(std::move(till)) {}

base::Awaitable<base::Result<void>> CloudClient::connect(Instant deadline) {
  const ports::Endpoint to = cloud_;
  auto connected = co_await ports_.network.connect(to, deadline);
  if (!connected) co_return base::Failure(connected.error());
  channel_ = std::move(*connected);
  co_return base::Result<void>{};
}

base::Awaitable<base::Result<base::HttpResponse>> CloudClient::exchange(base::Bytes message,
                                                                        Instant deadline) {
  heard_ = false;
  ports::ExchangeOptions options;
  options.deadline = deadline;
  options.body_limit = wire::kBodyLimit;
  options.heard = [this] { heard_ = true; };
  base::ByteChannel& line = *channel_;
  auto exchanging = ports::exchange(line, std::move(message), std::move(options));
  auto response = co_await std::move(exchanging);
  if (response && !response->keep_alive) channel_.reset();
  co_return response;
}

base::Awaitable<Exchange> CloudClient::ask(base::HttpRequest request, Instant deadline) {
  Exchange result;
  request.fields.add("Host", cloud_.host);
  request.fields.add("Accept", wire::kContentType);
  const base::Bytes message = base::write_http(request);
  for (int attempt = 0; attempt < 2; ++attempt) {
    const bool kept_alive = channel_ != nullptr;
    if (!kept_alive) {
      auto connected = co_await connect(deadline);
      if (!connected) {
        result.answer = base::Failure(connected.error());
        result.cause = cause_of(result.answer);
        if (result.cause == Cause::slow) result.cause = Cause::blackhole;
        co_return result;
      }
    }
    base::Bytes copy = message;
    result.answer = co_await exchange(std::move(copy), deadline);
    if (result.answer) break;
    channel_.reset();
    const base::Code code = result.answer.error().code;
    const bool stale = code == base::Code::closed || code == base::Code::reset;
    if (!kept_alive || heard_ || !stale) break;
  }
  result.cause = cause_of(result.answer);
  if (result.cause != Cause::none) channel_.reset();
  co_return result;
}

base::Awaitable<Cause> CloudClient::ping(Instant deadline) {
  const std::string nonce = fmt::format("{:016x}", ports_.entropy.draw("sync.nonce"));
  base::HttpRequest request;
  request.target = "/v1/ping?nonce=" + nonce;
  Exchange exchanged = co_await ask(std::move(request), deadline);
  if (exchanged.cause != Cause::none) co_return exchanged.cause;
  const auto pong = wire::read_pong(exchanged.answer->body);
  if (exchanged.answer->status != 200 || !pong) co_return Cause::garbled;
  if (pong->nonce != nonce) co_return Cause::portal;
  co_return Cause::none;
}

base::Awaitable<LoginAnswer> CloudClient::login(Instant deadline) {
  base::HttpRequest request;
  request.method = "POST";
  request.target = "/v1/tills/" + till_ + "/login";
  request.fields.add("Content-Type", wire::kContentType);
  request.body = "{}";
  Exchange exchanged = co_await ask(std::move(request), deadline);
  LoginAnswer result;
  if (!exchanged.answer) {
    result.cause = exchanged.cause;
    result.why = exchanged.answer.error().what;
    co_return result;
  }
  if (exchanged.cause != Cause::none || exchanged.answer->status != 200) {
    if (exchanged.cause != Cause::none) result.cause = exchanged.cause;
    result.why = fmt::format("the cloud answered the login of {} with status {} ({})", till_,
                             exchanged.answer->status, name(result.cause));
    co_return result;
  }
  auto read = wire::read_login(exchanged.answer->body);
  result.cause = read ? Cause::none : Cause::garbled;
  if (read) {
    result.login = std::move(*read);
  } else {
    result.why = read.error().what;
  }
  co_return result;
}

base::Awaitable<Outcome> CloudClient::send(wire::UpBatch batch, std::string token,
                                           Instant deadline) {
  base::HttpRequest request;
  request.method = "POST";
  request.target = "/v1/sync/up";
  request.fields.add("Content-Type", wire::kContentType);
  request.fields.add("Authorization", "Bearer " + token);
  request.body = wire::write_json(batch);
  if (request.body.size() >= kPackFrom) {
    base::Bytes packed = wire::pack(request.body);
    if (packed.size() < request.body.size()) {
      request.body = std::move(packed);
      request.fields.add("Content-Encoding", "zstd");
    }
  }
  Exchange exchanged = co_await ask(std::move(request), deadline);
  Outcome outcome;
  outcome.cause = exchanged.cause;
  if (!exchanged.answer) co_return outcome;
  outcome.status = exchanged.answer->status;
  outcome.retry_after = retry_after(*exchanged.answer);
  if (outcome.cause != Cause::none || outcome.status != 200) co_return outcome;
  auto answer = wire::read_answer(exchanged.answer->body);
  if (answer) {
    outcome.answer = std::move(*answer);
  } else {
    outcome.cause = Cause::garbled;
  }
  co_return outcome;
}

}  // namespace tillrig::sync
