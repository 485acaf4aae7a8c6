#include "pos/host/network.hpp"

#include "tests/pos/host/loop.hpp"

#include <boost/asio/post.hpp>
#include <dirent.h>

#include <algorithm>

namespace tillrig::host {
namespace {

using base::Bytes;
using base::Channel;

std::unique_ptr<ports::Listener> listen(Loop& loop) {
  auto listener = loop.network.listen({"127.0.0.1", 0, false});
  EXPECT_TRUE(listener) << listener.error().what;
  return listener ? std::move(*listener) : nullptr;
}

enum class Peer { echoes, ends, aborts, is_silent };

// Takes one connection and behaves as told, until the other side ends.
Awaitable<void> serve(Loop& loop, ports::Listener& listener, Peer peer) {
  auto accepted = co_await listener.accept();
  if (!accepted) co_return;
  Channel channel = std::move(*accepted);
  const Instant limit = loop.in(20s);
  if (peer == Peer::is_silent) {
    co_await loop.timer.sleep_until(loop.in(300ms));
    co_return;
  }
  for (;;) {
    auto bytes = co_await channel->read(4096, limit);
    if (!bytes || bytes->empty()) co_return;
    if (peer == Peer::ends) co_return;
    if (peer == Peer::aborts) {
      channel->abort();
      co_return;
    }
    Bytes back = *bytes;
    auto sent = co_await channel->write(std::move(back), limit);
    if (!sent) co_return;
  }
}

struct Heard {
  std::string connected;
  std::string written;
  Bytes bytes;
  std::string ended;
  base::Duration took{};
};

// Connects, writes, and reads until as much has come back.
Awaitable<void> talk(Loop& loop, ports::Endpoint to, Bytes bytes, base::Duration patience,
                     Heard& heard) {
  const Instant start = loop.clock.now();
  const Instant deadline = start + patience;
  auto connected = co_await loop.network.connect(to, deadline);
  heard.connected = told(connected);
  heard.took = loop.clock.now() - start;
  if (!connected) co_return;
  Channel channel = std::move(*connected);
  const std::size_t all = bytes.size();
  auto written = co_await channel->write(std::move(bytes), deadline);
  heard.written = told(written);
  while (heard.bytes.size() < all) {
    auto more = co_await channel->read(65536, deadline);
    heard.ended = told(more);
    if (!more || more->empty()) break;
    heard.bytes += *more;
  }
  heard.took = loop.clock.now() - start;
}

Heard talk_to(Peer peer, Bytes bytes, base::Duration patience = 20s) {
  Loop loop;
  const auto listener = listen(loop);
  loop.spawn(serve(loop, *listener, peer));
  Heard heard;
  loop.spawn(talk(loop, {"127.0.0.1", listener->port(), false}, std::move(bytes), patience, heard));
  EXPECT_LT(loop.run(), 10s) << "no timer of a deadline is left behind";
  return heard;
}

TEST(TcpNetwork, CarriesBytesBothWays) {
  Bytes bytes;
  for (int i = 0; i < 100'000; ++i) bytes += static_cast<char>(i * 7);
  const Heard heard = talk_to(Peer::echoes, bytes);
  EXPECT_EQ(heard.connected, "ok");
  EXPECT_EQ(heard.written, "ok");
  EXPECT_TRUE(heard.bytes == bytes);
}

TEST(TcpNetwork, ASilentPeerIsATimeoutAtTheDeadline) {
  const Heard heard = talk_to(Peer::is_silent, "hello", 50ms);
  EXPECT_EQ(heard.ended, "timeout");
  EXPECT_GE(heard.took, 50ms);
  EXPECT_LT(heard.took, 250ms);
}

TEST(TcpNetwork, APeerThatEndsIsAnEmptyRead) {
  const Heard heard = talk_to(Peer::ends, "hello");
  EXPECT_EQ(heard.ended, "ok");
  EXPECT_TRUE(heard.bytes.empty());
}

TEST(TcpNetwork, APeerThatAbortsIsAReset) {
  EXPECT_EQ(talk_to(Peer::aborts, "hello").ended, "reset");
}

TEST(TcpNetwork, NobodyListeningIsRefused) {
  Loop loop;
  const std::uint16_t port = listen(loop)->port();  // let go of again
  Heard heard;
  loop.spawn(talk(loop, {"127.0.0.1", port, false}, "x", 5s, heard));
  loop.run();
  EXPECT_EQ(heard.connected, "refused");
}

TEST(TcpNetwork, ANameThatDoesNotResolveIsDns) {
  Loop loop;
  Heard heard;
  const std::string label(70, 'a');  // over 63: no resolver may look it up
  loop.spawn(talk(loop, {label + ".invalid", 80, false}, "x", 20s, heard));
  loop.run();
  EXPECT_EQ(heard.connected, "dns");
}

TEST(TcpNetwork, LocalhostIsThisMachineAndTriedAtBothItsAddresses) {
  Loop loop;
  const auto listener = listen(loop);  // on IPv4 alone; no file and no server is asked
  loop.spawn(serve(loop, *listener, Peer::echoes));
  Heard heard;
  loop.spawn(talk(loop, {"localhost", listener->port(), false}, "hi", 5s, heard));
  loop.io.run_for(5s);
  EXPECT_EQ(heard.connected, "ok");
  EXPECT_EQ(heard.bytes, "hi");
}

TEST(TcpNetwork, AConnectToNowhereEndsAtTheDeadline) {
  Loop loop;
  Heard heard;
  // 192.0.2.0/24 is for documentation: nobody answers, or the machine has no route.
  loop.spawn(talk(loop, {"192.0.2.1", 9, false}, "x", 100ms, heard));
  EXPECT_LT(loop.run(), 5s);
  EXPECT_NE(heard.connected, "ok");
  if (heard.connected == "timeout") {
    EXPECT_GE(heard.took, 100ms);
  }
}

TEST(TcpNetwork, APortThatIsTakenIsSaid) {
  Loop loop;
  const auto listener = listen(loop);
  const auto second = loop.network.listen({"127.0.0.1", listener->port(), false});
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, Code::exists);
  EXPECT_NE(second.error().what.find(std::to_string(listener->port())), std::string::npos);
  EXPECT_EQ(told(loop.network.listen({"not-an-address", 0, false})), "bad_input");
}

Awaitable<void> accept_once(ports::Listener& listener, std::string& ended) {
  ended = told(co_await listener.accept());
}

TEST(TcpNetwork, ClosingAListenerEndsItsAccept) {
  Loop loop;
  const auto listener = listen(loop);
  std::string ended;
  loop.spawn(accept_once(*listener, ended));
  loop.io.poll();
  listener->close();
  loop.run();
  EXPECT_EQ(ended, "closed");
}

Awaitable<void> close_while_reading(Loop& loop, ports::Endpoint to, std::string& ended) {
  const Instant deadline = loop.in(10s);
  auto connected = co_await loop.network.connect(to, deadline);
  std::shared_ptr<base::ByteChannel> channel = std::move(*connected);
  boost::asio::post(loop.io, [channel] { channel->close(); });
  auto got = co_await channel->read(10, deadline);
  ended = told(got);
  auto again = co_await channel->read(10, deadline);
  ended += ' ' + told(again);
}

TEST(TcpNetwork, ClosingAChannelEndsItsRead) {
  Loop loop;
  const auto listener = listen(loop);
  loop.spawn(serve(loop, *listener, Peer::echoes));
  std::string ended;
  loop.spawn(close_while_reading(loop, {"127.0.0.1", listener->port(), false}, ended));
  loop.run();
  EXPECT_EQ(ended, "closed closed");
}

// A read that waits for its deadline must leave a write on the same connection alone.
Awaitable<void> read_until(ports::Clock& clock, std::shared_ptr<base::ByteChannel> channel,
                           base::Duration patience, std::string& ended) {
  const Instant deadline = clock.now() + patience;
  ended = told(co_await channel->read(10, deadline));
}
Awaitable<void> write_much(Loop& loop, ports::Endpoint to, std::string& read, std::string& wrote) {
  const Instant deadline = loop.in(20s);
  auto connected = co_await loop.network.connect(to, deadline);
  std::shared_ptr<base::ByteChannel> channel = std::move(*connected);
  loop.spawn(read_until(loop.clock, channel, 50ms, read));
  Bytes much(16'000'000, 'x');
  wrote = told(co_await channel->write(std::move(much), deadline));
}
Awaitable<void> swallow_late(Loop& loop, ports::Listener& listener, std::size_t& got) {
  auto channel = co_await listener.accept();
  co_await loop.timer.sleep_until(loop.in(200ms));
  const Instant deadline = loop.in(20s);
  for (;;) {
    auto bytes = co_await (*channel)->read(1'000'000, deadline);
    if (!bytes || bytes->empty()) co_return;
    got += bytes->size();
  }
}

TEST(TcpNetwork, AReadThatTimesOutLeavesTheWriteAlone) {
  Loop loop;
  const auto listener = listen(loop);
  std::string read;
  std::string wrote;
  std::size_t got = 0;
  loop.spawn(swallow_late(loop, *listener, got));
  loop.spawn(write_much(loop, {"127.0.0.1", listener->port(), false}, read, wrote));
  loop.run();
  EXPECT_EQ(read, "timeout");
  EXPECT_EQ(wrote, "ok");
  EXPECT_EQ(got, 16'000'000U);
}

std::size_t open_files() {
  std::size_t count = 0;
  if (DIR* dir = ::opendir("/proc/self/fd")) {
    while (::readdir(dir) != nullptr) ++count;
    ::closedir(dir);
  }
  return count;
}

TEST(TcpNetwork, ConnectionsLeaveNoDescriptorsBehind) {
  talk_to(Peer::echoes, "x");
  const std::size_t before = open_files();
  for (int i = 0; i < 50; ++i) talk_to(i % 2 == 0 ? Peer::aborts : Peer::ends, "x");
  EXPECT_EQ(open_files(), before);
}

}  // namespace
}  // namespace tillrig::host
