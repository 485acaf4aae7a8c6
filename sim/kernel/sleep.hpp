#pragma once

#include "sim/kernel/kernel.hpp"

#include <boost/asio/async_result.hpp>

#include <utility>

namespace tillrig::kernel {

// Completes, with any Asio completion token, as an event of the lane at `when` (at once, after what
// is due already, if that has passed). The handler runs in that event itself, so the lane is the
// one of the handler's executor. If the lane is closed first the handler is destroyed unrun.
template <class Token>
auto async_sleep_until(Kernel& kernel, Lane lane, Instant when, Token&& token) {
  return boost::asio::async_initiate<Token, void()>(
      [](auto handler, Kernel* k, Lane l, Instant w) {
        k->call_at(w, l, Task(std::move(handler)));
      },
      token, &kernel, lane, when);
}

}  // namespace tillrig::kernel
