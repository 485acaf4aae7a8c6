#include "sim/world/device_post.hpp"

#include "devices/terminal/device.hpp"
#include "devices/terminal/zvt/driver.hpp"
#include "pos/base/spawn.hpp"
#include "sim/disk/volume_disk.hpp"
#include "tests/pos/sync/scripted_cloud.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace tillrig::world {
namespace {

using base::Awaitable;
using base::Instant;
using terminal::TerminalEvent;
using terminal::Verdict;

struct Bystander final : DeviceWitness {
  void device(const std::string&, std::string_view, devices::Record record) override {
    did.push_back(record.what);
  }
  void sent(const std::string&, std::string_view, base::ByteView) override {}
  void connected(std::string_view, bool is) override { did.emplace_back(is ? "up" : "down"); }
  std::vector<std::string> did;
};

// A terminal at its post and a till's driver on a line of the virtual network, which connects anew
// a second after it was cut off.
struct CardDesk {
  CardDesk()
      : post(role(), ports, {"till-1", 20007, false}, "till-1", seen, {{"lost_ack", "keep"}}) {
    EXPECT_TRUE(post.open());
    auto running = keep_connected(this);
    base::spawn(ports.executor, std::move(running));
  }
  static const devices::Role& role() {
    for (const devices::Role* row : devices::roles()) {
      if (row->name == "terminal") return *row;
    }
    std::abort();
  }

  static Awaitable<void> keep_connected(CardDesk* shop) {
    for (;;) {
      const Instant for_ever = Instant::never();
      const ports::Endpoint to = shop->post.at();
      auto connected = co_await shop->ports.network.connect(to, for_ever);
      if (connected) {
        const std::shared_ptr<base::ByteChannel> channel = std::move(*connected);
        shop->channel = channel;
        shop->driver.line_up(shop->ports.clock.now());
        shop->write->ring();
        auto reading = read(shop, channel);
        base::spawn(shop->ports.executor, std::move(reading));
        co_await write_out(shop, channel);
        channel->close();
        shop->driver.line_down(shop->ports.clock.now());
        shop->take_events();
      }
      const Instant again = shop->ports.clock.now() + std::chrono::seconds(1);
      co_await shop->ports.timer.sleep_until(again);
    }
  }
  static Awaitable<void> write_out(CardDesk* shop, std::shared_ptr<base::ByteChannel> channel) {
    while (shop->channel == channel) {
      const Instant now = shop->ports.clock.now();
      if (now >= shop->driver.poll_at()) shop->driver.poll(now);
      shop->take_events();
      base::Bytes bytes = shop->driver.take_bytes();
      if (shop->channel != channel) co_return;
      if (bytes.empty()) {
        const Instant next = shop->driver.poll_at();
        co_await shop->write->sleep_until(next);
        continue;
      }
      const Instant for_ever = Instant::never();
      auto written = co_await channel->write(std::move(bytes), for_ever);
      if (!written) co_return;
    }
  }
  static Awaitable<void> read(CardDesk* shop, std::shared_ptr<base::ByteChannel> channel) {
    for (;;) {
      const Instant for_ever = Instant::never();
      auto bytes = co_await channel->read(4096, for_ever);
      if (!bytes || bytes->empty()) break;
      shop->driver.feed(*bytes, shop->ports.clock.now());
      shop->write->ring();
    }
    if (shop->channel == channel) shop->channel.reset();
    shop->write->ring();
  }

  void take_events() {
    for (TerminalEvent& event : driver.take_events()) {
      if (std::holds_alternative<terminal::HangUp>(event)) channel.reset();
      if (auto* answered = std::get_if<terminal::Answered>(&event)) {
        answers.push_back(std::move(answered->outcome));
      }
    }
  }
  terminal::Charge charge() const { return {"a", base::Money{1010}, "EUR", driver.bookmark()}; }
  // Puts a question at a time.
  void at(base::Duration when, std::function<void(Instant)> act) {
    rig.at(when, [this, act = std::move(act)] {
      act(ports.clock.now());
      write->ring();
    });
  }

