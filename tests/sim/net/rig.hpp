#pragma once

#include "sim/kernel/kernel.hpp"
#include "sim/kernel/ports.hpp"
#include "sim/kernel/spawn.hpp"
#include "sim/net/virtual_network.hpp"
#include "sim/words/fault.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

namespace tillrig::net {

using namespace std::chrono_literals;
using base::Awaitable;
using base::ByteChannel;
using base::Bytes;
using base::Channel;
using base::Code;
using base::Result;
using kernel::Kernel;
using kernel::Lane;
using ports::Endpoint;

// A till and a cloud, and the line between them.
struct Rig {
  explicit Rig(Conditions conditions = {20ms, 0})
      : clock(kernel, base::WallTime{}), link("till-1", clock, conditions) {}

  words::FaultId start(std::string_view name, const words::Args& args = {}) {
    const auto* row = words::Table<words::Fault>::find(name);
    EXPECT_NE(row, nullptr) << name;
    if (row == nullptr) return 0;
    row->start(link, ++faults, args);
    return faults;
  }
  void heal(std::string_view name, words::FaultId id) {
    words::Table<words::Fault>::find(name)->heal(link, id);
  }
  void at(base::Duration when, kernel::Task task) {
    kernel.call_at(Instant{} + when, player, std::move(task));
  }
  void run() {
    const auto ran = kernel.run();
    EXPECT_TRUE(ran) << ran.error().what;
  }
  void run_until(base::Duration when) {
    const auto ran = kernel.run(Instant{} + when);
    EXPECT_TRUE(ran) << ran.error().what;
  }

  bool network_does_faults = true;  // false: the line is perfect for the network
  Kernel kernel;
  kernel::LaneClock clock;
  Link link;
  VirtualNetwork network{kernel, [this](const std::string& from, const std::string& to) {
                           const bool ours = from == "till-1" || to == "till-1";
                           return ours && network_does_faults ? &link : nullptr;
                         }};
  Lane player = kernel.open_lane("player");
  Lane till_lane = kernel.open_lane("till-1");
  Lane cloud_lane = kernel.open_lane("cloud");
  HostNetwork till{network, "till-1", till_lane};
  HostNetwork cloud{network, "cloud", cloud_lane};
  words::FaultId faults = 0;
};

// Something that happened, and when.
struct Seen {
  base::Duration at{};
  std::string what;
  bool operator==(const Seen&) const = default;
};
inline void PrintTo(const Seen& seen, std::ostream* out) {
  *out << seen.what << " at " << seen.at.count() << " ns";
}
using Log = std::vector<Seen>;

inline void note(const Kernel& kernel, Log& log, std::string what) {
  log.push_back(Seen{kernel.now() - Instant{}, std::move(what)});
}

template <class T>
std::string told(const Result<T>& result) {
  return result ? "ok" : std::string(base::name(result.error().code));
}

}  // namespace tillrig::net
