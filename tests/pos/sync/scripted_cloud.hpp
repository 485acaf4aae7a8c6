#pragma once

#include "pos/base/http.hpp"
#include "pos/wire/api.hpp"
#include "sim/kernel/executor.hpp"
#include "sim/net/virtual_network.hpp"
#include "tests/pos/sync/fake_store.hpp"
#include "tests/sim/net/rig.hpp"

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace tillrig::sync {

// A cloud on a virtual network that answers as a test tells it to, one request of a connection
// after the other. By default it pings back, logs in and applies everything.
class ScriptedCloud {
 public:
  struct Asked {
    base::Instant at;
    base::HttpRequest request;
    std::uint64_t connection = 0;
  };
  struct Reply {
    base::HttpResponse response;
    base::Duration after{};
    bool never = false;  // keeps silent
  };
  // What to answer instead of the default.
  using Rule = std::function<std::optional<Reply>(const base::HttpRequest&)>;

  ScriptedCloud(kernel::Kernel& kernel, net::HostNetwork& network, kernel::Lane lane)
      : kernel_(kernel), lane_(lane), timer_(kernel, lane) {
    listener_ = *network.listen({"cloud", 8080, false});
    kernel::spawn(kernel_, lane_, accept());
  }

  Rule rule;
  std::vector<Asked> asked;
  std::uint64_t generation = 0;
  std::map<std::string, int> applied;  // how often each id was applied

  [[nodiscard]] std::size_t count(std::string_view target_part) const {
    return static_cast<std::size_t>(
        std::count_if(asked.begin(), asked.end(), [&](const Asked& each) {
          return each.request.target.find(target_part) != std::string::npos;
        }));
  }
  [[nodiscard]] base::Instant last(std::string_view target_part) const {
    base::Instant at = base::Instant::never();
    for (const Asked& each : asked) {
      if (each.request.target.find(target_part) != std::string::npos) at = each.at;
    }
    return at;
  }

  static base::HttpResponse ours(base::Bytes body, int status = 200) {
    base::HttpResponse response;
    response.status = status;
    response.fields.add("Content-Type", wire::kContentType);
    response.body = std::move(body);
    return response;
  }
  static base::HttpResponse refusal(int status) {
    return ours(wire::write_problem("refused", "as the test says"), status);
  }

  base::HttpResponse usual(const base::HttpRequest& request) {
    const std::string& target = request.target;
    if (target.starts_with("/v1/ping")) {
      wire::Pong pong;
      pong.nonce = target.substr(target.find('=') + 1);
      return ours(wire::write_json(pong));
    }
    if (target.ends_with("/login")) {
      wire::LoggedIn login;
      login.generation = ++generation;
      login.token = "token-" + std::to_string(generation);
      return ours(wire::write_json(login));
    }
    if (target.starts_with("/v1/receipts/")) {
      return ours(wire::write_problem(wire::kNoSale, "there is none"), 404);
    }
    base::Bytes body = request.body;
    if (request.fields.get("content-encoding") == "zstd") {
      body = *wire::unpack(body, wire::kBodyLimit);
    }
    const auto batch = wire::read_batch(body);
    if (!batch) return refusal(400);
    wire::UpAnswer answer;
    for (const auto& each : batch->items) {
      if (!each.item) return refusal(400);
      wire::UpResult result;
      result.id = each.id;
      result.hash = each.item->hash.hex();
      result.v = 1;
      ++applied[each.id];
      answer.results.push_back(result);
    }
    return ours(wire::write_json(answer));
  }

 private:
  base::Awaitable<void> accept() {
    for (;;) {
      auto channel = co_await listener_->accept();
      if (!channel) co_return;
      kernel::spawn(kernel_, lane_, converse(std::move(*channel), ++connections_));
    }
  }
  base::Awaitable<void> converse(base::Channel channel, std::uint64_t number) {
    base::HttpReader<base::HttpRequest> reader(wire::kBodyLimit);
    for (;;) {
      auto bytes = co_await channel->read(65536, base::Instant::never());
      if (!bytes || bytes->empty() || !reader.feed(*bytes)) co_return;
      while (auto request = reader.next()) {
        asked.push_back({kernel_.now(), *request, number});
        std::optional<Reply> reply;
        if (rule) reply = rule(*request);
        if (!reply) {
          reply.emplace();
          reply->response = usual(*request);
        }
        if (reply->never) continue;
        const base::Instant when = kernel_.now() + reply->after;
        co_await timer_.sleep_until(when);
        base::Bytes message = base::write_http(reply->response);
        auto sent = co_await channel->write(std::move(message), base::Instant::never());
        if (!sent) co_return;
      }
    }
  }

  kernel::Kernel& kernel_;
  kernel::Lane lane_;
  kernel::LaneTimer timer_;
  std::unique_ptr<ports::Listener> listener_;
  std::uint64_t connections_ = 0;
};

class NoNotes final : public ports::Recorder {
 public:
  using ports::Recorder::note;
  std::uint64_t note(const ports::Note&, std::span<const ports::Arg>) override { return 0; }
};

}  // namespace tillrig::sync
