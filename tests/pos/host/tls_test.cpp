// TLS on real sockets: a device's door, and the till's way in.
#include "devices/port/tls_door.hpp"
#include "pos/host/network.hpp"
#include "tests/pos/host/loop.hpp"

namespace tillrig::host {
namespace {

using base::Bytes;
using base::Channel;

constexpr std::int64_t kDay = 24 * 3600;

enum class DoorPeer { echoes, ends, aborts };

struct Shop {
  explicit Shop(std::int64_t from = -kDay, std::int64_t until = kDay,
                std::vector<std::string> hosts = {"localhost", "127.0.0.1"}) {
    const std::int64_t now = loop.clock.wall().ms / 1000;
    authority = *port::mint_authority({"an authority", {}, now - kDay, now + kDay});
    identity = *port::mint(authority, {"a terminal", std::move(hosts), now + from, now + until});
    loop.network.trust(*TlsTrust::of(authority.certificate));
  }
  void open() {
    auto opened = port::TlsDoor::open(loop.io.get_executor(), "127.0.0.1", 0, identity);
    ASSERT_TRUE(opened) << opened.error().what;
    door = std::move(*opened);
  }

  Loop loop;
  port::Identity authority;
  port::Identity identity;
  std::unique_ptr<port::TlsDoor> door;
  std::string connected;
  std::string sentence;
  Bytes bytes;
  std::string ended;
  std::string at_the_door;
};

Awaitable<void> serve_door(Shop& shop, DoorPeer peer) {
  auto accepted = co_await shop.door->accept();
  if (!accepted) co_return;
  Channel channel = std::move(*accepted);
  const Instant never = Instant::never();
  for (;;) {
    auto bytes = co_await channel->read(4096, never);
    shop.at_the_door = told(bytes);
    if (!bytes || bytes->empty() || peer == DoorPeer::ends) co_return;
    if (peer == DoorPeer::aborts) {
      channel->abort();
      co_return;
    }
    Bytes back = *bytes;
    auto sent = co_await channel->write(std::move(back), never);
    if (!sent) co_return;
  }
}

Awaitable<void> talk_tls(Shop& shop, ports::Endpoint to, Bytes bytes, base::Duration patience) {
  const Instant deadline = shop.loop.in(patience);
  auto connected = co_await shop.loop.network.connect(to, deadline);
  shop.connected = told(connected);
  if (!connected) {
    shop.sentence = connected.error().what;
    co_return;
  }
  Channel channel = std::move(*connected);
  const std::size_t all = bytes.size();
  auto written = co_await channel->write(std::move(bytes), deadline);
  EXPECT_TRUE(written);
  while (shop.bytes.size() < all) {
    auto more = co_await channel->read(65536, deadline);
    shop.ended = told(more);
    if (!more || more->empty()) break;
    shop.bytes += *more;
  }
}

void visit(Shop& shop, Bytes bytes, DoorPeer peer = DoorPeer::echoes,
           const std::string& host = "localhost") {
  shop.open();
  shop.loop.spawn(serve_door(shop, peer));
  shop.loop.spawn(talk_tls(shop, {host, shop.door->port(), true}, std::move(bytes), 20s));
  shop.loop.io.run_for(10s);
}

TEST(Tls, CarriesBytesBothWays) {
  Bytes bytes;
  for (int i = 0; i < 100'000; ++i) bytes += static_cast<char>(i * 7);
  Shop shop;
  visit(shop, bytes);
  EXPECT_EQ(shop.connected, "ok") << shop.sentence;
  EXPECT_TRUE(shop.bytes == bytes);
  Shop by_address;
  visit(by_address, "hi", DoorPeer::echoes, "127.0.0.1");
  EXPECT_EQ(by_address.connected, "ok") << by_address.sentence;
}

TEST(Tls, APeerThatEndsIsAnEmptyRead) {
  Shop shop;
  visit(shop, "hello", DoorPeer::ends);
  EXPECT_EQ(shop.ended, "ok");
  EXPECT_TRUE(shop.bytes.empty());
}

TEST(Tls, APeerThatAbortsIsAReset) {
  Shop shop;
  visit(shop, "hello", DoorPeer::aborts);
  EXPECT_EQ(shop.ended, "reset");
}

void refuses(Shop& shop, std::string_view why) {
  visit(shop, "hello");
  EXPECT_EQ(shop.connected, "tls");
  EXPECT_NE(shop.sentence.find(why), std::string::npos) << shop.sentence;
}

TEST(Tls, ACertificateThatHasExpiredIsNotBelieved) {
  Shop shop(-2 * kDay, -kDay);
  refuses(shop, "expired");
}

TEST(Tls, ACertificateThatIsNotValidYetIsNotBelieved) {
  Shop shop(kDay / 2, kDay);
  refuses(shop, "not yet valid");
}

TEST(Tls, ACertificateOfSomebodyElseIsNotBelieved) {
  Shop shop(-kDay, kDay, {"another.example"});
  refuses(shop, "its certificate is not believed");
}

TEST(Tls, AnAuthorityThatIsNotTrustedIsNotBelieved) {
  Shop shop;
  shop.loop.network.trust(*TlsTrust::of(
      port::mint_authority({"another authority", {}, 0, shop.loop.clock.wall().ms})->certificate));
  refuses(shop, "its certificate is not believed");
}

Awaitable<void> answer_plainly(ports::Listener& at) {
  auto accepted = co_await at.accept();
  if (!accepted) co_return;
  Channel channel = std::move(*accepted);
  Bytes text = "HTTP/1.1 400 Bad Request\r\n\r\n";
  const Instant never = Instant::never();
  auto written = co_await channel->write(std::move(text), never);
  EXPECT_TRUE(written);
}

TEST(Tls, WhoeverSpeaksNoTlsIsRefused) {
  Shop shop;
  auto listener = shop.loop.network.listen({"127.0.0.1", 0, false});
  ASSERT_TRUE(listener);
  shop.loop.spawn(answer_plainly(**listener));
  shop.loop.spawn(talk_tls(shop, {"localhost", (*listener)->port(), true}, "x", 5s));
  shop.loop.io.run_for(5s);
  EXPECT_EQ(shop.connected, "tls") << shop.sentence;
}

TEST(Tls, AHandshakeThatStallsEndsAtTheDeadline) {
  Shop shop;
  auto listener = shop.loop.network.listen({"127.0.0.1", 0, false});  // nobody takes it up
  ASSERT_TRUE(listener);
  shop.loop.spawn(talk_tls(shop, {"127.0.0.1", (*listener)->port(), true}, "x", 100ms));
  shop.loop.io.run_for(5s);
  EXPECT_EQ(shop.connected, "timeout") << shop.sentence;
}

TEST(Tls, ATillThatSpeaksNoTlsIsNoticedAtTheDoor) {
  Shop shop;
  shop.open();
  shop.loop.spawn(serve_door(shop, DoorPeer::echoes));
  shop.loop.spawn(
      talk_tls(shop, {"127.0.0.1", shop.door->port(), false}, "GET / HTTP/1.1\r\n\r\n", 5s));
  shop.loop.io.run_for(5s);
  EXPECT_EQ(shop.at_the_door, "tls");
}

TEST(Tls, AnAuthorityThatCannotBeReadIsSaid) {
  const auto trust = TlsTrust::of("no certificate");
  ASSERT_FALSE(trust);
  EXPECT_EQ(trust.error().code, Code::bad_input);
}

TEST(Tls, APortThatIsTakenIsSaid) {
  Shop shop;
  shop.open();
  const auto again = port::TlsDoor::open(shop.loop.io.get_executor(), "127.0.0.1",
                                         shop.door->port(), shop.identity);
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, Code::exists);
}

}  // namespace
}  // namespace tillrig::host
