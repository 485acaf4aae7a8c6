#pragma once

#include "pos/base/bytes.hpp"
#include "pos/base/time.hpp"

#include <cstdint>
#include <string>

namespace tillrig::net {

using base::Duration;
using base::Instant;

// One request between a till and the cloud, and its answer, as they crossed the relay.
struct Exchange {
  std::string till;
  std::uint64_t number = 0;                  // of the exchange in the run, from 1
  std::uint64_t connection = 0;              // of the till's connection in the run, from 1
  Instant sent;                              // whole request seen coming from the till
  Instant reached_cloud = Instant::never();  // first handed to the cloud; never(): it was not
  Instant ended = Instant::never();  // answer handed to the till, or the till or a fault ended it
  std::string method;
  std::string target;
  base::Bytes body;         // as sent: packed if `encoding` says so
  std::string encoding;     // the request's Content-Encoding; empty: none
  int status = 0;           // of the answer that the till was given; 0: none
  bool from_cloud = false;  // that answer is the cloud's own
  base::Bytes answer;       // its body, as given
  Duration retry_after{};   // how long it asks to wait (Retry-After); zero: it does not
  int cloud_status = 0;     // of the first answer the cloud gave, delivered or not; 0: none
  base::Bytes cloud_answer;
};

// Who listens in. One tap for all relays of a run; outlives them.
class Tap {
 public:
  virtual ~Tap() = default;

  // The request has come whole from the till; what becomes of it is due to that.
  virtual void begun(const Exchange& /*exchange*/) {}
  // The request was handed to the cloud; more than once if a fault duplicates it.
  virtual void reached(const Exchange& exchange) = 0;
  // Once for each exchange: it ended for both sides, or the relay was taken away (`ended` is then
  // never() if it had not ended for the till).
  virtual void finished(const Exchange& exchange) = 0;

  std::uint64_t next_exchange() { return ++exchanges_; }
  std::uint64_t next_connection() { return ++connections_; }

 private:
  std::uint64_t exchanges_ = 0;
  std::uint64_t connections_ = 0;
};

}  // namespace tillrig::net
