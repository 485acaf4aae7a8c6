#include "pos/sync/cloud_client.hpp"

#include "pos/ports/exchange.hpp"
#include "pos/wire/body_sum.hpp"

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

// The answer itself, or by its word the request.
bool came_damaged(const base::HttpResponse& answer) {
  if (wire::damaged(answer.fields, answer.body)) return true;
  if (answer.status != 400) return false;
  const auto problem = wire::read_problem(answer.body);
  return problem && problem->code == wire::kDamaged;
}

}  // namespace

CloudClient::CloudClient(const ports::Ports& ports, ports::Endpoint cloud, std::string till,
                         std::string secret)
    : ports_(ports), cloud_(std::move(cloud)), till_(std::move(till)), secret_(std::move(secret)) {}

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

base::Awaitable<Reply<base::HttpResponse>> CloudClient::ask(base::HttpRequest request,
                                                            Instant deadline) {
  base::Result<base::HttpResponse> answer = base::fail(base::Code::internal, "nothing was asked");
  request.fields.add("Host", cloud_.host);
  request.fields.add("Accept", wire::kContentType);
  wire::add_sum(request.fields, request.body);
  const base::Bytes message = base::write_http(request);
  bool connected_to = true;
  for (int attempt = 0; attempt < 2; ++attempt) {
    const bool kept_alive = channel_ != nullptr;
    if (!kept_alive) {
      auto connected = co_await connect(deadline);
      connected_to = connected.has_value();
      if (!connected) {
        answer = base::Failure(connected.error());
        break;
      }
    }
    base::Bytes copy = message;
    answer = co_await exchange(std::move(copy), deadline);
    if (answer) break;
    channel_.reset();
    const base::Code code = answer.error().code;
    const bool stale = code == base::Code::closed || code == base::Code::reset;
    if (!kept_alive || heard_ || !stale) break;
  }
  if (answer && came_damaged(*answer)) {
    answer = base::fail(base::Code::protocol, "what was sent or answered was damaged on its way");
  }
  Reply<base::HttpResponse> reply;
  reply.cause = cause_of(answer);
  if (reply.cause == Cause::slow && !connected_to) reply.cause = Cause::blackhole;
  if (reply.cause != Cause::none) channel_.reset();
  if (answer) {
    reply.status = answer->status;
    reply.retry_after = retry_after(*answer);
    reply.answer = std::move(*answer);
  } else {
    reply.why = answer.error().what;
  }
  co_return reply;
}

namespace {

// The T in an answer of ours. Without one, why not.
template <class T>
Reply<T> read_reply(const Reply<base::HttpResponse>& reply,
                    base::Result<T> (*read)(base::ByteView)) {
  Reply<T> result;
  result.cause = reply.cause;
  result.status = reply.status;
  result.retry_after = reply.retry_after;
  result.why = reply.why;
  if (!reply.answer) return result;
  if (reply.cause != Cause::none || reply.status != 200) {
    result.why =
        fmt::format("the cloud answered with status {} ({})", reply.status, name(reply.cause));
    return result;
  }
  auto answer = read(reply.answer->body);
  if (answer) {
    result.answer = *std::move(answer);
  } else {
    result.cause = Cause::garbled;
    result.why = answer.error().what;
  }
  return result;
}

}  // namespace

base::Awaitable<Reply<wire::Pong>> CloudClient::ping(Instant deadline) {
  const std::string nonce = fmt::format("{:016x}", ports_.entropy.draw("sync.nonce"));
  base::HttpRequest request;
  request.target = "/v1/ping?nonce=" + nonce;
  auto asked = co_await ask(std::move(request), deadline);
  auto pong = read_reply<wire::Pong>(asked, wire::read_pong);
  if (pong.cause == Cause::none && !pong.answer) pong.cause = Cause::garbled;
  if (pong.answer && pong.answer->nonce != nonce) {
    pong.cause = Cause::portal;
    pong.answer.reset();
  }
  co_return pong;
}

base::Awaitable<Reply<wire::LoggedIn>> CloudClient::login(wire::Login who, Instant deadline) {
  base::HttpRequest request;
  request.method = "POST";
  request.target = "/v1/tills/" + till_ + "/login";
  request.fields.add("Content-Type", wire::kContentType);
  if (!secret_.empty()) request.fields.add("Authorization", "Bearer " + secret_);
  request.body = wire::write_json(who);
  auto asked = co_await ask(std::move(request), deadline);
  auto login = read_reply<wire::LoggedIn>(asked, wire::read_login);
  // The cloud itself spoke, and did not let us in.
  if (!login.answer && login.cause == Cause::none) login.cause = Cause::login;
  if (login.cause == Cause::login) {
    login.why = fmt::format("the cloud answered the login of {} with status {} ({})", till_,
                            login.status, name(login.cause));
    const auto problem = wire::read_problem(asked.answer ? asked.answer->body : base::Bytes());
    if (problem) login.why += ": " + problem->what;
  }
  co_return login;
}

base::Awaitable<Outcome> CloudClient::send(base::Bytes batch, std::string token, Instant deadline) {
  base::HttpRequest request;
  request.method = "POST";
  request.target = "/v1/sync/up";
  request.fields.add("Content-Type", wire::kContentType);
  request.fields.add("Authorization", "Bearer " + token);
  request.body = std::move(batch);
  if (request.body.size() >= kPackFrom) {
    base::Bytes packed = wire::pack(request.body);
    if (packed.size() < request.body.size()) {
      request.body = std::move(packed);
      request.fields.add("Content-Encoding", "zstd");
    }
  }
  auto asked = co_await ask(std::move(request), deadline);
  co_return read_reply<wire::UpAnswer>(asked, wire::read_answer);
}

base::Awaitable<Reply<wire::Receipt>> CloudClient::receipt(std::string sale, std::string token,
                                                           Instant deadline) {
  base::HttpRequest request;
  request.target = "/v1/receipts/" + sale;
  request.fields.add("Authorization", "Bearer " + token);
  auto asked = co_await ask(std::move(request), deadline);
  auto receipt = read_reply<wire::Receipt>(asked, wire::read_receipt);
  if (asked.answer && asked.cause == Cause::none && asked.status == 404) {
    const auto problem = wire::read_problem(asked.answer->body);
    if (problem && problem->code == wire::kNoSale) receipt.answer.emplace();
  }
  co_return receipt;
}

base::Awaitable<Reply<wire::FeedPage>> CloudClient::page(std::string table, store::Reading after,
                                                         bool sum, std::string token,
                                                         Instant deadline) {
  base::HttpRequest request;
  request.target = fmt::format("/v1/sync/down?collection={}&cursor={}&limit={}", table, after.v,
                               wire::kFeedRows);
  if (!after.epoch.empty()) request.target += "&epoch=" + after.epoch;
  if (after.anew && !after.epoch.empty()) {
    request.target += fmt::format("&begun={}", after.horizon);
  }
  if (sum) request.target += "&sum=1";
  request.fields.add("Authorization", "Bearer " + token);
  auto asked = co_await ask(std::move(request), deadline);
  co_return read_reply<wire::FeedPage>(asked, wire::read_feed_page);
}

}  // namespace tillrig::sync
