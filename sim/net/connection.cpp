#include "sim/net/connection.hpp"

#include "pos/base/assert.hpp"
#include "sim/net/switchboard.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace tillrig::net {

namespace {

// Only tills connect, so what the connecting side sends goes up.
Way way_of(Connection::Side side) {
  return side == Connection::connector ? Way::up : Way::down;
}

class VirtualChannel final : public base::ByteChannel {
 public:
  VirtualChannel(std::shared_ptr<Connection> connection, Connection::Side side)
      : connection_(std::move(connection)), side_(side) {}
  ~VirtualChannel() override { connection_->close(side_); }

  base::Awaitable<Result<Bytes>> read(std::size_t most, Instant deadline) override {
    return Connection::read(connection_, side_, most, deadline);
  }
  base::Awaitable<Result<void>> write(Bytes bytes, Instant deadline) override {
    return Connection::write(connection_, side_, std::move(bytes), deadline);
  }
  void close() override { connection_->close(side_); }
  void abort() override { connection_->abort(side_); }

 private:
  std::shared_ptr<Connection> connection_;
  Connection::Side side_;
};

}  // namespace

Connection::Connection(std::shared_ptr<Switchboard> board, Line& line,
                       std::shared_ptr<Host> connecting, std::shared_ptr<Host> accepting)
    : board_(std::move(board)), line_(line), number_(++board_->connections) {
  halves_[connector].host = std::move(connecting);
  halves_[acceptor].host = std::move(accepting);
}

Connection::~Connection() {
  line_.live.erase(number_);
  for (Half& half : halves_) half.host->open.erase(number_);
}

void Connection::enter() {
  const bool fresh = line_.live.emplace(number_, weak_from_this()).second;
  TILLRIG_ASSERT(fresh, "no two connections of a network have the same number");
  for (Half& half : halves_) half.host->open.emplace(number_, weak_from_this());
}

base::Channel Connection::channel(std::shared_ptr<Connection> connection, Side side) {
  return std::make_unique<VirtualChannel>(std::move(connection), side);
}

ports::Alarm& Connection::alarm(Half& half, std::unique_ptr<ports::Alarm>& which) {
  if (!which) which = kernel::make_alarm(board_->kernel, half.host->lane);
  return *which;
}

void Connection::ring(Half& half) {
  if (half.reader) half.reader->ring();
  if (half.writer) half.writer->ring();
}

base::Failure Connection::failure(Side side, base::Code code) const {
  const std::string& from = halves_[connector].host->name;
  const std::string& to = halves_[acceptor].host->name;
  switch (code) {
    case base::Code::timeout:
      return base::fail(code, "the connection from {} to {} did nothing until the deadline", from,
                        to);
    case base::Code::reset:
      return base::fail(code, "the connection from {} to {} was reset", from, to);
    default:
      return base::fail(code, "the connection from {} to {} was closed by {} itself", from, to,
                        halves_[side].host->name);
  }
}

base::Awaitable<Result<Bytes>> Connection::read(std::shared_ptr<Connection> c, Side side,
                                                std::size_t most, Instant deadline) {
  Half& mine = c->halves_[side];
  for (;;) {
    if (mine.host->cut) co_await mine.host->timer.sleep_until(Instant::never());
    if (mine.closed) co_return c->failure(side, base::Code::closed);
    if (!mine.inbox.empty()) {
      c->due_to_arrival(side);
      Bytes some;
      if (mine.inbox.size() <= most) {
        some.swap(mine.inbox);
      } else {
        some = mine.inbox.substr(0, most);
        mine.inbox.erase(0, most);
      }
      if (c->peer(side).writer) c->peer(side).writer->ring();
      co_return some;
    }
    if (mine.broken || mine.ended) c->due_to_arrival(side);
    if (mine.broken) co_return c->failure(side, base::Code::reset);
    if (mine.ended) co_return Bytes();
    if (c->board_->kernel.now() >= deadline) {
      c->due_to_silence();
      co_return c->failure(side, base::Code::timeout);
    }
    ports::Alarm& alarm = c->alarm(mine, mine.reader);
    co_await alarm.sleep_until(deadline);
  }
}

