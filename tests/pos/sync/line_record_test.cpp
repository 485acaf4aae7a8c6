#include "pos/sync/line_record.hpp"

#include "tests/pos/sync/fake_notebook.hpp"
#include "tests/pos/sync/hand_clock.hpp"

#include <gtest/gtest.h>

namespace tillrig::sync {
namespace {

using namespace std::chrono_literals;

struct Workshop {
  FakeNotebook notebook;
  HandClock clock;
  LineRecord made() { return {notebook, clock, {}}; }
};

TEST(LineRecord, AdvisesAfterTheThirdPeriodInAWeekAcrossRestarts) {
  Workshop shop;
  shop.made().local_mode_began();
  shop.made().local_mode_began();
  EXPECT_EQ(shop.made().advice(), "");
  shop.made().local_mode_began();
  EXPECT_NE(shop.made().advice(), "");
  shop.clock.wall_time.ms += 7 * 24 * 3'600'000LL;
  EXPECT_EQ(shop.made().advice(), "");
}

TEST(LineRecord, SaysWhatTheLineMeasured) {
  Workshop shop;
  LineRecord record = shop.made();
  for (int i = 0; i < 3; ++i) record.local_mode_began();
  EXPECT_NE(record.advice().find("has not been measured"), std::string::npos);
  record.probed(true, 2s);
  record.probed(true, 4s);
  record.probed(false, 30s);
  EXPECT_NE(record.advice().find("takes 3.000 s, and 1 of the last 3 probes got none"),
            std::string::npos)
      << record.advice();
}

TEST(LineRecord, ForgetsProbesThatAreLongAgo) {
  Workshop shop;
  LineRecord record = shop.made();
  for (int i = 0; i < 3; ++i) record.local_mode_began();
  for (std::size_t i = 0; i < 10 * LineRecord::kProbes; ++i) record.probed(false, 30s);
  for (std::size_t i = 0; i < LineRecord::kProbes; ++i) record.probed(true, 20ms);
  EXPECT_NE(record.advice().find("0 of the last 100 probes"), std::string::npos);
}

TEST(LineRecord, ADamagedNoteIsNone) {
  Workshop shop;
  ASSERT_TRUE(shop.notebook.keep_note("local_mode_periods", "x y z -"));
  EXPECT_EQ(shop.made().advice(), "");
}

}  // namespace
}  // namespace tillrig::sync
