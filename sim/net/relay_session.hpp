#pragma once

#include "pos/base/http.hpp"
#include "sim/net/relay_state.hpp"

#include <cstdint>
#include <memory>
#include <optional>

namespace tillrig::net {

inline constexpr std::size_t kRelayBodyLimit = 16 * 1024 * 1024;
inline constexpr std::size_t kRelayRead = 64 * 1024;
inline constexpr Duration kUpstreamPatience = std::chrono::seconds(10);  // for its connect

// One connection of the till, and the cloud's connection that belongs to it.
class Session {
 public:
  Session(std::shared_ptr<Relay::State> relay, std::uint64_t connection, Channel till);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  // Until either side ends it.
  static Awaitable<void> serve(std::shared_ptr<Session> session);
  void close();
  void abort();
  // The line has changed.
  void look_again();

 private:
  using Open = std::shared_ptr<OpenExchange>;

  Awaitable<std::optional<base::HttpRequest>> next_request();
  // True if another request may follow.
  Awaitable<bool> exchange(base::HttpRequest request);
  Awaitable<bool> forward(Open open, base::HttpRequest request, Verdict verdict);
  // The cloud's answer; nothing when it went away, and the till's connection is then ended too.
  Awaitable<std::optional<base::HttpResponse>> ask_cloud(Open open, base::HttpRequest request);
  Awaitable<bool> reply(Open open, base::HttpResponse response, bool from_cloud, bool truncate);
  // Waits until the till hangs up (true) or the deadline (false).
  Awaitable<bool> till_gone(Instant deadline);
  // Waits as long as the line keeps a message back or holds, where we do its faults. False: the
  // till has hung up meanwhile.
  Awaitable<bool> carries(Way way, std::size_t bytes);
  Awaitable<bool> crosses(Way way, std::size_t bytes);

  std::shared_ptr<Relay::State> relay_;
  std::uint64_t connection_;
  Channel till_;
  Channel cloud_;
  base::HttpReader<base::HttpRequest> requests_;
  std::unique_ptr<ports::Alarm> change_;
};

}  // namespace tillrig::net
