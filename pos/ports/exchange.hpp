#pragma once

#include "pos/base/channel.hpp"
#include "pos/base/http.hpp"

#include <cstddef>
#include <functional>

namespace tillrig::ports {

// What one exchange over a channel needs beside the request.
struct ExchangeOptions {
  base::Instant deadline = base::Instant::never();  // of the whole exchange
  std::size_t body_limit = 0;                       // bytes of the answer's body
  std::function<void()> sent = {};                  // told when the request is out, if set
  std::function<void()> heard = {};                 // told of the first byte of the answer, if set
};

// Sends an HTTP request, written out already, and reads its answer. The channel outlives it.
// Errors: as ByteChannel::read and write; closed, when the peer finished before its answer was
// whole; those of HttpReader, for an answer that is none.
base::Awaitable<base::Result<base::HttpResponse>> exchange(base::ByteChannel& channel,
                                                           base::Bytes request,
                                                           ExchangeOptions options);

}  // namespace tillrig::ports
