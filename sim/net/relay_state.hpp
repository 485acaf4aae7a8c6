#pragma once

#include "sim/net/relay.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <cstdint>
#include <map>
#include <memory>

namespace tillrig::net {

using base::Awaitable;
using base::Bytes;
using base::Channel;
using base::Result;

class Session;

// An exchange that has not ended for everybody: the till's connection is one side, each copy of the
// request that reaches the cloud on a connection of its own is another.
struct OpenExchange {
  Exchange exchange;
  int sides = 1;
};

enum class Party { till, cloud };

// The insides of a Relay, shared with its coroutines, which may be the last to let go. Once
// `stopped` is set they touch neither link nor tap.
struct Relay::State {
  State(const ports::Ports& p, Settings s, Link& l, Tap& t)
      : ports(p), settings(std::move(s)), link(l), tap(t) {}

  Result<void> listen(const std::shared_ptr<State>& self);
  void stop();

  std::shared_ptr<OpenExchange> begin(std::uint64_t connection, const base::HttpRequest& request);
  // The request was handed to the cloud.
  void reached(OpenExchange& open);
  // The cloud's answer to it; the first one counts.
  static void answered(OpenExchange& open, const base::HttpResponse& response);
  // One side of it is done; the last one tells the tap.
  void done(OpenExchange& open, Party party);

  // When so many bytes that leave now will have crossed the line, where we do its faults.
  Instant crossing(Way way, std::size_t bytes);

  // What a change of the line means for listener and sessions, where we do its faults.
  void follow(const std::shared_ptr<State>& self);
  void cut(words::FaultId id);

  ports::Ports ports;
  Settings settings;
  Link& link;
  Tap& tap;
  std::shared_ptr<ports::Listener> listener;
  std::uint16_t port = 0;
  bool stopped = false;
  std::map<std::uint64_t, std::weak_ptr<Session>> sessions;          // by connection
  std::map<std::uint64_t, std::shared_ptr<OpenExchange>> exchanges;  // by number
  Instant busy[2] = {};                                              // until when each way is taken
  std::uint64_t watch = 0;
  std::unique_ptr<ports::Alarm> change;
};

// Starts a coroutine and lets it go. An exception out of it is a broken promise.
void launch(const boost::asio::any_io_executor& executor, Awaitable<void> work);

// Delivers a request to the cloud after a while, on a connection of its own; its answer goes
// nowhere. A side of `open`. `late_by` is the fault that has fired when it arrives; 0: none.
Awaitable<void> deliver_aside(std::shared_ptr<Relay::State> relay,
                              std::shared_ptr<OpenExchange> open, base::HttpRequest request,
                              Duration after, words::FaultId late_by);

}  // namespace tillrig::net
