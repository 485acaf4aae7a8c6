#pragma once

#include "pos/base/http.hpp"
#include "pos/ports/ports.hpp"
#include "pos/store/shelf.hpp"
#include "pos/sync/cause.hpp"
#include "pos/wire/api.hpp"
#include "pos/wire/feed.hpp"

#include <optional>
#include <string>

namespace tillrig::sync {

using base::Duration;
using base::Instant;

// What came of asking the cloud for a T.
template <class T>
struct Reply {
  Cause cause = Cause::none;  // what the exchange says about the connection; garbled: no T
  int status = 0;             // HTTP status; 0 when there was no answer
  Duration retry_after{};     // what the cloud asked for
  std::optional<T> answer;    // of ours, with status 200, that could be read
  std::string why;            // a sentence when there is none
};

using Outcome = Reply<wire::UpAnswer>;

// Speaks the cloud's API over one kept-alive connection. One exchange at a time; deadlines are
// absolute. A connection that the cloud had closed while it was idle is made anew once: everything
// we ask is safe to ask twice. Ours to drive from a coroutine.
class CloudClient {
 public:
  // `secret` is the till's; empty: it has none.
  CloudClient(const ports::Ports& ports, ports::Endpoint cloud, std::string till,
              std::string secret = {});

  // GET /v1/ping: there is an answer only when our own nonce came back, and then the cause is
  // `none`.
  base::Awaitable<Reply<wire::Pong>> ping(Instant deadline);
  // POST /v1/tills/{till}/login
  base::Awaitable<Reply<wire::LoggedIn>> login(wire::Login who, Instant deadline);
  // POST /v1/sync/up: a body as wire::write_json gives it.
  base::Awaitable<Outcome> send(base::Bytes batch, std::string token, Instant deadline);

  // GET /v1/receipts/{sale}: of no sale when the cloud says that it does not have it.
  base::Awaitable<Reply<wire::Receipt>> receipt(std::string sale, std::string token,
                                                Instant deadline);

  // GET /v1/sync/down: what is newer than that; with `sum`, also the sum of the table. Status 410:
  // the table has to be read anew.
  base::Awaitable<Reply<wire::FeedPage>> page(std::string table, store::Reading after, bool sum,
                                              std::string token, Instant deadline);

  // Whether the next question goes over a connection that is there already, as far as we know.
  [[nodiscard]] bool connected() const { return channel_ != nullptr; }

  // Any question; the answer is whatever came. Asked once more where the kept connection had gone.
  base::Awaitable<Reply<base::HttpResponse>> ask(base::HttpRequest request, Instant deadline);

 private:
  base::Awaitable<base::Result<void>> connect(Instant deadline);
  base::Awaitable<base::Result<base::HttpResponse>> exchange(base::Bytes message, Instant deadline);

  const ports::Ports& ports_;
  ports::Endpoint cloud_;
  std::string till_;
  std::string secret_;
  base::Channel channel_;
  bool heard_ = false;  // some byte of the answer now waited for has come
};

}  // namespace tillrig::sync
