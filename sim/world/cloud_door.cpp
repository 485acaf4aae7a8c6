#include "sim/world/cloud_door.hpp"

#include "pos/ports/exchange.hpp"
#include "pos/wire/api.hpp"

#include <utility>

namespace tillrig::world {

base::Awaitable<base::Result<base::Bytes>> ask_at_door(const ports::Ports& ports,
                                                       ports::Endpoint door, std::string secret,
                                                       std::string method, std::string target,
                                                       std::string body) {
  const base::Instant deadline = ports.clock.now() + std::chrono::seconds(10);
  auto channel = co_await ports.network.connect(door, deadline);
  if (!channel) co_return base::Failure(channel.error());
  base::HttpRequest request;
  request.method = std::move(method);
  request.target = std::move(target);
  request.fields.add("Content-Type", wire::kContentType);
  request.fields.add("Authorization", "Bearer " + secret);
  request.keep_alive = false;
  request.body = std::move(body);
  base::Bytes message = base::write_http(request);
  ports::ExchangeOptions options;
  options.deadline = deadline;
  options.body_limit = wire::kBodyLimit;
  base::ByteChannel& line = **channel;
  auto exchanging = ports::exchange(line, std::move(message), options);
  auto answer = co_await std::move(exchanging);
  if (!answer) co_return base::Failure(answer.error());
  if (answer->status != 200) {
    co_return base::fail(base::Code::protocol, "the cloud answered with status {}: {}",
                         answer->status, answer->body.substr(0, 500));
  }
  co_return std::move(answer->body);
}

}  // namespace tillrig::world
