#pragma once

#include "pos/base/channel.hpp"
#include "pos/ports/clock.hpp"
#include "sim/kernel/kernel.hpp"
#include "sim/net/line_fault.hpp"

#include <cstdint>
#include <deque>
#include <memory>

namespace tillrig::net {

using base::Bytes;
using base::Duration;
using base::Instant;
using base::Result;

struct Host;
struct Line;
struct Switchboard;

// One virtual stream: two ends, and what is on its way between them. Owned by the channels of its
// ends and by the kernel's event for the next arrival.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  enum Side { connector = 0, acceptor = 1 };

  Connection(std::shared_ptr<Switchboard> board, Line& line, std::shared_ptr<Host> connecting,
             std::shared_ptr<Host> accepting);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // After construction: makes itself known to its line and hosts.
  void enter();
  static base::Channel channel(std::shared_ptr<Connection> connection, Side side);

  static base::Awaitable<Result<Bytes>> read(std::shared_ptr<Connection> c, Side side,
                                             std::size_t most, Instant deadline);
  static base::Awaitable<Result<void>> write(std::shared_ptr<Connection> c, Side side, Bytes bytes,
                                             Instant deadline);
  void close(Side side);
  void abort(Side side);
  // The end's process was killed; not its own act, so it reaches the peer even if it was cut off.
  void die(Side side);
  [[nodiscard]] bool belongs(Side side, const Host& host) const {
    return halves_[side].host.get() == &host;
  }
  // Both ends see a reset now, whatever is on its way.
  void reset();
  // Looks at the line and the time anew: holds, sends anew, delivers.
  void pump();

 private:
  struct Segment {
    enum class Kind { data, end, reset };
    Kind kind = Kind::data;
    Bytes bytes;
    Instant departs = Instant::never();
    Instant arrives = Instant::never();
    kernel::Cause cause = 0;  // what its arrival is due to
  };
  // One end, and what is on its way from it to the other.
  struct Half {
    std::shared_ptr<Host> host;
    bool closed = false;  // by its own side
    bool told = false;    // the peer will hear of that
    bool ended = false;   // the peer has finished
    bool broken = false;  // a reset came
    Bytes inbox;
    kernel::Cause cause = 0;  // of what came last
    std::unique_ptr<ports::Alarm> reader;
    std::unique_ptr<ports::Alarm> writer;
    std::deque<Segment> sent;
    bool held = false;
    Instant latest{};  // when the last of what was sent arrives: nothing overtakes it
    kernel::Handle wake;
    Instant wake_at = Instant::never();
  };

  Half& peer(Side side) { return halves_[1 - side]; }
  ports::Alarm& alarm(Half& half, std::unique_ptr<ports::Alarm>& which);
  static void ring(Half& half);
  void push(Side side, Segment segment);
  [[nodiscard]] Passage carry(Side side, const Segment& segment);
  void schedule(Side side, Segment& segment, const Passage& passage);
  void pump(Side side);
  void hold(Side side);
  void send_held(Side side);
  void deliver(Side side, Segment segment);
  void plan(Side side);
  [[nodiscard]] std::size_t room(Side side) const;
  [[nodiscard]] Instant room_at(Side side) const;
  // What the reader of this end goes on to do is due to what came in, or to the fault that kept it
  // waiting until its deadline.
  void due_to_arrival(Side side);
  void due_to_silence();
  [[nodiscard]] base::Failure failure(Side side, base::Code code) const;

  std::shared_ptr<Switchboard> board_;
  Line& line_;
  std::uint64_t number_;
  Half halves_[2];
};

}  // namespace tillrig::net
