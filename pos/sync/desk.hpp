#pragma once

#include "pos/sync/cloud_client.hpp"
#include "pos/sync/session.hpp"
#include "pos/wire/attempt.hpp"
#include "pos/wire/hold.hpp"
#include "pos/wire/manifest.hpp"
#include "pos/wire/points.hpp"
#include "pos/wire/purse.hpp"
#include "pos/wire/stock.hpp"

#include <functional>
#include <string>

namespace tillrig::sync {

// Where a till asks what only the cloud knows, now and once: each question goes over a connection
// of its own and is over at its deadline; none is asked again by itself. A till that is not logged
// in logs in first, within the same time.
class Desk {
 public:
  struct Counter {  // what the questions go through
    ports::Endpoint cloud;
    std::string till;
    std::string secret;
    // Logs in over this connection, until then.
    std::function<base::Awaitable<void>(CloudClient&, Instant)> log_in;
    // Nothing is asked now: the till is in local mode. Empty: never.
    std::function<bool()> shut;
    // The login of that generation was not taken.
    std::function<void(std::uint64_t)> fenced;
  };
  Desk(const ports::Ports& ports, const Session& session, Counter counter)
      : ports_(ports), session_(session), counter_(std::move(counter)) {}

  // Errors: needs_connection; not_found, no such customer.
  base::Awaitable<base::Result<wire::Points>> points(std::string member, Instant deadline);
  // Which of the till's own events the cloud does not hold now, or holds otherwise. Errors:
  // needs_connection.
  base::Awaitable<base::Result<wire::ManifestAnswer>> manifest(wire::Manifest events,
                                                               Instant deadline);

  // Errors also: not_allowed, there is not so much; conflict.
  base::Awaitable<base::Result<wire::Held>> hold(wire::Hold hold, Instant deadline);
  base::Awaitable<base::Result<wire::Held>> release(std::string id, Instant deadline);

  base::Awaitable<base::Result<wire::Held>> keep(std::string id, wire::KeepFor place,
                                                 Instant deadline);
  // Errors also: not_found, no such card was sold.
  base::Awaitable<base::Result<wire::InPurse>> purse(wire::PurseKey of, Instant deadline);

  // What the cloud knows of a payment by card. Errors also: not_found, nothing.
  base::Awaitable<base::Result<wire::AttemptKnown>> attempt(std::string id, Instant deadline);

  base::Awaitable<base::Result<wire::Stock>> stock(std::string sku, Instant deadline);

 private:
  struct Ask {
    std::string target;
    std::string body;  // of a POST; empty: a GET
  };
  template <class T>
  using Reader = base::Result<T> (*)(base::ByteView);
  template <class T>
  base::Awaitable<base::Result<T>> answer_to(Ask question, Reader<T> read, Instant deadline);
  // The cloud's own answer, of whatever status. Errors: needs_connection.
  base::Awaitable<base::Result<base::HttpResponse>> ask(Ask question, Instant deadline);
  base::Awaitable<void> be_logged_in(CloudClient& client, Instant deadline);

  const ports::Ports& ports_;
  const Session& session_;
  Counter counter_;
};

}  // namespace tillrig::sync
