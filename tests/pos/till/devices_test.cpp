#include "pos/till/devices/printer_line.hpp"
#include "sim/disk/volume_disk.hpp"
#include "tests/pos/sync/scripted_cloud.hpp"

#include <gtest/gtest.h>

#include <set>

namespace tillrig::till {
namespace {

struct NoHost final : DeviceHost, Screen {
  void scanned(std::string_view) override {}
  void unreadable(std::string_view) override {}
  void printed(std::string_view) override {}
  void print_in_doubt(std::string_view) override {}
  Prompts& prompts() override { return standing; }
  void show(const Shown&) override {}
  Prompts standing{*this, "1.15.0", {}};
};

TEST(DeviceRoles, AreRowsWithNamesOfTheirOwn) {
  std::set<std::string_view> names;
  for (const DeviceRole* role : device_roles()) EXPECT_TRUE(names.insert(role->role).second);
  EXPECT_TRUE(names.contains("scanner"));
  EXPECT_TRUE(names.contains("printer"));
}

// A printer may prove a job of the app's last run when the next one is under way: it must not pass
// for the new one's proof.
TEST(PrinterLine, EveryStartOfTheAppNumbersItsJobsFromElsewhere) {
  net::Rig rig;
  kernel::LaneTimer timer(rig.kernel, rig.till_lane);
  kernel::NamedStreams entropy(7, "till-1");
  disk::Volume volume("till-1");
  disk::VolumeDisk disk(volume);
  sync::NoNotes notes;
  const ports::Ports ports{kernel::make_executor(rig.kernel, rig.till_lane),
                           rig.clock,
                           timer,
                           entropy,
                           rig.till,
                           disk,
                           notes,
                           [&] { return kernel::make_alarm(rig.kernel, rig.till_lane); }};
  NoHost host;
  std::set<printer::JobId> ids;
  constexpr int kStarts = 20;
  for (int i = 0; i < kStarts; ++i) {
    PrinterLine line(ports, {"printer", 9100, false}, host);
    const printer::JobId first = line.queue(Receipt());
    ids.insert(first);
    EXPECT_NE(first, line.queue(Receipt())) << first.view();
  }
  EXPECT_EQ(ids.size(), kStarts);
  rig.kernel.close_lane(rig.till_lane);
}

}  // namespace
}  // namespace tillrig::till