base::Awaitable<Result<void>> Connection::write(std::shared_ptr<Connection> c, Side side,
                                                Bytes bytes, Instant deadline) {
  Half& mine = c->halves_[side];
  mine.host->boundary("send", bytes.size());
  std::size_t done = 0;
  for (;;) {
    if (mine.host->cut) co_await mine.host->timer.sleep_until(Instant::never());
    if (mine.closed) co_return c->failure(side, base::Code::closed);
    if (mine.broken || mine.ended) {
      c->due_to_arrival(side);
      co_return c->failure(side, base::Code::reset);
    }
    while (done < bytes.size()) {
      std::size_t take = std::min(bytes.size() - done, c->room(side));
      if (take == 0) break;
      const bool limited =
          c->line_.link != nullptr && c->line_.link->bytes_per_second(way_of(side)) != 0;
      if (limited) take = std::min(take, VirtualNetwork::kSegment);
      Segment segment;
      if (take == bytes.size()) {  // all of it in one
        segment.bytes = std::move(bytes);
        c->push(side, std::move(segment));
        co_return Result<void>();
      }
      segment.bytes = bytes.substr(done, take);
      done += take;
      c->push(side, std::move(segment));
    }
    if (done == bytes.size()) co_return Result<void>();
    if (c->board_->kernel.now() >= deadline) {
      c->due_to_silence();
      co_return c->failure(side, base::Code::timeout);
    }
    const Instant until = std::min(deadline, c->room_at(side));
    ports::Alarm& alarm = c->alarm(mine, mine.writer);
    co_await alarm.sleep_until(until);
  }
}

std::size_t Connection::room(Side side) const {
  const Half& half = halves_[side];
  std::size_t waiting = 0;
  std::size_t unread = halves_[1 - side].inbox.size();
  for (const Segment& segment : half.sent) {
    unread += segment.bytes.size();
    if (segment.departs > board_->kernel.now()) waiting += segment.bytes.size();
  }
  TILLRIG_ASSERT(waiting <= VirtualNetwork::kSendBuffer && unread <= VirtualNetwork::kWindow,
                 "no more is on its way than buffer and window hold");
  if (waiting >= VirtualNetwork::kSendBuffer || unread >= VirtualNetwork::kWindow) return 0;
  return std::min(VirtualNetwork::kSendBuffer - waiting, VirtualNetwork::kWindow - unread);
}

// Of the two that had to be there, the bytes and the reader, the later one counts.
void Connection::due_to_arrival(Side side) {
  if (halves_[side].cause > board_->kernel.cause()) board_->kernel.set_cause(halves_[side].cause);
}

void Connection::due_to_silence() {
  if (line_.link == nullptr) return;
  const auto struck = static_cast<kernel::Cause>(line_.link->struck());
  if (struck > board_->kernel.cause()) board_->kernel.set_cause(struck);
}

// When the next segment leaves the send buffer by itself.
Instant Connection::room_at(Side side) const {
  for (const Segment& segment : halves_[side].sent) {
    if (segment.departs > board_->kernel.now()) return segment.departs;
  }
  return Instant::never();
}

void Connection::close(Side side) {
  Half& half = halves_[side];
  if (half.closed) return;
  if (half.held && !half.sent.empty()) {  // what was held goes no further
    abort(side);
    return;
  }
  half.closed = true;
  ring(half);
  if (half.host->cut || half.host->dead || half.broken) return;
  Segment last;
  last.kind = Segment::Kind::end;
  push(side, std::move(last));
}

void Connection::abort(Side side) {
  Half& half = halves_[side];
  if (half.closed) return;
  half.closed = true;
  ring(half);
  if (half.host->cut || half.host->dead || half.broken) return;
  if (half.held) half.sent.clear();
  Segment last;
  last.kind = Segment::Kind::reset;
  push(side, std::move(last));
}

void Connection::die(Side side) {
  Half& half = halves_[side];
  half.closed = true;
  if (half.told || half.broken) return;
  if (half.held) half.sent.clear();
  Segment last;
  last.kind = Segment::Kind::reset;
  push(side, std::move(last));
}

void Connection::reset() {
  for (const Side side : {connector, acceptor}) {
    halves_[side].sent.clear();
    halves_[side].held = false;
    halves_[side].broken = true;
    halves_[side].cause = board_->kernel.cause();
    plan(side);
    ring(halves_[side]);
  }
}

void Connection::push(Side side, Segment segment) {
  if (board_->gone) return;
  Half& half = halves_[side];
  TILLRIG_ASSERT(segment.kind != Segment::Kind::data || !half.told,
                 "nothing is sent after the end of a stream");
  const Passage passage = carry(side, segment);
  if (half.broken) return;  // a fault that began because of what another one did to it
  if (segment.kind != Segment::Kind::data) half.told = true;
  schedule(side, segment, passage);
  TILLRIG_ASSERT(half.sent.empty() || half.sent.back().arrives <= segment.arrives,
                 "what is sent later does not arrive earlier");
  segment.cause = board_->kernel.cause();  // a fault that holds it has said so by now
  half.sent.push_back(std::move(segment));
  pump(side);
}

// How a segment fares that is next to leave. Of a held line it will be known when it carries again.
Passage Connection::carry(Side side, const Segment& segment) {
  Link* const link = line_.link;
  if (link == nullptr) return {};
  const bool data = segment.kind == Segment::Kind::data;
  if (data && !link->holds()) return link->carry(way_of(side), segment.bytes.size());
  return {link->latency(), link->bytes_per_second(way_of(side)), 0};
}

