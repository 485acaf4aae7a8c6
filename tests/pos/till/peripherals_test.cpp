#include "pos/till/peripherals.hpp"

#include "sim/disk/volume_disk.hpp"
#include "tests/pos/sync/scripted_cloud.hpp"

#include <gtest/gtest.h>

#include <set>

namespace tillrig::till {
namespace {

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
  std::set<printer::JobId> ids;
  constexpr int kStarts = 20;
  for (int i = 0; i < kStarts; ++i) {
    PrinterLine line(ports, {"printer", 9100, false}, {});
    const printer::JobId first = line.print("receipt");
    ids.insert(first);
    EXPECT_NE(first, line.print("receipt")) << first.view();
  }
  EXPECT_EQ(ids.size(), kStarts);
  rig.kernel.close_lane(rig.till_lane);
}

}  // namespace
}  // namespace tillrig::till
