#pragma once

#include "pos/base/bytes.hpp"
#include "pos/base/result.hpp"
#include "pos/base/time.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <memory>

namespace tillrig::base {

template <class T>
using Awaitable = boost::asio::awaitable<T>;

// A connected two-way stream of bytes: a TCP connection, a serial line, a pair inside a simulation.
// At most one read and one write at a time. Deadlines are absolute on the clock of the ports that
// the channel came from; Instant::never() waits for ever. Destroying a channel closes it.
//
// g++ 12 destroys some temporaries twice when they stand in the same full expression as co_await:
// hand in named variables, literals or prvalues of plain functions only (tests/house checks it).
class ByteChannel {
 public:
  virtual ~ByteChannel() = default;

  // Some bytes, at most `most`. Empty: the peer has finished sending. Errors: timeout, reset,
  // closed (we closed it), cancelled.
  virtual Awaitable<Result<Bytes>> read(std::size_t most, Instant deadline) = 0;

  // All of the bytes or an error; after an error some of them may have gone. Errors: as read.
  virtual Awaitable<Result<void>> write(Bytes bytes, Instant deadline) = 0;

  // Ends both directions; a pending read or write comes back with Code::closed.
  virtual void close() = 0;

  // As close(), but the peer sees a reset where the channel can say so (a TCP RST).
  virtual void abort() { close(); }
};

using Channel = std::unique_ptr<ByteChannel>;

}  // namespace tillrig::base