// When a segment that is next to leave will have left and will be there.
void Connection::schedule(Side side, Segment& segment, const Passage& passage) {
  const Instant now = board_->kernel.now();
  segment.departs = now;
  segment.arrives = now;
  if (line_.link == nullptr) return;
  Half& half = halves_[side];
  if (half.held || line_.link->holds()) {
    segment.departs = Instant::never();
    segment.arrives = Instant::never();
    half.held = true;
    if (segment.kind == Segment::Kind::data) line_.link->held();
    return;
  }
  Instant& busy = line_.busy[side];
  segment.departs = std::max(now, busy) + passage.sending_time(segment.bytes.size());
  busy = segment.departs;
  segment.arrives = std::max(segment.departs + passage.delay(), half.latest);
  half.latest = segment.arrives;
}

// Whatever had not arrived is to be sent anew once the line carries again.
void Connection::hold(Side side) {
  Half& half = halves_[side];
  half.held = true;
  half.latest = Instant{};
  line_.busy[side] = board_->kernel.now();
  bool data = false;
  for (Segment& segment : half.sent) {
    segment.departs = Instant::never();
    segment.arrives = Instant::never();
    data = data || segment.kind == Segment::Kind::data;
  }
  if (!data) return;
  line_.link->held();  // has said so on the timeline: what arrives late is due to it
  for (Segment& segment : half.sent) segment.cause = board_->kernel.cause();
}

// What a fault does to it may begin another one, which may hold or drop what is left.
void Connection::send_held(Side side) {
  Half& half = halves_[side];
  half.held = false;
  std::deque<Segment> held = std::exchange(half.sent, {});
  for (; !held.empty() && !half.held && !half.broken; held.pop_front()) {
    const Passage passage = carry(side, held.front());
    if (half.broken) return;
    schedule(side, held.front(), passage);
    half.sent.push_back(std::move(held.front()));
  }
  if (half.broken) return;
  std::move(held.begin(), held.end(), std::back_inserter(half.sent));
}

void Connection::pump() {
  pump(connector);
  pump(acceptor);
}

void Connection::pump(Side side) {
  if (board_->gone) return;
  Half& half = halves_[side];
  if (line_.link != nullptr && !half.sent.empty()) {
    const bool holds = line_.link->holds();
    if (holds && !half.held) {
      hold(side);
    } else if (!holds && half.held) {
      send_held(side);
      if (half.writer) half.writer->ring();
    }
  }
  while (!half.sent.empty() && half.sent.front().arrives <= board_->kernel.now()) {
    Segment segment = std::move(half.sent.front());
    half.sent.pop_front();
    deliver(side, std::move(segment));
  }
  if (half.sent.empty()) half.held = false;
  TILLRIG_ASSERT(!half.held || half.sent.front().arrives == Instant::never(),
                 "what is held has no time of arrival");
  plan(side);
}

void Connection::deliver(Side side, Segment segment) {
  Half& to = peer(side);
  const kernel::Because sent(board_->kernel, segment.cause);
  to.cause = segment.cause;
  switch (segment.kind) {
    case Segment::Kind::data:
      TILLRIG_ASSERT(!to.ended, "nothing arrives after the end of a stream");
      if (to.closed) return;
      if (to.inbox.empty()) {
        to.inbox = std::move(segment.bytes);
      } else {
        to.inbox += segment.bytes;
      }
      if (to.reader) to.reader->ring();
      return;
    case Segment::Kind::end:
      to.ended = true;
      break;
    case Segment::Kind::reset:
      to.broken = true;
      to.sent.clear();
      plan(side == connector ? acceptor : connector);
      break;
  }
  ring(to);
}

// One event of the network's lane for the next thing that happens to this direction.
void Connection::plan(Side side) {
  Half& half = halves_[side];
  Instant next = Instant::never();
  if (!half.sent.empty() && line_.link != nullptr) {
    next = std::min(half.sent.front().arrives, line_.link->next_change());
  }
  TILLRIG_ASSERT(next > board_->kernel.now(),
                 "what is due has been done before the next is planned");
  if (next == half.wake_at) return;
  half.wake_at = next;
  kernel::Kernel& kernel = board_->kernel;
  if (next == Instant::never()) {
    kernel.cancel(std::exchange(half.wake, kernel::Handle{}));
    return;
  }
  const kernel::Handle moved = kernel.move(half.wake, next);
  if (moved.id != 0) {
    half.wake = moved;
    return;
  }
  half.wake = kernel.call_at(next, board_->lane, [self = shared_from_this(), side] {
    self->halves_[side].wake_at = Instant::never();
    self->pump(side);
  });
}

}  // namespace tillrig::net
