#pragma once

#include "pos/base/http.hpp"
#include "pos/ports/ports.hpp"
#include "pos/sync/cause.hpp"
#include "pos/sync/up_lane.hpp"
#include "pos/wire/api.hpp"

#include <optional>
#include <string>

namespace tillrig::sync {

// One exchange's result and what it says about the connection.
struct Exchange {
  base::Result<base::HttpResponse> answer = base::fail(base::Code::internal, "nothing was asked");
  Cause cause = Cause::none;
};

// What came of a login: who we are to the cloud, or why not.
struct LoginAnswer {
  std::optional<wire::LoggedIn> login;
  Cause cause = Cause::login;  // none when logged in
  std::string why;             // a sentence when not
};

// Speaks the cloud's API over one kept-alive connection. One exchange at a time; deadlines are
// absolute. Ours to drive from a coroutine.
class CloudClient {
 public:
  CloudClient(const ports::Ports& ports, ports::Endpoint cloud, std::string till);

  // Sends and waits for the whole answer. A connection that the cloud had closed while it was idle
  // is made anew once: everything we ask is safe to ask twice.
  base::Awaitable<Exchange> ask(base::HttpRequest request, Instant deadline);

  // GET /v1/ping: the cause is `none` only when our own nonce came back.
  base::Awaitable<Cause> ping(Instant deadline);
  // POST /v1/tills/{till}/login
  base::Awaitable<LoginAnswer> login(Instant deadline);
  // POST /v1/sync/up
  base::Awaitable<Outcome> send(wire::UpBatch batch, std::string token, Instant deadline);

  // Lets go of the connection.
  void hang_up() { channel_.reset(); }

 private:
  base::Awaitable<base::Result<void>> connect(Instant deadline);
  base::Awaitable<base::Result<base::HttpResponse>> exchange(base::Bytes message, Instant deadline);

  const ports::Ports& ports_;
  ports::Endpoint cloud_;
  std::string till_;
  base::Channel channel_;
  bool heard_ = false;  // some byte of the answer now waited for has come
};

}  // namespace tillrig::sync
