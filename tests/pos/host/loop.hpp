#pragma once

#include "pos/base/channel.hpp"
#include "pos/base/spawn.hpp"
#include "pos/host/clock.hpp"
#include "pos/host/network.hpp"

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace tillrig::host {

using base::Awaitable;
using base::Code;
using base::Instant;
using base::Result;
using namespace std::chrono_literals;

// One io_context on this thread, and the host's clock, timer and network on it.
struct Loop {
  boost::asio::io_context io;
  SystemClock clock;
  SystemTimer timer{io.get_executor()};
  TcpNetwork network{io.get_executor()};

  void spawn(Awaitable<void> work) { base::spawn(io.get_executor(), std::move(work)); }
  // Until nothing is left to do; says how long that took.
  base::Duration run() {
    const Instant start = clock.now();
    io.restart();
    io.run();
    return clock.now() - start;
  }
  [[nodiscard]] Instant in(base::Duration time) const { return clock.now() + time; }
};

template <class T>
std::string told(const Result<T>& result) {
  return result ? "ok" : std::string(base::name(result.error().code));
}

}  // namespace tillrig::host