  net::Rig rig;
  kernel::LaneTimer timer{rig.kernel, rig.till_lane};
  kernel::NamedStreams entropy{7, "till-1"};
  disk::Volume volume{"till-1"};
  disk::VolumeDisk disk{volume};
  sync::NoNotes notes;
  ports::Ports ports{kernel::make_executor(rig.kernel, rig.till_lane),
                     rig.clock,
                     timer,
                     entropy,
                     rig.till,
                     disk,
                     notes,
                     [this] { return kernel::make_alarm(rig.kernel, rig.till_lane); }};
  Bystander seen;
  DevicePost post;
  terminal::zvt::Driver driver{{}};
  std::unique_ptr<ports::Alarm> write = ports.make_alarm();
  std::shared_ptr<base::ByteChannel> channel;
  std::vector<terminal::Outcome> answers;
};

using std::chrono::seconds;

TEST(DevicePost, ActsAsTimePasses) {
  CardDesk shop;
  shop.at(seconds(5), [&](Instant now) { EXPECT_TRUE(shop.driver.pay(shop.charge(), now)); });
  shop.rig.run_until(seconds(30));
  ASSERT_EQ(shop.answers.size(), 1U);
  EXPECT_EQ(shop.answers[0].verdict, Verdict::approved);
  EXPECT_EQ(shop.seen.did, (std::vector<std::string>{"up", "card charged"}));
}

TEST(DevicePost, EndsItsLineWhereADeviceDoesAndTakesTheNext) {
  for (const std::string how : {"reset", "close", "silent"}) {
    CardDesk shop;
    const terminal::Charge charge = [&] {
      shop.rig.run_until(seconds(5));
      return shop.charge();
    }();
    shop.at(seconds(6), [&](Instant now) {
      EXPECT_TRUE(shop.post.handle("cut", "outcome " + how));
      EXPECT_TRUE(shop.driver.pay(charge, now));
    });
    shop.at(seconds(300), [&](Instant now) { EXPECT_TRUE(shop.driver.ask(charge, now)); });
    shop.rig.run_until(seconds(330));
    ASSERT_EQ(shop.answers.size(), 2U) << how;
    EXPECT_EQ(shop.answers[0].verdict, Verdict::unknown) << how;
    EXPECT_EQ(shop.answers[1].verdict, Verdict::approved) << how;
  }
}

TEST(DevicePost, ANewConnectionTakesThePlaceOfTheOld) {
  CardDesk shop;
  shop.rig.run_until(seconds(5));
  // The old one is not closed: nobody has told the terminal that it is dead.
  const std::shared_ptr<base::ByteChannel> old = shop.channel;
  shop.at(seconds(6), [&](Instant) { shop.channel.reset(); });
  shop.at(seconds(10), [&](Instant now) { EXPECT_TRUE(shop.driver.pay(shop.charge(), now)); });
  shop.rig.run_until(seconds(30));
  ASSERT_EQ(shop.answers.size(), 1U);
  EXPECT_EQ(shop.answers[0].verdict, Verdict::approved);
}

TEST(DevicePost, PowerCutBreaksItsLine) {
  CardDesk shop;
  shop.at(seconds(5), [&](Instant now) { EXPECT_TRUE(shop.driver.pay(shop.charge(), now)); });
  shop.at(seconds(7), [&](Instant) { shop.post.power_cut(); });
  shop.rig.run_until(seconds(60));
  ASSERT_FALSE(shop.answers.empty());
  EXPECT_EQ(shop.answers[0].verdict, Verdict::unknown);
  EXPECT_EQ(shop.answers[0].reason, terminal::Reason::line_lost);
  EXPECT_TRUE(shop.driver.ready()) << "it has started anew and been registered with";
}

}  // namespace
}  // namespace tillrig::world
