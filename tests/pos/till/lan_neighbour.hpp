#pragma once

#include "tests/pos/till/till_rig.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace tillrig::till {

// A till with another one of its shop beside it, which is nothing but its end of the LAN.
class LanTest : public TillTest {
 protected:
  ~LanTest() override {
    rig.kernel.close_lane(rig.till_lane);
    till.reset();
    rig.kernel.close_lane(rig.cloud_lane);
    other.reset();
  }

  static Config on_lan() {
    Config with = config();
    with.customers = Customers({{"ana", "Ana", "1", "C-1"}});
    with.lan.shop = "corner-shop";
    with.lan.listen = {"till-1", 7420, false};
    with.lan.peers["till-2"] = {"cloud", 7420, false};
    return with;
  }
  void open(const Config& with) {
    till = std::make_unique<Till>(ports, with, screen);
    kernel::spawn(rig.kernel, rig.till_lane, starting());
    pass(5s);
    ASSERT_TRUE(started) << started.error().what;
  }
  // The other till steps onto the LAN.
  void meet_other() {
    lan::LanConfig config;
    config.shop = "corner-shop";
    config.listen = {"cloud", 7420, false};
    config.peers["till-1"] = {"till-1", 7420, false};
    others.emplace(ports::Ports{kernel::make_executor(rig.kernel, rig.cloud_lane), rig.clock,
                                other_timer, entropy, rig.cloud, other_disk, notes,
                                [this] { return kernel::make_alarm(rig.kernel, rig.cloud_lane); }});
    lan::Lan::Listener listener;
    listener.news = [this](const lan::News& news) { heard.push_back(news); };
    listener.newest = [] { return std::string(); };
    other = std::make_unique<lan::Lan>(
        *others, config, "till-2", base::Mutants(), lan::Board("till-2", {}),
        [](const lan::Board&) { return Result<void>(); }, std::move(listener));
    other->start();
    pass(12s);
  }
  // The till is killed where it stands and started again on the same files.
  void relaunch(const Config& with) {
    rig.kernel.close_lane(rig.till_lane);
    till.reset();
    rig.till_lane = rig.kernel.open_lane("till-1");
    networks.push_back(std::make_unique<net::HostNetwork>(rig.network, "till-1", rig.till_lane));
    timers.push_back(std::make_unique<kernel::LaneTimer>(rig.kernel, rig.till_lane));
    disks.push_back(std::make_unique<disk::VolumeDisk>(volume));
    const kernel::Lane lane = rig.till_lane;
    again.emplace(ports::Ports{kernel::make_executor(rig.kernel, lane), rig.clock, *timers.back(),
                               entropy, *networks.back(), *disks.back(), notes,
                               [this, lane] { return kernel::make_alarm(rig.kernel, lane); }});
    till = std::make_unique<Till>(*again, with, screen);
    kernel::spawn(rig.kernel, lane, starting());
    pass(6s);
    ASSERT_TRUE(started) << started.error().what;
  }
  std::vector<OrderRow> orders() {
    const auto told = handle(AskOrders());
    return told ? told->orders->open : std::vector<OrderRow>();
  }
  static base::Code code(const Result<Answer>& answer) {
    return answer ? base::Code::internal : answer.error().code;
  }

  kernel::LaneTimer other_timer{rig.kernel, rig.cloud_lane};
  disk::Volume other_volume{"till-2"};
  disk::VolumeDisk other_disk{other_volume};
  std::optional<ports::Ports> others;
  std::unique_ptr<lan::Lan> other;
  std::vector<lan::News> heard;
  std::vector<std::unique_ptr<net::HostNetwork>> networks;
  std::vector<std::unique_ptr<kernel::LaneTimer>> timers;
  std::vector<std::unique_ptr<disk::VolumeDisk>> disks;
  std::optional<ports::Ports> again;
};

}  // namespace tillrig::till
