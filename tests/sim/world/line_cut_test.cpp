// The n-th message on the line between a till and a device.
#include "sim/world/line_cut.hpp"

#include <gtest/gtest.h>

namespace tillrig::world {
namespace {

using namespace std::chrono_literals;  // NOLINT(google-build-using-namespace)

TEST(LineCut, MeetsTheNthMessageOnce) {
  LineCut cut;
  cut.arm(7, 3, CutMessage::lost, 10s);
  EXPECT_EQ(cut.met(), CutMessage::none);
  EXPECT_EQ(cut.met(), CutMessage::none);
  EXPECT_EQ(cut.met(), CutMessage::lost);
  EXPECT_EQ(cut.done(), 7U);
  cut.count_from_here();
  for (int i = 0; i < 5; ++i) EXPECT_EQ(cut.met(), CutMessage::none);
  EXPECT_EQ(cut.messages(), 5U);
}

TEST(LineCut, CountsFromTheMomentThatACardIsTaken) {
  LineCut cut;
  cut.arm(7, 2, CutMessage::late, 10s);
  EXPECT_EQ(cut.met(), CutMessage::none);
  cut.count_from_here();
  EXPECT_EQ(cut.met(), CutMessage::none);
  EXPECT_EQ(cut.met(), CutMessage::late);
  EXPECT_EQ(cut.by(), 10s);
}

TEST(LineCut, IsEndedByItsOwnFaultAlone) {
  LineCut cut;
  cut.arm(7, 1, CutMessage::reset, 10s);
  cut.disarm(6);
  EXPECT_EQ(cut.met(), CutMessage::reset);
  cut.arm(8, 1, CutMessage::reset, 10s);
  cut.disarm(8);
  EXPECT_EQ(cut.met(), CutMessage::none);
}

}  // namespace
}  // namespace tillrig::world
