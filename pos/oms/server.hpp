#pragma once

#include "pos/oms/api.hpp"
#include "pos/ports/ports.hpp"

#include <cstdint>
#include <map>
#include <memory>

namespace tillrig::oms {

// Carries requests to an Api and its answers back: one coroutine accepts, one a connection reads,
// asks and writes. What the disk owes (its simulated latency) is slept off before an answer goes,
// one request after the other, as one disk would. Kept alive by its coroutines; stop() makes them
// end without touching the Api again.
class Server : public std::enable_shared_from_this<Server> {
 public:
  static constexpr base::Duration kIdle = std::chrono::seconds(60);     // between requests
  static constexpr base::Duration kMessage = std::chrono::seconds(60);  // from first byte to last
  // Well below the 1,024 descriptors that a process commonly has. One more than these takes the
  // place of the one that has been idle longest; when all are busy it is closed.
  static constexpr std::size_t kConnections = 256;
  // An accept can fail for want of descriptors or memory, which does not last.
  static constexpr base::Duration kAfterFailedAccept = std::chrono::milliseconds(100);

  // `uploads_per_second`: it takes no more than so many, one after the other in their order, and
  // answers all else meanwhile; 0: as many as come.
  Server(ports::Ports ports, Api& api, std::unique_ptr<ports::Listener> listener,
         std::uint32_t uploads_per_second = 0);

  [[nodiscard]] std::uint16_t port() const { return listener_->port(); }

  // Accepts until stop(). At most once.
  static base::Awaitable<void> serve(std::shared_ptr<Server> self);

  // Closes the listener and all connections. The Api may go when this returns.
  void stop();

 private:
  struct Conversation;

  // False when every connection is busy.
  bool make_room();

  static base::Awaitable<void> serve_connection(std::shared_ptr<Server> self,
                                                base::Channel channel);
  base::Awaitable<void> converse(Conversation& with);
  base::Awaitable<bool> read_more(Conversation& with);
  // When an upload that is here now may be taken in.
  base::Instant next_turn();
  base::Awaitable<bool> answer(Conversation& with, const base::HttpRequest& request);
  base::Awaitable<bool> send(Conversation& with, const base::HttpResponse& response);

  ports::Ports ports_;
  Api* api_;
  std::unique_ptr<ports::Listener> listener_;
  std::map<std::uint64_t, Conversation*> open_;  // by order of arrival
  std::uint64_t accepted_ = 0;
  base::Duration between_uploads_{};
  base::Instant next_upload_;
  bool stopped_ = false;
};

}  // namespace tillrig::oms
