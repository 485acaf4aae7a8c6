// Cables between tills.
#include "sim/net/lan_switch.hpp"

#include "tests/sim/net/rig.hpp"

namespace tillrig::net {
namespace {

class LanSwitchTest : public ::testing::Test {
 protected:
  LanSwitchTest() {
    for (const char* till : {"till-1", "till-2", "till-3"}) ports.push_back(&lan.add(till));
  }
  void start(std::string_view fault, words::FaultId id, const std::vector<LanPort*>& at,
             const words::Args& args = {}) {
    const auto* const row = words::Table<words::Fault>::find(fault);
    ASSERT_NE(row, nullptr);
    for (LanPort* const port : at) row->start(*port, id, args);
  }
  void heal(std::string_view fault, words::FaultId id) {
    for (LanPort* const port : ports) words::Table<words::Fault>::find(fault)->heal(*port, id);
  }
  bool cut(const std::string& a, const std::string& b) { return lan.between(a, b)->holds(); }

  Rig rig;
  LanSwitch lan{rig.clock, 1};
  std::vector<LanPort*> ports;
};

TEST_F(LanSwitchTest, ACableThatIsOutCutsOffItsTillAlone) {
  start("lan.down", 1, {ports[1]});
  EXPECT_TRUE(cut("till-1", "till-2"));
  EXPECT_TRUE(cut("till-3", "till-2"));
  EXPECT_FALSE(cut("till-1", "till-3"));
  heal("lan.down", 1);
  EXPECT_FALSE(cut("till-1", "till-2"));
}

TEST_F(LanSwitchTest, OfAllCablesEachLineIsCutOnce) {
  start("lan.down", 1, ports);
  start("lan.down", 2, {ports[0]});
  heal("lan.down", 1);
  EXPECT_TRUE(cut("till-1", "till-2")) << "the other fault stands";
  EXPECT_FALSE(cut("till-2", "till-3"));
}

TEST_F(LanSwitchTest, ASplitCutsWhatGoesAcross) {
  words::Args args;
  args.set("side", std::string("till-1 till-3"));
  start("lan.split", 1, ports, args);
  EXPECT_FALSE(cut("till-1", "till-3"));
  EXPECT_TRUE(cut("till-1", "till-2"));
  EXPECT_TRUE(cut("till-2", "till-3"));
}

TEST_F(LanSwitchTest, AHitOnALineIsOneOfItsFault) {
  start("lan.down", 1, ports);
  lan.between("till-2", "till-3")->held();
  std::uint64_t hits = 0;
  for (const LanPort* const port : ports) hits += port->hits(1);
  EXPECT_EQ(hits, 1U);
}

TEST_F(LanSwitchTest, WhoIsNoTillHasNoLine) {
  EXPECT_EQ(lan.between("till-1", "cloud"), nullptr);
}

}  // namespace
}  // namespace tillrig::net
